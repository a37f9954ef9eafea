import Core

/// What `hfgd convert` did, for people and as JSON.
struct ConversionReport {
  let file: TensorFile
  let conversion: CheckpointConversion
  let output: String

  init(_ file: TensorFile, _ conversion: CheckpointConversion, output: String) {
    self.file = file
    self.conversion = conversion
    self.output = output
  }

  /// What was read, how it fits, what was written.
  var text: String {
    let size = (Double(conversion.byteCount) / 0x1p20).formatted(decimals: 1)
    let read =
      "read     \(file.path.printable): \(file.container.rawValue), \(file.tensors.count) tensors"
    let written = "written  \(output.printable): \(what), \(conversion.count) tensors, \(size) MiB"
    guard let mapping = conversion.mapping else { return read + "\n" + written }
    return [read, "fit      \(FitReport(mapping).summary)", written].joined(separator: "\n")
  }

  private var what: String {
    switch conversion.kind {
    case .model(let configuration): "the model \(configuration.name.printable)"
    case .backbone(let kind): "the backbone \(kind.rawValue), for hfgd train --weights"
    case .tensors: "the tensors as they are"
    }
  }

  /// The same as `hfgd.convert/1`.
  var json: JSON {
    .report(
      "convert",
      [
        JSON.Member("input", .string(file.path)),
        JSON.Member("output", .string(output)),
        JSON.Member("format", .string(file.container.rawValue)),
        JSON.Member("tensors", .number("\(conversion.count)")),
        JSON.Member("bytes", .number("\(conversion.byteCount)")),
        JSON.Member("notes", .array(file.notes.map { .string("\($0)") })),
        JSON.Member("fit", conversion.mapping.map { FitReport($0).json } ?? .null),
      ])
  }

  /// What a failed conversion prints with `--json`: nothing was written.
  static func failure(_ file: TensorFile, _ failure: CheckpointFailure) -> JSON {
    .report(
      "convert",
      [
        JSON.Member("input", .string(file.path)), JSON.Member("output", .null),
        JSON.Member("format", .string(file.container.rawValue)),
        JSON.Member("notes", .array(file.notes.map { .string("\($0)") })),
        JSON.Member("error", .string(failure.description)),
        JSON.Member(
          "fit",
          BackboneFit(file).map { FitReport($0.mapping).json } ?? .null),
      ])
  }
}
