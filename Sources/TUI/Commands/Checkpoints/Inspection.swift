import Core

/// What `hfgd inspect` found, for people and as JSON.
struct Inspection {
  let model: String
  let configuration: ModelConfiguration
  let checkpoint: Checkpoint?
  let summary: ModelSummary
  let outputStride: Int
  let size: Size
  let listsTensors: Bool

  /// The configuration, a table of modules and, where asked for, of tensors.
  var text: String {
    var parts = [facts]
    var table = TextTable(["module", "parameters", "MACs 10⁹", "MACs 2³⁰"])
    for module in summary.modules {
      table.add(row(module.name, module.parameters, module.multiplyAdds))
    }
    table.add(row("total", summary.parameters, summary.multiplyAdds))
    parts.append(table.text)
    if listsTensors {
      var tensors = TextTable(["tensor", "shape", "type"])
      for tensor in summary.tensors {
        let shape = tensor.shape.map(String.init).joined(separator: "×")
        tensors.add([tensor.name, shape, dtype(of: tensor) ?? "–"])
      }
      parts.append(tensors.text)
    }
    return parts.joined(separator: "\n\n")
  }

  private var facts: String {
    let c = configuration
    let strides = c.outputStrides.map(String.init).joined(separator: " ▸ ")
    var lines = [
      "\(c.name.printable)\(checkpoint.map { "  (\($0.path.printable))" } ?? "  (preset, no weights)")",
      "backbone \(c.backbone.rawValue)  " + (c.decoder.map { "decoder \($0.rawValue)" } ?? head),
      "output stride \(strides)  width \(c.width)  \(c.classes.count) classes, \(c.ignoreIndex) ignored",
      "classes \(c.classes.joined(separator: ", ").printable)",
    ]
    // Nothing else that is not as usual is missing there: alternatives, sizes, dilation, normalisation.
    if let preset = c.presetName, preset != c.name { lines.append("preset \(preset)") }
    if let training = checkpoint?.training?.object {
      lines += training.map {
        "training \($0.key): \($0.value.string ?? $0.value.text)".printableLines
      }
    }
    if let metrics = checkpoint?.metrics?.object {
      lines += metrics.map {
        "metrics \($0.key): \($0.value.string ?? $0.value.text)".printableLines
      }
    }
    let mebibytes = Double(summary.arenaBytes) / 0x1p20
    lines.append(
      "at \(size.width)×\(size.height), output stride \(outputStride): "
        + "activations \(mebibytes.formatted(decimals: 0)) MiB on one thread")
    return lines.joined(separator: "\n")
  }

  /// What stands on the backbone's features, and ends in class tokens.
  private var head: String {
    let c = configuration
    return "context \(c.context.rawValue)  upsampler \(c.upsampler.rawValue)"
      + "  axial attention \(c.isAxial ? "\(c.axialHeads) heads" : "none")  guidance \(c.isGuided ? "yes" : "no")"
  }

  private func row(_ name: String, _ parameters: Int, _ products: Int) -> [String] {
    [
      name, parameters.grouped, (Double(products) / 1e9).formatted(decimals: 2),
      (Double(products) / 0x1p30).formatted(decimals: 2),
    ]
  }

  private func dtype(of tensor: TensorRequest) -> String? {
    checkpoint?.mapping[tensor.name]?.sources.first?.dtype.rawValue
  }

  /// Members of `hfgd.inspect/1`.
  var members: [JSON.Member] {
    var members = [
      JSON.Member("model", .string(model)), JSON.Member("configuration", configuration.json),
      JSON.Member("preset", configuration.presetName.map { .string($0) } ?? .null),
      JSON.Member("training", checkpoint?.training ?? .null),
      JSON.Member("metrics", checkpoint?.metrics ?? .null),
      JSON.Member("width", .number("\(size.width)")),
      JSON.Member("height", .number("\(size.height)")),
      JSON.Member("output_stride", .number("\(outputStride)")),
      JSON.Member("parameters", .number("\(summary.parameters)")),
      JSON.Member("multiply_adds", .number("\(summary.multiplyAdds)")),
      JSON.Member("arena_bytes", .number("\(summary.arenaBytes)")),
      JSON.Member(
        "modules",
        .array(
          summary.modules.map {
            .object([
              JSON.Member("name", .string($0.name)),
              JSON.Member("parameters", .number("\($0.parameters)")),
              JSON.Member("multiply_adds", .number("\($0.multiplyAdds)")),
            ])
          })),
    ]
    if listsTensors {
      members.append(
        JSON.Member(
          "tensors",
          .array(
            summary.tensors.map { tensor in
              .object([
                JSON.Member("name", .string(tensor.name)),
                JSON.Member("shape", .array(tensor.shape.map { .number("\($0)") })),
                JSON.Member("dtype", dtype(of: tensor).map { .string($0) } ?? .null),
              ])
            })))
    }
    return members
  }
}
