import ArgumentParser
import Core
import Viz

/// `hfgd lens view MODEL IMAGE --region X,Y,WxH`: a part of a picture, predicted by itself.
struct LensView: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "view",
    abstract: "Predict a part of a picture by itself, at its own or twice its size.",
    usage: "hfgd lens view <model> <image> --region <x,y,wxh> [<options>]",
    discussion: """
      The region is cut out with 64 pixels around it, as far as there are any,
      enlarged by --scale and predicted; what comes of it is compared with the
      prediction of the whole picture, pixel by pixel, and by class.

      EXAMPLES
        hfgd lens view model.safetensors street.jpg --region 200,80,160x120
        hfgd lens view model.safetensors street.jpg --region 0,0,240x180 \\
          --scale 2 -o view.png --json
      """)

  @OptionGroup var modelOptions: ModelOptions

  @Argument(help: "A PNG or JPEG picture.", completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var image: String

  @Option(name: .long, help: ArgumentHelp("The part of the picture.", valueName: "x,y,wxh"))
  var region: PixelRegion

  @Option(name: .long, help: "How much larger than it is the model sees it, from 0.25 to 4.")
  var scale = 1.0

  @OptionGroup var files: LensOutput
  @OptionGroup var stage: StageOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var report: ReportOptions

  mutating func validate() throws {
    guard 0.25...4 ~= scale else {
      throw ValidationError("--scale is from 0.25 to 4, not \(scale).")
    }
  }

  func run() throws {
    let interrupt = Interrupt()
    let input = try LensInput(modelOptions, stage, image: image, threads: threads.budget)
    let picture = input.picture
    guard region.lies(inWidth: picture.width, height: picture.height) else {
      throw CommandFailure(
        .usage,
        "--region \(region) leaves the picture, which has \(picture.width)×\(picture.height) pixels"
      )
    }
    let (whole, part): (LabelMap, LabelMap)
    do throws(Cancelled) {
      whole = try input.segmenter.labels(
        of: picture, outputStride: input.outputStride, isCancelled: { interrupt.isRequested })
      part = try input.segmenter.labels(
        of: picture, in: region, scale: scale, outputStride: input.outputStride,
        isCancelled: { interrupt.isRequested })
    } catch {
      throw CommandFailure(.interrupted, "")
    }
    let change = LabelChange(
      from: whole.cropped(to: region), to: part, classes: input.configuration.classes.count)
    try files.write(figure(input, whole.cropped(to: region), part))
    if report.json {
      try StandardOutput.print(json(input, change).text)
    } else {
      try StandardOutput.print(text(input, change))
    }
  }

  private func figure(_ input: LensInput, _ whole: LabelMap, _ part: LabelMap) -> FigureSheet {
    let picture = input.picture.cropped(to: region)
    let palette = input.configuration.palette
    // As large as the whole picture, as far as whole pixels allow.
    let factor = min(input.picture.width / picture.width, input.picture.height / picture.height)
    func coloured(_ labels: LabelMap) -> Picture {
      picture.overlaid(with: labels, palette: palette, opacity: 0.55).enlarged(by: factor)
    }
    let areas = zip(
      whole.areas(classes: palette.count), part.areas(classes: palette.count)
    ).map(+)
    return FigureSheet(
      title: "\(image.fileName.printable), region \(region), \(input.configuration.name)",
      panels: [
        FigureSheet.Panel(
          input.picture.outlined(region, thickness: max(1, input.picture.width / 250)),
          caption: "whole picture"),
        FigureSheet.Panel(coloured(whole), caption: "as part of the whole picture"),
        FigureSheet.Panel(
          coloured(part), caption: "by itself, \(scale.formatted(decimals: 2)) times as large"),
      ],
      legend: areas.indices.filter { areas[$0] > 0 }.map {
        FigureSheet.LegendEntry(palette[$0], input.configuration.classes[$0])
      })
  }

  private func text(_ input: LensInput, _ change: LabelChange) -> String {
    var table = TextTable(["class", "whole picture", "by itself"])
    for k in change.before.indices where change.before[k] + change.after[k] > 0 {
      table.add([
        input.configuration.classes[k].printable, change.before[k].grouped, change.after[k].grouped,
      ])
    }
    return "\((100 * change.share).formatted(decimals: 2)) % of the region's "
      + "\(change.pixels.grouped) pixels differ\n\n" + table.text
  }

  private func json(_ input: LensInput, _ change: LabelChange) -> JSON {
    .report(
      "lens.view",
      input.members + [
        JSON.Member("region", .string("\(region)")),
        JSON.Member("scale", .number(scale, decimals: 4)),
        JSON.Member("context", .number("\(PixelRegion.context)")),
        JSON.Member("pixels", .number("\(change.pixels)")),
        JSON.Member("different", .number("\(change.different)")),
        JSON.Member(
          "classes",
          .array(
            input.configuration.classes.enumerated().map { k, name in
              .object([
                JSON.Member("name", .string(name)),
                JSON.Member("whole", .number("\(change.before[k])")),
                JSON.Member("part", .number("\(change.after[k])")),
              ])
            })),
      ])
  }
}
