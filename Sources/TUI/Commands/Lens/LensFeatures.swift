import ArgumentParser
import Core
import Viz

/// `hfgd lens features MODEL IMAGE`: the features of a picture as colour.
struct LensFeatures: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "features",
    abstract: "Show the features of a picture as colour, or write them.",
    usage: "hfgd lens features <model> <image> [<options>]",
    discussion: """
      Red, green and blue are the first three principal components of what the
      class tokens are multiplied with, each from its 1st to its 99th percentile.
      Parts of one colour are one to the classifier. With --fit the components are
      another picture's, so that colours can be compared from picture to picture.

      EXAMPLES
        hfgd lens features model.safetensors street.jpg -o features.png
        hfgd lens features model.safetensors b.jpg --fit a.jpg -o b.png
        hfgd lens features model.safetensors street.jpg --os 32 --npy teacher.npy
      """)

  @OptionGroup var modelOptions: ModelOptions

  @Argument(help: "A PNG or JPEG picture.", completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var image: String

  @Option(
    name: .long, help: "Take the components of another picture's features.",
    completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var fit: String?

  @Option(
    name: .long, help: "Write the features, float32 [D, h, w] on the network's grid.",
    completion: .file(extensions: ["npy"]))
  var npy: String?

  @OptionGroup var files: LensOutput
  @OptionGroup var stage: StageOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let interrupt = Interrupt()
    let input = try LensInput(modelOptions, stage, image: image, threads: threads.budget)
    let (map, components): (FeatureMap, FeatureComponents)
    do throws(Cancelled) {
      map = try features(of: input.picture, input, interrupt)
      components = FeatureComponents(fitting: map, threads: threads.budget)
    } catch {
      throw CommandFailure(.interrupted, "")
    }
    let shown = try fit.map { try fitted(to: $0, input, interrupt) } ?? components
    if let npy { try LensOutput.write(npy: map.features, to: npy) }
    try files.write(figure(input, map, shown))
    if report.json {
      try StandardOutput.print(json(input, map, shown).text)
    } else if !report.quiet {
      try StandardOutput.print(text(map, shown))
    }
  }

  private func features(
    of picture: Picture, _ input: LensInput, _ interrupt: Interrupt
  ) throws(Cancelled) -> FeatureMap {
    try input.segmenter.features(of: picture, outputStride: input.outputStride) {
      interrupt.isRequested
    }
  }

  /// The components of another picture.
  private func fitted(
    to path: String, _ input: LensInput, _ interrupt: Interrupt
  ) throws -> FeatureComponents {
    let picture = try input.segmenter.picture(at: path, outputStride: input.outputStride)
    do throws(Cancelled) {
      return FeatureComponents(
        fitting: try features(of: picture, input, interrupt), threads: threads.budget)
    } catch {
      throw CommandFailure(.interrupted, "")
    }
  }

  private func figure(
    _ input: LensInput, _ map: FeatureMap, _ components: FeatureComponents
  ) -> FigureSheet {
    let colours = [RGB(224, 60, 60), RGB(60, 180, 75), RGB(60, 90, 224)]
    return FigureSheet(
      title: "\(image.fileName.printable), \(input.configuration.name)",
      panels: [
        FigureSheet.Panel(input.picture, caption: "image"),
        FigureSheet.Panel(
          Picture.components(
            components.pixels(of: map, threads: threads.budget), width: map.width,
            height: map.height),
          caption: "features, OS \(input.outputStride)"
            + (fit.map { ", components of \($0.fileName.printable)" } ?? "")),
      ],
      legend: zip(colours, components.principal.shares).enumerated().map { place, component in
        FigureSheet.LegendEntry(
          component.0, "component \(place + 1)",
          number: (100 * component.1).formatted(decimals: 1) + " %")
      })
  }

  private func text(_ map: FeatureMap, _ components: FeatureComponents) -> String {
    let shares = components.principal.shares
    let names = ["red", "green", "blue"]
    return """
      \(map.dimensions) features on \(map.features.shape.w)×\(map.features.shape.h) cells, \
      components of \(components.cells.counted("cell"))
      """
        + zip(names, shares).map { name, share in
          "\n\(name)  \((100 * share).formatted(decimals: 1)) % of the variance"
        }.joined()
  }

  private func json(
    _ input: LensInput, _ map: FeatureMap, _ components: FeatureComponents
  ) -> JSON {
    let principal = components.principal
    return .report(
      "lens.features",
      input.members + [
        JSON.Member("grid_width", .number("\(map.features.shape.w)")),
        JSON.Member("grid_height", .number("\(map.features.shape.h)")),
        JSON.Member("dimensions", .number("\(map.dimensions)")),
        JSON.Member("fitted_to", .string(fit ?? image)),
        JSON.Member("cells", .number("\(components.cells)")),
        JSON.Member("total_variance", .number(principal.totalVariance, decimals: 9)),
        JSON.Member("explained_variance", .numbers(principal.shares, decimals: 9)),
        JSON.Member(
          "ranges",
          .array(
            components.ranges.map {
              .numbers([Double($0.lowerBound), Double($0.upperBound)], decimals: 6)
            })),
        JSON.Member("mean", .numbers(principal.mean, decimals: 9)),
        JSON.Member(
          "components", .array(principal.components.map { .numbers($0, decimals: 9) })),
      ])
  }
}
