import ArgumentParser
import Core
import Viz

/// `hfgd lens attention MODEL IMAGE --at X,Y`: where a pixel looks.
struct LensAttention: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attention",
    abstract: "Show where an attention layer looks from a pixel.",
    usage: "hfgd lens attention <model> <image> --at <x,y> [<options>]",
    discussion: """
      The axial layer behind the upsampler lets each cell look along its column and
      then along its row, in several heads; the context encoder's layer lets each
      cell of the coarsest grid look at all of them. Weights sum to 1 in each row,
      column and grid, over the padding too. Without --head it is their mean.

      EXAMPLES
        hfgd lens attention model.safetensors street.jpg --at 312,201 -o axial.png
        hfgd lens attention model.safetensors street.jpg --at 312,201 --head 2
        hfgd lens attention model.safetensors street.jpg --at 312,201 \\
          --layer context --json
      """)

  enum Layer: String, ExpressibleByArgument, CaseIterable {
    case axial, context
  }

  @OptionGroup var modelOptions: ModelOptions

  @Argument(help: "A PNG or JPEG picture.", completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var image: String

  @Option(
    name: .long,
    help: ArgumentHelp("The pixel that looks, from the upper left, 0,0.", valueName: "x,y"))
  var at: PixelPlace

  @Option(name: .long, help: "axial or context (default: axial where the model has it).")
  var layer: Layer?

  @Option(name: .long, help: "One head alone, from 1.")
  var head: Int?

  @Option(
    name: .long, help: "Write what the layer reads, float32 [C, h, w] on its grid.",
    completion: .file(extensions: ["npy"]))
  var npy: String?

  @OptionGroup var files: LensOutput
  @OptionGroup var stage: StageOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let interrupt = Interrupt()
    let input = try LensInput(modelOptions, stage, image: image, threads: threads.budget)
    guard at.x < input.picture.width && at.y < input.picture.height else {
      throw CommandFailure(
        .usage,
        "--at \(at): the picture has \(input.picture.width)×\(input.picture.height) pixels")
    }
    let layer = try layer(of: input)
    let map: AttentionMap
    do throws(Cancelled) {
      map = try input.segmenter.attention(layer, of: input.picture) { interrupt.isRequested }
    } catch {
      throw CommandFailure(.interrupted, "")
    }
    if let head, !(1...map.heads).contains(head) {
      throw CommandFailure(
        .usage, "--head \(head): the layer has \(map.heads.counted("head")), from 1")
    }
    let cell = map.cell(x: at.x, y: at.y)
    let heads = map.weights(of: cell)
    let shown = head.map { heads[$0 - 1] } ?? .mean(heads)
    if let npy { try LensOutput.write(npy: map.input, to: npy) }
    try files.write(figure(input, map, cell, shown))
    if report.json {
      try StandardOutput.print(json(input, map, cell, heads, shown).text)
    } else if !report.quiet {
      try StandardOutput.print(text(map, cell, shown))
    }
  }

  /// The layer that is meant; a usage error where the model lacks it.
  private func layer(of input: LensInput) throws -> AttentionLayer {
    let layers = input.configuration.attentionLayers
    let axial = AttentionLayer.axial(outputStride: input.outputStride)
    let wanted: AttentionLayer =
      switch layer {
      case .axial?: axial
      case .context?: .context
      case nil: layers.contains(axial) || layers.isEmpty ? axial : .context
      }
    guard layers.contains(wanted) else {
      throw CommandFailure(
        .usage,
        "\(input.configuration.name) has \(layers.isEmpty ? "no attention" : "only \(layers.map(\.words).joined(separator: " and "))")"
          + "; give \(layers.isEmpty ? "another model" : "another --layer or --os")")
    }
    return wanted
  }

  private func figure(
    _ input: LensInput, _ map: AttentionMap, _ cell: AttentionMap.GridCell,
    _ weights: AttentionMap.Weights
  ) -> FigureSheet {
    let picture = input.picture
    var lit = picture.lit(
      by: map.pixels(
        weights, of: cell, thickness: map.bandThickness, threads: threads.budget), .viridis)
    lit.draw(crossAt: at.x, y: at.y, arm: max(4, picture.width / 60))
    let steps = stride(from: 0.0, through: 1, by: 0.25).map { share in
      FigureSheet.LegendEntry(
        ColourMap.viridis(Float(share)), "weight",
        number: (share * map.peak(weights)).formatted(decimals: 4))
    }
    return FigureSheet(
      title: "\(image.fileName.printable), \(input.configuration.name)",
      panels: [
        FigureSheet.Panel(
          lit,
          caption: "\(map.layer.words) from (\(at)), "
            + (head.map { "head \($0) of \(map.heads)" }
              ?? (map.heads > 1 ? "mean of \(map.heads) heads" : "one head")))
      ], legend: steps)
  }

  private func text(
    _ map: AttentionMap, _ cell: AttentionMap.GridCell, _ weights: AttentionMap.Weights
  ) -> String {
    let spread = zip(weights.perplexities, map.paddingShares(weights)).map { spread, padding in
      (
        cells: spread.formatted(decimals: 1),
        padding: padding < 0.0005
          ? "" : ", \((100 * padding).formatted(decimals: 1)) % of the weight in the padding"
      )
    }
    let shape = map.input.shape
    let parts =
      switch weights {
      case .cross:
        [
          "row     looks at about \(spread[0].cells) of \(shape.w) cells\(spread[0].padding)",
          "column  looks at about \(spread[1].cells) of \(shape.h) cells\(spread[1].padding)",
        ]
      case .grid:
        ["looks at about \(spread[0].cells) of \(shape.w * shape.h) cells\(spread[0].padding)"]
      }
    return
      ([
        "\(map.layer.words), cell (\(cell.x),\(cell.y)) of \(shape.w)×\(shape.h), largest weight "
          + map.peak(weights).formatted(decimals: 4)
      ] + parts).joined(separator: "\n")
  }

  private func json(
    _ input: LensInput, _ map: AttentionMap, _ cell: AttentionMap.GridCell,
    _ heads: [AttentionMap.Weights], _ shown: AttentionMap.Weights
  ) -> JSON {
    .report(
      "lens.attention",
      input.members + [
        JSON.Member("layer", .string(map.layer == .context ? "context" : "axial")),
        // The second student of a guided model has weights of its own.
        JSON.Member(
          "refined", .bool(map.layer != .context && input.isRefined)),
        JSON.Member("at", .array([.number("\(at.x)"), .number("\(at.y)")])),
        JSON.Member("cell", .array([.number("\(cell.x)"), .number("\(cell.y)")])),
        JSON.Member("grid_width", .number("\(map.input.shape.w)")),
        JSON.Member("grid_height", .number("\(map.input.shape.h)")),
        JSON.Member("head", head.map { .number("\($0)") } ?? .null),
        JSON.Member("peak", .number(map.peak(shown), decimals: 9)),
        JSON.Member("padding_shares", .numbers(map.paddingShares(shown), decimals: 9)),
        JSON.Member("weights", shown.json),
        JSON.Member("heads", .array(heads.map(\.json))),
      ])
  }
}

extension AttentionLayer {
  /// "context attention", "axial attention at OS 4".
  var words: String {
    switch self {
    case .context: "context attention"
    case .axial(let stride): "axial attention at OS \(stride)"
    }
  }
}

extension AttentionMap {
  /// How thick rows and columns are drawn: a cell of the grid, and enough to be seen.
  var bandThickness: Int { max(1, frame.width / max(1, input.shape.w), width / 96) }
}

extension AttentionMap.Weights {
  fileprivate var json: JSON {
    switch self {
    case .cross(let row, let column):
      .object([
        JSON.Member("row", .numbers(row, decimals: 9)),
        JSON.Member("column", .numbers(column, decimals: 9)),
        JSON.Member("perplexity", .numbers(perplexities, decimals: 6)),
      ])
    case .grid(let all):
      .object([
        JSON.Member("grid", .numbers(all, decimals: 9)),
        JSON.Member("perplexity", .numbers(perplexities, decimals: 6)),
      ])
    }
  }
}
