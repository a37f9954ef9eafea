import ArgumentParser
import Core
import Viz

/// `hfgd lens similarity MODEL IMAGE…`: what is like a pixel, a region or a class token.
struct LensSimilarity: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "similarity",
    abstract: "Show how like each pixel is to a pixel, a region or a class token.",
    usage: "hfgd lens similarity <model> <image> ... --at <x,y> [<options>]",
    discussion: """
      Features are what the class tokens are multiplied with. Each pixel's are
      compared by their cosine, in [-1, 1], with those of the probe: a pixel or a
      region of the first image, or the token of a class. Besides it is counted how
      many pixels are nearest to another class's token than the predicted one's.

      EXAMPLES
        hfgd lens similarity model.safetensors street.jpg --at 312,201 -o like.png
        hfgd lens similarity model.safetensors a.jpg b.jpg c.jpg --at 312,201
        hfgd lens similarity model.safetensors a.jpg --region 200,80,32x64 --json
        hfgd lens similarity model.safetensors a.jpg --token Pole --os 32
      """)

  @OptionGroup var modelOptions: ModelOptions

  @Argument(
    help: "PNG or JPEG pictures; the probe's pixel is in the first.",
    completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var images: [String]

  @Option(
    name: .long, help: ArgumentHelp("The probe: a pixel of the first image.", valueName: "x,y"))
  var at: PixelPlace?

  @Option(
    name: .long,
    help: ArgumentHelp("The probe: the mean of a region of the first image.", valueName: "x,y,wxh"))
  var region: PixelRegion?

  @Option(name: .long, help: ArgumentHelp("The probe: a class's token.", valueName: "class"))
  var token: String?

  @Option(name: .long, help: "viridis, cividis, turbo or grey.")
  var colours = HeatColours.viridis

  @Option(
    name: .long, help: "Write the cosines of the last image's pixels, float32 [1, H, W].",
    completion: .file(extensions: ["npy"]))
  var npy: String?

  @OptionGroup var files: LensOutput
  @OptionGroup var stage: StageOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var report: ReportOptions

  mutating func validate() throws {
    guard [at != nil, region != nil, token != nil].count(where: { $0 }) == 1 else {
      throw ValidationError("Give one probe: --at X,Y, --region X,Y,WxH or --token CLASS.")
    }
  }

  /// What was found in one image.
  private struct Finding {
    let path: String
    let map: FeatureMap
    /// One a pixel.
    let cosines: [Float]
    let labels, nearest: LabelMap

    /// The pixel that is most like the probe, the first of equals.
    var peak: Int {
      cosines.indices.reduce(0) { cosines[$1] > cosines[$0] ? $1 : $0 }
    }

    var mean: Double { cosines.reduce(0) { $0 + Double($1) } / Double(cosines.count) }

    /// The share of pixels that are nearest to another token than that of the predicted class.
    var nearerShare: Double {
      Double(zip(labels.values, nearest.values).count { $0 != $1 }) / Double(labels.values.count)
    }
  }

  func run() throws {
    let interrupt = Interrupt()
    let first = try LensInput(modelOptions, stage, image: images[0], threads: threads.budget)
    let tokens = first.segmenter.model.classTokens
    var probe: [Float] = []
    var findings: [Finding] = []
    for path in images {
      let picture =
        findings.isEmpty
        ? first.picture : try first.segmenter.picture(at: path, outputStride: first.outputStride)
      let (map, labels): (FeatureMap, LabelMap)
      do throws(Cancelled) {
        (map, labels) = try first.segmenter.featuresAndLabels(
          of: picture, outputStride: first.outputStride
        ) { interrupt.isRequested }
      } catch {
        throw CommandFailure(.interrupted, "")
      }
      if findings.isEmpty { probe = try self.probe(in: map, tokens) }
      findings.append(
        Finding(
          path: path, map: map, cosines: map.similarity(to: probe, threads: threads.budget),
          labels: labels, nearest: map.nearestTokens(tokens, threads: threads.budget)))
    }
    if let npy, let last = findings.last {
      try LensOutput.write(
        npy: Tensor(Shape(h: last.map.height, w: last.map.width, c: 1), last.cosines), to: npy)
    }
    let words = probeWords(tokens)
    try files.write(figure(first, findings, of: words))
    if report.json {
      try StandardOutput.print(json(first, probe, findings, of: words).text)
    } else if !report.quiet {
      try StandardOutput.print(text(findings, of: words))
    }
  }

  /// The probe's features.
  private func probe(in map: FeatureMap, _ tokens: ClassTokens) throws -> [Float] {
    if let token {
      guard let k = tokens.names.firstIndex(named: token) else {
        throw CommandFailure(
          .usage,
          "--token \(token.printable): the classes are \(tokens.names.joined(separator: ", "))")
      }
      return Array(tokens[k])
    }
    let region = self.region ?? at.map { PixelRegion(from: ($0.x, $0.y), to: ($0.x, $0.y)) }
    guard let region, region.lies(inWidth: map.width, height: map.height) else {
      throw CommandFailure(
        .usage,
        "\(probeWords(tokens)) leaves the picture, which has \(map.width)×\(map.height) pixels")
    }
    return map.mean(over: region)
  }

  private func probeWords(_ tokens: ClassTokens) -> String {
    token.flatMap(tokens.names.firstIndex(named:)).map { "token of \(tokens.names[$0])" }
      ?? region.map {
        "region \($0)"
      }
      ?? at.map { "pixel \($0)" } ?? ""
  }

  private func figure(_ input: LensInput, _ findings: [Finding], of probe: String) -> FigureSheet {
    let range = ValueRange(around: findings.flatMap(\.cosines))
    let map = colours.map(own: .viridis)
    let panels = findings.enumerated().map { place, finding in
      var heat = Picture.heatmap(
        finding.cosines, over: range, width: finding.map.width, height: finding.map.height, map)
      if place == 0, let region {
        heat = heat.outlined(region, thickness: max(1, heat.width / 250))
      }
      return FigureSheet.Panel(heat, caption: finding.path.fileName.printable)
    }
    return FigureSheet(
      title:
        "cosine with \(probe), \(input.configuration.name), OS \(input.outputStride)",
      panels: panels, legend: range.legend(map))
  }

  private func text(_ findings: [Finding], of probe: String) -> String {
    var table = TextTable(["image", "lowest", "mean", "highest", "at", "nearer to others"])
    for finding in findings {
      let (peak, width) = (finding.peak, finding.map.width)
      table.add([
        finding.path.printable,
        Double(finding.cosines.min() ?? .nan).formatted(decimals: 4),
        finding.mean.formatted(decimals: 4),
        Double(finding.cosines[peak]).formatted(decimals: 4), "\(peak % width),\(peak / width)",
        (100 * finding.nearerShare).formatted(decimals: 2) + " %",
      ])
    }
    return "cosine with \(probe)\n\n" + table.text
  }

  private func json(
    _ input: LensInput, _ probe: [Float], _ findings: [Finding], of words: String
  ) -> JSON {
    .report(
      "lens.similarity",
      [
        JSON.Member("model", .string(input.configuration.name)),
        JSON.Member("output_stride", .number("\(input.outputStride)")),
        JSON.Member("probe", .string(words)),
        JSON.Member("probe_features", .numbers(probe.map(Double.init), decimals: 7)),
        JSON.Member(
          "images",
          .array(
            findings.map { finding in
              let (peak, width) = (finding.peak, finding.map.width)
              return .object([
                JSON.Member("image", .string(finding.path)),
                JSON.Member("width", .number("\(width)")),
                JSON.Member("height", .number("\(finding.map.height)")),
                JSON.Member(
                  "lowest", .number(Double(finding.cosines.min() ?? .nan), decimals: 6)),
                JSON.Member("mean", .number(finding.mean, decimals: 6)),
                JSON.Member("highest", .number(Double(finding.cosines[peak]), decimals: 6)),
                JSON.Member(
                  "highest_at", .array([.number("\(peak % width)"), .number("\(peak / width)")])),
                JSON.Member(
                  "nearest_to_another_class", .number(100 * finding.nearerShare, decimals: 4)),
              ])
            })),
      ])
  }
}

extension HeatColours: ExpressibleByArgument {
  /// The maps that can be asked for by name.
  public static var allValueStrings: [String] { allCases.dropFirst().map(\.rawValue) }
}

extension ValueRange {
  /// Five of the colours that stand for the range's values.
  func legend(_ map: ColourMap) -> [FigureSheet.LegendEntry] {
    [Float(0), 0.25, 0.5, 0.75, 1].map { share in
      let value = Double(low + share * (high - low))
      return FigureSheet.LegendEntry(
        map(share),
        value.formatted(decimals: 2) + (share == 1 && isCutAbove ? " or more" : ""))
    }
  }
}
