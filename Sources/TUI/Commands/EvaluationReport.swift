import Core

/// What `hfgd eval` found, for people and as JSON.
struct EvaluationReport {
  let model: String
  let configuration: ModelConfiguration
  let outputStride: Int
  let data, split: String
  let images: Int
  let failed: [(name: String, error: String)]
  let matrix: ConfusionMatrix

  /// A line of means and a table of the classes; percent.
  var text: String {
    var table = TextTable(["class", "IoU", "accuracy", "share of pixels"])
    let pixels = Double((0..<matrix.classes).reduce(UInt64(0)) { $0 + matrix.truth($1) })
    for (k, name) in configuration.classes.enumerated() {
      table.add([
        name, percent(matrix.iou(k)), percent(matrix.accuracy(k)),
        percent(Double(matrix.truth(k)) / pixels),
      ])
    }
    return """
      \(configuration.name) OS \(outputStride) on \(data.printable) \(split.printable), \(images.counted("image"))
      mIoU \(percent(matrix.meanIoU))  mAcc \(percent(matrix.meanAccuracy))  aAcc \(percent(matrix.pixelAccuracy))

      \(table.text)
      """
  }

  /// The same and the counts, as `hfgd.eval/1`; NaN is null.
  var json: JSON {
    let classes = configuration.classes.enumerated().map { k, name in
      JSON.object([
        JSON.Member("name", .string(name)), JSON.Member("IoU", value(matrix.iou(k))),
        JSON.Member("accuracy", value(matrix.accuracy(k))),
        JSON.Member("intersection", .number("\(matrix.intersection(k))")),
        JSON.Member("truth", .number("\(matrix.truth(k))")),
        JSON.Member("predicted", .number("\(matrix.predicted(k))")),
      ])
    }
    return .report(
      "eval",
      [
        JSON.Member("model", .string(model)), JSON.Member("name", .string(configuration.name)),
        JSON.Member("output_stride", .number("\(outputStride)")),
        JSON.Member("data", .string(data)),
        JSON.Member("split", .string(split)), JSON.Member("images", .number("\(images)")),
        JSON.Member("mIoU", value(matrix.meanIoU)), JSON.Member("mAcc", value(matrix.meanAccuracy)),
        JSON.Member("aAcc", value(matrix.pixelAccuracy)),
        JSON.Member("stray_label_pixels", .number("\(matrix.strayTruth)")),
        JSON.Member("classes", .array(classes)),
        JSON.Member(
          "failed",
          .array(
            failed.map {
              .object([
                JSON.Member("name", .string($0.name)), JSON.Member("error", .string($0.error)),
              ])
            })),
      ])
  }

  private func percent(_ share: Double) -> String { (100 * share).formatted(decimals: 2) }

  private func value(_ share: Double) -> JSON { .number(100 * share, decimals: 4) }
}
