import ArgumentParser
import Core
import Foundation
import Viz

/// `hfgd predict MODEL INPUT… -o OUT`: segmented pictures as files.
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Segment pictures and write the results as files.",
    usage: "hfgd predict <model> <inputs> ... --output <output> [<options>]",
    discussion: """
      Folders are searched with their sub-folders, which are mirrored below OUT.
      Each picture gives, as --format says,

        STEM.overlay.png    the picture under the colours of its classes
        STEM.indexed.png    a palette PNG of class numbers
        STEM.id.png         a grey PNG of class numbers
        STEM.logits.npy     float32 [K, H, W] at the picture's size

      A picture that cannot be read is reported and the rest goes on; the exit
      status is then 1.

      EXAMPLES
        hfgd predict model.safetensors photos/ -o out
        hfgd predict model.safetensors a.jpg b.png -o out --format overlay,id
        hfgd predict hfgd-resnet50_beta-os2 --random 1 a.jpg -o out --format logits
      """)

  enum OverlayType: String, ExpressibleByArgument, CaseIterable {
    case png, jpg
  }

  @OptionGroup var modelOptions: ModelOptions

  @Argument(help: "Pictures (PNG, JPEG) and folders of pictures.", completion: .file())
  var inputs: [String]

  @Option(
    name: .shortAndLong, help: "The folder for the results; made where it is missing.",
    completion: .directory)
  var output: String

  @Option(name: .long, help: "Any of overlay, indexed, id and logits, separated by commas.")
  var format = PredictionFormats([.overlay])

  @Option(name: .long, help: "Opacity of the class colours in overlays, 0 to 1.")
  var opacity = 0.5

  @Option(name: .long, help: "File type of overlays: png or jpg.")
  var overlayType = OverlayType.png

  @Option(name: .long, help: "Refuse pictures with more megapixels than this.")
  var maxMegapixels = ImageFile.defaultMaxPixels / 1_000_000

  @OptionGroup var stage: StageOptions
  @OptionGroup var inference: ProtocolOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var report: ReportOptions

  mutating func validate() throws {
    guard 0...1 ~= opacity else {
      throw ValidationError("--opacity is from 0 to 1, not \(opacity).")
    }
    guard 1...100_000 ~= maxMegapixels else {
      throw ValidationError("--max-megapixels is from 1 to 100000, not \(maxMegapixels).")
    }
    guard !output.isEmpty else { throw ValidationError("--output is the name of a folder.") }
  }

  func run() throws {
    let interrupt = Interrupt()
    let model = try modelOptions.load()
    let stride = try stage.outputStride(of: model.configuration)
    if format.formats.contains(.indexed) && model.configuration.classes.count > 256 {
      throw CommandFailure(
        .usage,
        "a palette PNG holds 256 classes, the model has \(model.configuration.classes.count); give --format id"
      )
    }
    let items = try PredictionInputs(inputs, output: output).items
    do throws(FileFailure) { try Folder.create(output) } catch {
      throw CommandFailure(.someInputsFailed, error.description)
    }
    let segmenter = Segmenter(model, threads: threads.budget)
    var progress = Progress(total: items.count, isQuiet: report.quiet)
    var done: [JSON] = []
    var failed: [JSON] = []

    for item in items {
      if interrupt.isRequested { break }
      do {
        done.append(try predict(item, segmenter, stride, interrupt))
      } catch is Cancelled {
        break
      } catch let error as any Error & CustomStringConvertible {
        // A codec knows its file; a picture that is too large for the machine does not know its own.
        let message =
          error is TooLittleMemory ? "\(item.image): \(error.description)" : error.description
        progress.interrupt(with: "hfgd: \(message.printable)")
        failed.append(
          .object([
            JSON.Member("input", .string(item.image)),
            JSON.Member("error", .string(message)),
          ]))
      }
      progress.advance(item.image)
    }
    progress.finish()
    try finish(done, failed, of: items.count, stride, model.configuration, interrupt)
  }

  /// Reads, segments and writes one picture; returns what the report says of it.
  private func predict(
    _ item: PredictionInputs.Item, _ segmenter: Segmenter, _ stride: Int, _ interrupt: Interrupt
  ) throws -> JSON {
    let picture = try ImageFile.readPicture(
      at: item.image, maxPixels: maxMegapixels * 1_000_000)
    let extras: Set<Segmentation.Extra> = format.formats.contains(.logits) ? [.logits] : []
    try segmenter.checkMemory(
      width: picture.width, height: picture.height, rules: inference.rules, outputStride: stride,
      including: extras)
    let clock = ContinuousClock()
    let start = clock.now
    let result = try segmenter.segment(
      picture, rules: inference.rules, outputStride: stride, including: extras
    ) { interrupt.isRequested }
    let milliseconds = (clock.now - start) / .milliseconds(1)

    let stem = output.appendingPath(item.stem)
    try Folder.create(stem.parentFolder)
    var files: [JSON.Member] = []
    for kind in format.formats {
      let path = stem + kind.suffix(overlayType: overlayType.rawValue)
      try write(result, of: picture, as: kind, segmenter.model.configuration, to: path)
      files.append(JSON.Member(kind.rawValue, .string(path)))
    }
    return .object([
      JSON.Member("input", .string(item.image)),
      JSON.Member("width", .number("\(picture.width)")),
      JSON.Member("height", .number("\(picture.height)")),
      JSON.Member("milliseconds", .number(milliseconds, decimals: 1)),
      JSON.Member("files", .object(files)),
    ])
  }

  private func write(
    _ result: Segmentation, of picture: Picture, as kind: PredictionFormat,
    _ configuration: ModelConfiguration, to path: String
  ) throws {
    switch kind {
    case .overlay:
      let overlay = picture.overlaid(
        with: result.labels, palette: configuration.palette, opacity: opacity)
      try ImageFile.write(overlay, to: path)
    case .indexed: try ImageFile.write(result.labels, palette: configuration.palette, to: path)
    case .id: try ImageFile.write(result.labels, to: path)
    case .logits:
      if let logits = result.logits { try AtomicFile.write(logits.channelsFirstNPY, to: path) }
    }
  }

  private func finish(
    _ done: [JSON], _ failed: [JSON], of total: Int, _ stride: Int,
    _ configuration: ModelConfiguration, _ interrupt: Interrupt
  ) throws {
    if report.json {
      try StandardOutput.print(
        JSON.report(
          "predict",
          [
            JSON.Member("model", .string(modelOptions.model)),
            JSON.Member("output_stride", .number("\(stride)")),
            JSON.Member("classes", .array(configuration.classes.map { .string($0) })),
            JSON.Member("images", .array(done)), JSON.Member("failed", .array(failed)),
          ]
        ).text)
    } else if !report.quiet {
      StandardError.print(
        "\(done.count) of \(total.counted("picture")) written to \(output.printable)")
    }
    if interrupt.isRequested { throw CommandFailure(.interrupted, "") }
    if !failed.isEmpty {
      throw CommandFailure(
        .someInputsFailed, "\(failed.count) of \(total.counted("picture")) failed")
    }
  }
}
