/// How the classes of a data set stand to those of a model.
struct ClassMatch {
  let model, data: ClassTable
  /// How the data set's labels are stored.
  let encoding: LabelEncoding

  /// What is wrong; `nil` where the names agree in their order, or are at least mostly the same.
  var finding: Finding? {
    let (ours, theirs) = (model.names.map(Self.plain), data.names.map(Self.plain))
    let agreeing = zip(ours, theirs).count { $0 == $1 }
    // Names have spellings; more than half in the same place are no accident.
    if ours.count == theirs.count && 2 * agreeing > ours.count { return nil }
    let place = Dictionary(zip(ours, UInt16(0)...)) { first, _ in first }
    let targets = theirs.map { place[$0] }
    let known = targets.count { $0 != nil }
    let counts = "the model has \(ours.count) classes, the data set \(theirs.count)"
    guard known > 0 else {
      return Finding(
        problem: .classes, sentence: "\(counts), and none has the same name",
        remedy: "take a model that was trained on these classes")
    }
    // What the data set ignores must not be the number of one of the model's classes.
    let isTaken = encoding.ignoreIndex < ours.count
    let flags = "--label-map \(map(targets))" + (isTaken ? " --ignore-index 255" : "")
    let sentence =
      ours.count == theirs.count && known == ours.count
      ? "the model has the data set's \(ours.count) classes in another order"
      : "\(counts), of which the model knows \(known)"
    return Finding(
      problem: .classes, sentence: sentence,
      remedy: "give labels the model's numbers with \(flags)",
      flags: flags)
  }

  /// The label map that gives each class its number in the model, or ignores it, applied after the set's own.
  private func map(_ targets: [UInt16?]) -> LabelMapping {
    var renumbered = LabelMapping(
      Dictionary(uniqueKeysWithValues: zip(UInt16(0)..., targets)))
    if encoding.ignoreIndex < model.names.count {
      renumbered.targets.updateValue(nil, forKey: UInt16(encoding.ignoreIndex))
    }
    guard let own = encoding.mapping else { return renumbered }
    return LabelMapping(
      own.targets.mapValues { $0.flatMap { renumbered($0) } }, ignoresOthers: own.ignoresOthers)
  }

  /// A name without what spellings differ in.
  private static func plain(_ name: String) -> String {
    name.lowercased().filter { $0.isLetter || $0.isNumber }
  }
}
