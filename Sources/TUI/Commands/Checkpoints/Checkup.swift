import Core

/// What a look at all tensors of a file found, for people and as JSON.
struct Checkup {
  private let file: TensorFile
  private let contents: ModelContents
  private let health: CheckpointHealth
  private let listsTensors: Bool

  init(
    _ file: TensorFile, _ contents: ModelContents, _ health: CheckpointHealth, listsTensors: Bool
  ) {
    self.file = file
    self.contents = contents
    self.health = health
    self.listsTensors = listsTensors
  }

  private var byteCount: Int { file.tensors.reduce(0) { $0 + $1.byteCount } }

  /// The file, how it fits, what is odd, and the table of tensors where it is asked for.
  var text: String {
    let size = (Double(byteCount) / 0x1p20).formatted(decimals: 1)
    var lines = [
      "file    \(file.container.rawValue), \(file.tensors.count) tensors, \(size) MiB",
      "fit     \(fit)",
    ]
    lines +=
      health.findings.isEmpty
      ? ["values  all finite; no dead channels, no unsound batch norms"]
      : health.findings.prefix(40).map { "values  \("\($0)".printable)" }
    if health.findings.count > 40 {
      lines.append("values  … and \(health.findings.count - 40) more")
    }
    return ([lines.joined(separator: "\n")] + (listsTensors ? [table] : []))
      .joined(separator: "\n\n")
  }

  private var fit: String {
    switch contents {
    case .model, .backbone:
      let prefix = contents.checkpoint == nil ? "a backbone; " : ""
      return prefix + (contents.mapping.map { FitReport($0).summary } ?? "")
    case .failure(.noConfiguration):
      return "our names, but no hfgd.config; hfgd convert --as PRESET adds it"
    case .failure: return "of no model that is known here"
    }
  }

  private var table: String {
    var table = TextTable(
      ["tensor", "type", "shape", "mean", "std", "min", "max", "zeros"], columnsOfWords: [0, 1, 2])
    for row in health.rows {
      let shape = row.tensor.shape.map(String.init).joined(separator: "×")
      let statistics = row.statistics.map { s in
        [
          s.mean, s.deviation, Double(s.minimum), Double(s.maximum),
        ].map { $0.formatted(decimals: 4) }
          + ["\((100 * Double(s.zeros) / Double(max(s.count, 1))).formatted(decimals: 1)) %"]
      }
      table.add(
        [row.tensor.name.printable, row.tensor.dtype.rawValue, shape.isEmpty ? "scalar" : shape]
          + (statistics ?? ["–", "–", "–", "–", "–"]))
    }
    return table.text
  }

  /// Members of `hfgd.inspect/1`.
  var members: [JSON.Member] {
    [
      JSON.Member(
        "file",
        .object([
          JSON.Member("path", .string(file.path)),
          JSON.Member("format", .string(file.container.rawValue)),
          JSON.Member("tensors", .number("\(file.tensors.count)")),
          JSON.Member("bytes", .number("\(byteCount)")),
          JSON.Member("notes", .array(file.notes.map { .string("\($0)") })),
        ])),
      JSON.Member("fit", contents.mapping.map { FitReport($0).json } ?? .null),
      JSON.Member("findings", .array(health.findings.map { .string("\($0)") })),
    ] + (listsTensors ? [JSON.Member("statistics", .array(health.rows.map(json)))] : [])
  }

  private func json(_ row: CheckpointHealth.Row) -> JSON {
    var members = [
      JSON.Member("name", .string(row.tensor.name)),
      JSON.Member("dtype", .string(row.tensor.dtype.rawValue)),
      JSON.Member("shape", .array(row.tensor.shape.map { .number("\($0)") })),
    ]
    if let s = row.statistics {
      members += [
        JSON.Member("mean", .number("\(s.mean)")), JSON.Member("std", .number("\(s.deviation)")),
        JSON.Member("min", .number("\(s.minimum)")), JSON.Member("max", .number("\(s.maximum)")),
        JSON.Member("zeros", .number("\(s.zeros)")),
        JSON.Member("not_finite", .number("\(s.nonFinite)")),
        JSON.Member("dead_channels", .number("\(s.deadChannels)")),
      ]
    }
    return .object(members)
  }
}
