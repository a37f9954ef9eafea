import Core

/// What `hfgd doctor` found, for people and as JSON.
struct DoctorReport {
  let data: String
  let set: DataSet
  let survey: LabelSurvey
  let diagnosis: Diagnosis

  /// What was looked at, a line for each finding, and perhaps the values.
  func text(listsValues: Bool) -> String {
    let classes = set.classes.map { ", \($0.names.count) classes" } ?? ""
    var lines = [
      "\(set.kind.name)  \(data.printable) \(set.split.printable), "
        + "\(set.samples.count.counted("image")), \(survey.read.counted("label")) read",
      "labels  \(valueRanges)\(classes), \(set.encoding)",
    ]
    if listsValues { lines += ["", table.text] }
    lines.append("")
    lines += diagnosis.notes.map { "note: \($0)" }
    lines += diagnosis.findings.map { "\($0.sentence); \($0.remedy)".printable }
    if diagnosis.findings.isEmpty { lines.append("healthy") }
    return lines.joined(separator: "\n")
  }

  private var valueRanges: String {
    survey.values.isEmpty ? "none" : LabelRanges.text(survey.values.keys.sorted())
  }

  /// A row for each value that occurs.
  private var table: TextTable {
    var table = TextTable(["value", "class", "pixels", "images"])
    for (value, tally) in survey.values.sorted(by: { $0.key < $1.key }) {
      let share = 100 * Double(tally.pixels) / Double(survey.pixels)
      table.add([
        "\(value)", className(value) ?? "–", "\(share.formatted(decimals: 2)) %", "\(tally.images)",
      ])
    }
    return table
  }

  /// What a stored value stands for; `nil` for a stray one.
  private func className(_ stored: UInt16) -> String? {
    let value = Int(set.encoding(stored))
    if value == set.ignoreIndex { return "(ignored)" }
    guard let names = set.classes?.names, names.indices.contains(value) else { return nil }
    return names[value].printable
  }

  /// The same as `hfgd.doctor/1`.
  var json: JSON {
    let values = survey.values.sorted { $0.key < $1.key }.map { value, tally in
      JSON.object([
        JSON.Member("value", .number("\(value)")),
        JSON.Member("class", className(value).map(JSON.string) ?? .null),
        JSON.Member("pixels", .number("\(tally.pixels)")),
        JSON.Member("images", .number("\(tally.images)")),
      ])
    }
    let findings = diagnosis.findings.map { finding in
      JSON.object([
        JSON.Member("problem", .string(finding.problem.rawValue)),
        JSON.Member("sentence", .string(finding.sentence)),
        JSON.Member("remedy", .string(finding.remedy)),
        JSON.Member("flags", finding.flags.map(JSON.string) ?? .null),
        JSON.Member("samples", .array(finding.examples.map(JSON.string))),
      ])
    }
    return .report(
      "doctor",
      [
        JSON.Member("data", .string(data)), JSON.Member("dataset", .string(set.kind.name)),
        JSON.Member("split", .string(set.split)),
        JSON.Member("fingerprint", .string(set.fingerprint)),
        JSON.Member("images", .number("\(set.samples.count)")),
        JSON.Member("labels_read", .number("\(survey.read)")),
        JSON.Member("encoding", .string(set.encoding.description)),
        JSON.Member("ignore_index", .number("\(set.ignoreIndex)")),
        JSON.Member(
          "classes", set.classes.map { .array($0.names.map(JSON.string)) } ?? .null),
        JSON.Member("values", .array(values)), JSON.Member("findings", .array(findings)),
        JSON.Member("notes", .array(diagnosis.notes.map(JSON.string))),
      ])
  }
}
