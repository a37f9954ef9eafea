extension CityscapesScores {
  /// The object that cityscapesScripts writes to `resultPixelLevelSemanticLabeling.json`; `null` in place of its `NaN`.
  public var json: JSON {
    let labels = Cityscapes.labels
    let (side, all) = (labels.count, Double(confusion.reduce(0, +)))
    let rows = labels.indices.map { Array(confusion[($0 * side)..<(($0 + 1) * side)]) }
    let means = means
    func object(_ names: [String], _ values: [Double]) -> JSON {
      .object(zip(names, values).map { JSON.Member($0, Self.number($1)) })
    }
    let names = labels.map(\.name)
    return .object([
      JSON.Member("confMatrix", .array(rows.map { .array($0.map { .number("\($0)") }) })),
      JSON.Member("priors", object(names, rows.map { Double($0.reduce(0, +)) / all })),
      JSON.Member("labels", .object(labels.map { JSON.Member($0.name, .number("\($0.id)")) })),
      JSON.Member("classScores", object(names, iou)),
      JSON.Member("classInstScores", object(names, instanceIoU)),
      JSON.Member("categoryScores", object(Cityscapes.categories, categoryIoU)),
      JSON.Member("categoryInstScores", object(Cityscapes.categories, categoryInstanceIoU)),
      JSON.Member("averageScoreClasses", Self.number(means.iou)),
      JSON.Member("averageScoreInstClasses", Self.number(means.instanceIoU)),
      JSON.Member("averageScoreCategories", Self.number(means.categoryIoU)),
      JSON.Member("averageScoreInstCategories", Self.number(means.categoryInstanceIoU)),
    ])
  }

  private static func number(_ value: Double) -> JSON {
    value.isFinite ? .number("\(value)") : .null
  }
}
