import ArgumentParser
import Core

/// `hfgd models`: the presets.
struct Models: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the models that can be made by name.",
    discussion: """
      A preset runs with random weights (--random SEED), which is enough to
      measure speed and memory. MACs are for 513×513 pictures, in 10⁹ and in 2³⁰,
      the unit of the paper's tables.

      EXAMPLE
        hfgd bench hfgd-resnet50_beta-os4 --random 1
      """)

  @OptionGroup var report: ReportOptions

  func run() throws {
    let rows = ModelConfiguration.presets.map { preset in
      (
        preset,
        ModelSummary(
          preset, width: 513, height: 513, outputStride: preset.outputStride, threads: Threads(1))
      )
    }
    if report.json {
      let presets = rows.map { preset, summary in
        JSON.object([
          JSON.Member("name", .string(preset.name)),
          JSON.Member("configuration", preset.json),
          JSON.Member("parameters", .number("\(summary.parameters)")),
          JSON.Member("multiply_adds", .number("\(summary.multiplyAdds)")),
        ])
      }
      try StandardOutput.print(
        JSON.report("models", [JSON.Member("presets", .array(presets))]).text)
      return
    }
    var table = TextTable(["preset", "stride", "classes", "parameters", "MACs 10⁹", "MACs 2³⁰"])
    for (preset, summary) in rows {
      table.add([
        preset.name, preset.outputStrides.map(String.init).joined(separator: "▸"),
        "\(preset.classes.count)", summary.parameters.grouped,
        (Double(summary.multiplyAdds) / 1e9).formatted(decimals: 2),
        (Double(summary.multiplyAdds) / 0x1p30).formatted(decimals: 2),
      ])
    }
    try StandardOutput.print(table.text)
  }
}
