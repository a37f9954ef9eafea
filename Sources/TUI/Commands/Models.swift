import ArgumentParser
import Core

/// `hfgd models`: the presets, and the rows of the papers' tables.
struct Models: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the models that can be made by name.",
    usage: "hfgd models [<names> ...] [--table <N>] [<options>]",
    discussion: """
      A preset runs with random weights (--random SEED), which is enough to
      measure speed and memory, and is what training starts from. MACs are for
      513×513 pictures (those of SegViT's tables for the sizes that these name), in
      10⁹ and in 2³⁰, the unit of HFGD's tables.

      A name is DECODER-BACKBONE[-d8|-d16][-os2|-os4]. DECODER is an upsampler, a
      context or both, joined by + with guidance, axial, hfgm (both) or auxiliary;
      -d8 and -d16 dilate the backbone. Beside those listed every combination that
      makes a model has a name, such as usfpn+cae+guidance-resnet101-os2. What the
      paper leaves open is answered otherwise by
      \(Models.alternatives),
      as in hfgd+end_3x3-resnet50_beta; docs/paper.md has the questions, and which
      answer the presets give. KEY=NUMBER sets a size where the model has it:
      \(Models.lines(ModelConfiguration.sizes));
      multi_grid=, output_norm= true or false; input= imagenet or symmetric.
      segvit and segvit_shrunk are decoders of vit_base and vit_large.

      EXAMPLES
        hfgd models --table 8
        hfgd models hfgd-resnet50_beta hfgd+end_3x3+axial_heads=8-resnet50_beta
        hfgd bench hfgd-resnet50_beta-os4 --random 1
        hfgd train --data camvid --preset sfpn+cae+hfgm-mobilenet_v2 -o run
      """)

  @Argument(help: "Names of models; without any, those of all that are usual.")
  var names: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A table of the paper: its rows, our presets and figures for them.", valueName: "N"))
  var table: Int?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Whose: hfgd (tables \(Models.numbers(of: .hfgd))) or segvit (\(Models.numbers(of: .segvit))).",
      valueName: "NAME"))
  var paper = PaperTable.Paper.hfgd

  @OptionGroup var report: ReportOptions

  func validate() throws {
    if table != nil && !names.isEmpty {
      throw ValidationError("--table has its own rows; leave out \(names[0]).")
    }
    for name in names where ModelConfiguration.preset(named: name) == nil {
      throw ValidationError(
        "there is no model \(name); its parts are unknown or do not go together. hfgd models lists some."
      )
    }
    if let table, PaperTable.numbered(table, of: paper) == nil {
      throw ValidationError("--table is one of \(Self.numbers(of: paper)), not \(table).")
    }
    if table == nil && paper != .hfgd {
      throw ValidationError("--paper goes with --table: \(Self.numbers(of: paper)).")
    }
  }

  /// The names of all alternatives.
  private static var alternatives: String {
    lines(ModelConfiguration.Alternative.allCases.map(\.rawValue))
  }

  /// A few names on a line.
  private static func lines(_ names: [String]) -> String {
    stride(from: 0, to: names.count, by: 4).map {
      names[$0..<min($0 + 4, names.count)].joined(separator: ", ")
    }.joined(separator: ",\n")
  }

  private static func numbers(of paper: PaperTable.Paper) -> String {
    PaperTable.all.filter { $0.paper == paper }.map { "\($0.number)" }.joined(separator: ", ")
  }

  func run() throws {
    if let table = table.flatMap({ PaperTable.numbered($0, of: paper) }) {
      let listing = PaperListing(table)
      return try StandardOutput.print(report.json ? listing.json.text : listing.text)
    }
    let presets =
      names.isEmpty
      ? ModelConfiguration.presets : names.compactMap(ModelConfiguration.preset(named:))
    let rows = presets.map { ($0, ModelSize($0, side: 513)) }
    if report.json {
      let presets = rows.map { preset, size in
        JSON.object(
          [
            JSON.Member("name", .string(preset.name)), JSON.Member("configuration", preset.json),
          ] + size.members)
      }
      return try StandardOutput.print(
        JSON.report("models", [JSON.Member("presets", .array(presets))]).text)
    }
    var table = TextTable(["preset", "stride", "classes"] + ModelSize.heading)
    for (preset, size) in rows {
      table.add(
        [
          preset.name, preset.outputStrides.map(String.init).joined(separator: "▸"),
          "\(preset.classes.count)",
        ] + size.cells)
    }
    try StandardOutput.print(table.text)
  }
}

/// Parameters and operations of a model, as lists print them.
struct ModelSize {
  private let parameters, multiplyAdds: Int

  /// Those of a prediction at `outputStride`, or the finest, for a picture of `side` × `side` pixels.
  init(_ configuration: ModelConfiguration, side: Int, outputStride: Int? = nil) {
    let summary = ModelSummary(
      configuration, width: side, height: side,
      outputStride: outputStride ?? configuration.outputStride, threads: Threads(1))
    (parameters, multiplyAdds) = (summary.parameters, summary.multiplyAdds)
  }

  static let heading = ["parameters", "MACs 10⁹", "MACs 2³⁰"]

  /// One for each of ``heading``.
  var cells: [String] {
    [
      parameters.grouped, (Double(multiplyAdds) / 1e9).formatted(decimals: 2),
      (Double(multiplyAdds) / 0x1p30).formatted(decimals: 2),
    ]
  }

  /// The same as JSON.
  var members: [JSON.Member] {
    [
      JSON.Member("parameters", .number("\(parameters)")),
      JSON.Member("multiply_adds", .number("\(multiplyAdds)")),
    ]
  }
}

extension PaperTable.Paper: ExpressibleByArgument {}
