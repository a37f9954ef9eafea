import ArgumentParser
import Core
import Foundation

/// `hfgd predict MODEL INPUT… -o OUT`: segmented pictures as files.
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Segment pictures and write the results as files.",
    usage: "hfgd predict <model> <inputs> ... --output <output> [<options>]",
    discussion: """
      Folders are searched with their sub-folders, which are mirrored below OUT.
      Each picture gives, as --format says,

        STEM.overlay.png    the picture under the colours of its classes
        STEM.contour.png    the picture with the borders of its classes
        STEM.errors.png     right, wrong and ignored pixels (needs --labels)
        STEM.indexed.png    a palette PNG of class numbers
        STEM.id.png         a grey PNG of class numbers
        STEM.labelIds.png   a grey PNG of Cityscapes' label ids (19 classes)
        STEM.png            submission: class numbers + 1 (ADE20K)
        STEM.logits.npy     float32 [K, H, W] at the picture's size

      A picture that cannot be read is reported and the rest goes on; the exit
      status is then 1. What is finished stands in OUT/predict.jsonl: after a run
      that was stopped or killed, --resume with the same arguments does the rest.

      EXAMPLES
        hfgd predict model.safetensors photos/ -o out
        hfgd predict model.safetensors a.jpg b.png -o out --format overlay,id
        hfgd predict model.safetensors photos/ -o out --resume
        hfgd predict model.safetensors camvid/val -o out --format errors \\
          --labels camvid/valannot
        hfgd predict model.safetensors leftImg8bit/test -o out --format labelIds \\
          --protocol mmseg --slide 769x769@513 --scales 0.75,1,1.25 --flip
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

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Any of overlay, contour, errors, indexed, id, labelIds, submission and logits, separated by commas.",
      valueName: "formats"))
  var format = PredictionFormats([.overlay])

  @Option(
    name: .long, help: "The folder of the label maps, PNG of the pictures' names, for errors.",
    completion: .directory)
  var labels: String?

  @Option(name: .long, help: "Opacity of the class colours in overlays, 0 to 1.")
  var opacity = 0.5

  @Option(name: .long, help: "File type of overlays, contours and errors: png or jpg.")
  var overlayType = OverlayType.png

  @Option(name: .long, help: "Refuse pictures with more megapixels than this.")
  var maxMegapixels = ImageFile.defaultMaxPixels / 1_000_000

  @Flag(name: .long, help: "Keep what an earlier run with the same arguments finished.")
  var resume = false

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
    guard format.formats.contains(.errors) == (labels != nil) else {
      throw ValidationError(
        labels == nil
          ? "--format errors needs the label maps: --labels FOLDER."
          : "--labels goes with --format errors.")
    }
  }

  func run() throws {
    let interrupt = Interrupt()
    let model = try modelOptions.load(threads: threads.budget)
    let stride = try stage.outputStride(of: model.configuration)
    let conditions = inference.conditions(for: model.configuration)
    try conditions.check(model.configuration)
    for format in format.formats {
      if let obstacle = format.obstacle(for: model.configuration) {
        throw CommandFailure(.usage, obstacle)
      }
    }
    let writer = PredictionWriter(
      formats: format.formats, configuration: model.configuration, output: output,
      opacity: opacity, overlayType: overlayType.rawValue, labels: labels)
    let inputs = try PredictionInputs(inputs, output: output)
    try inputs.checkPicturesStay(output: output, files: writer.names)
    let items = inputs.items
    do throws(FileFailure) { try Folder.create(output) } catch {
      throw CommandFailure(.someInputsFailed, error.description)
    }
    let journal = try PredictionJournal(
      output: output, arguments: try arguments(stride, conditions), isResumed: resume)
    let open = items.filter { !journal.holds($0, files: writer.files(of: $0.stem)) }
    let segmenter = Segmenter(model, threads: threads.budget, without: conditions.ablation)
    var progress = Progress(total: open.count, isQuiet: report.quiet)
    var done: [JSON] = []
    var failed: [JSON] = []

    for item in open {
      if interrupt.isRequested { break }
      do {
        done.append(try predict(item, segmenter, conditions.rules, stride, writer, interrupt))
        try journal.note(item)
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
    try finish(
      done, failed, kept: items.count - open.count, of: items.count, stride, model.configuration,
      interrupt)
  }

  /// All that the results depend on, the pictures apart.
  private func arguments(_ stride: Int, _ conditions: Conditions) throws -> [String] {
    [
      "hfgd.predict/1", "model=\(try modelOptions.identity())", "os=\(stride)",
      "protocol=\(conditions)", "format=\(format.defaultValueDescription)",
      "opacity=\(opacity)", "overlay-type=\(overlayType.rawValue)", "labels=\(labels ?? "none")",
    ]
  }

  /// Reads, segments and writes one picture; returns what the report says of it.
  private func predict(
    _ item: PredictionInputs.Item, _ segmenter: Segmenter, _ rules: InferenceProtocol,
    _ stride: Int, _ writer: PredictionWriter, _ interrupt: Interrupt
  ) throws -> JSON {
    let picture = try ImageFile.readPicture(
      at: item.image, maxPixels: maxMegapixels * 1_000_000)
    let truth = try writer.truth(
      of: item.stem, size: Size(width: picture.width, height: picture.height))
    try segmenter.checkMemory(
      width: picture.width, height: picture.height, rules: rules, outputStride: stride,
      including: writer.extras)
    let clock = ContinuousClock()
    let start = clock.now
    let result = try segmenter.segment(
      picture, rules: rules, outputStride: stride, including: writer.extras
    ) { interrupt.isRequested }
    let milliseconds = (clock.now - start) / .milliseconds(1)
    let paths = try writer.write(result, of: picture, truth: truth, stem: item.stem)
    return .object([
      JSON.Member("input", .string(item.image)),
      JSON.Member("width", .number("\(picture.width)")),
      JSON.Member("height", .number("\(picture.height)")),
      JSON.Member("milliseconds", .number(milliseconds, decimals: 1)),
      JSON.Member(
        "files",
        .object(zip(writer.formats, paths).map { JSON.Member($0.rawValue, .string($1)) })),
    ])
  }

  private func finish(
    _ done: [JSON], _ failed: [JSON], kept: Int, of total: Int, _ stride: Int,
    _ configuration: ModelConfiguration, _ interrupt: Interrupt
  ) throws {
    if report.json {
      try StandardOutput.print(
        JSON.report(
          "predict",
          [
            JSON.Member("model", .string(modelOptions.model)),
            JSON.Member("output_stride", .number("\(stride)")),
            JSON.Member(
              "protocol", .string("\(inference.conditions(for: configuration))")),
            JSON.Member("classes", .array(configuration.classes.map { .string($0) })),
            JSON.Member("kept", .number("\(kept)")),
            JSON.Member("images", .array(done)), JSON.Member("failed", .array(failed)),
          ]
        ).text)
    } else if !report.quiet {
      StandardError.print(
        "\(done.count) of \(total.counted("picture")) written to \(output.printable)"
          + (kept > 0 ? ", \(kept) kept" : ""))
    }
    if interrupt.isRequested { throw CommandFailure(.interrupted, "") }
    if !failed.isEmpty {
      throw CommandFailure(
        .someInputsFailed, "\(failed.count) of \(total.counted("picture")) failed")
    }
  }
}
