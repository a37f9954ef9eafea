import ArgumentParser
import Core
import Viz

/// `hfgd figure A [B] --data DIR -o FILE`: a contact sheet as papers have it.
struct Figure: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw a sheet of images: picture, truth, predictions, errors.",
    usage: "hfgd figure <a> [<b>] --data <data> --output <file> [<options>]",
    discussion: """
      A and B are checkpoints, presets with --random, or folders of predicted
      PNGs. Each row is an image; under the panels stand its name, the mIoU of
      each prediction and its share of wrong pixels. The worst, the best and the
      most different images are found by what hfgd eval has counted; what it has
      not is counted first, and kept.

      EXAMPLES
        hfgd figure model.safetensors --data camvid -o first.png
        hfgd figure a.safetensors b.safetensors --data camvid -o ab.png \\
          --choose different --images 6
        hfgd figure a.safetensors predictions/ --data camvid -o two.jpg \\
          --name 0016E5_07959 --name 0016E5_08151 --json
      """)

  @Argument(
    help: "A checkpoint, a preset with --random, or a folder of predictions.",
    completion: .file())
  var a: String

  @Argument(help: "One to show beside it.", completion: .file())
  var b: String?

  @Option(name: .long, help: "Give presets the random weights of this seed.")
  var random: UInt64?

  @Option(name: .long, help: "The folder or tar archive of the data set.", completion: .directory)
  var data: String

  @Option(
    name: .shortAndLong, help: "The figure to write, .png or .jpg.",
    completion: .file(extensions: ["png", "jpg"]))
  var output: String

  @Option(name: .long, help: "How many images.")
  var images = 4

  @Option(name: .long, help: "Which: first, worst or best (of A), different (A and B).")
  var choose = ImageChoice.first

  @Option(
    name: .customLong("name"),
    help: "The name of an image, instead of a choice; may be given repeatedly.")
  var names: [String] = []

  @Option(name: .long, help: "The line over everything.")
  var title: String?

  @Option(name: .long, help: "Opacity of class colours over the picture, from 0 to 1.")
  var opacity = 1.0

  @Option(name: .long, help: "Pictures are scaled down to this many pixels on their longer side.")
  var longestSide = 960

  @Flag(name: .long, help: "Light on dark, for slides.")
  var dark = false

  @Flag(name: .long, help: "Colours that are safe for the colour-blind.")
  var safeColours = false

  @OptionGroup var dataOptions: DataSetOptions
  @OptionGroup var stage: StageOptions
  @OptionGroup var protocolOptions: ProtocolOptions
  @OptionGroup var storeOptions: StoreOptions

  @Flag(name: .long, help: "Keep nothing, and use nothing that was kept.")
  var noStore = false

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var report: ReportOptions

  /// A sheet of more is higher than anybody scrolls.
  private static let mostImages = 100

  mutating func validate() throws {
    guard ImageFormat(path: output) != nil else {
      throw ValidationError("--output is a file that ends in .png or .jpg.")
    }
    guard 1...Self.mostImages ~= images, names.count <= Self.mostImages else {
      throw ValidationError("a sheet has 1 to \(Self.mostImages) images.")
    }
    guard 0...1 ~= opacity else {
      throw ValidationError("--opacity is from 0 to 1, not \(opacity).")
    }
    guard 16...8192 ~= longestSide else {
      throw ValidationError("--longest-side is from 16 to 8192, not \(longestSide).")
    }
    if choose == .different && b == nil {
      throw ValidationError("--choose different needs two models.")
    }
    if choose != .first && !names.isEmpty {
      throw ValidationError("give --name or --choose, not both.")
    }
  }

  func run() throws {
    let interrupt = Interrupt()
    try storeOptions.refuse(output: output)
    let store = noStore || !choose.needsScores ? nil : try storeOptions.open()
    let sides = try Evaluation.of(
      [a] + (b.map { [$0] } ?? []), seed: random, data: data, dataOptions, stage,
      protocolOptions.conditions(for:), threads.budget, store: store)
    let samples = try chosenSamples(of: sides, interrupt)
    var sheet = ContactSheet(
      models: sides.map(\.description.title), classes: sides[0].classTable,
      scheme: safeColours ? .safe : .usual)
    var progress = Progress(total: samples.count, isQuiet: report.quiet)
    var failed = 0
    for sample in samples {
      do throws(EvaluationSubject.Failure) {
        let seen = try SeenImage(sample, by: sides.map(\.subject)) { interrupt.isRequested }
        sheet.add(
          sample.name, seen.picture, truth: seen.truth, predictions: seen.predictions,
          opacity: opacity, longestSide: longestSide)
      } catch {
        guard case .unusable(let message) = error else {
          throw CommandFailure(.interrupted, "interrupted; nothing was written")
        }
        progress.interrupt(with: "hfgd: \(message.printable)")
        failed += 1
      }
      progress.advance(sample.name)
    }
    progress.finish()
    guard failed < samples.count else {
      throw CommandFailure(.dataSet, "no image of \(data) could be used; nothing was written")
    }
    let figure = sheet.figure(title: title, look: dark ? .dark : .light)
    do throws(ImageFailure) { try ImageFile.write(figure.picture(), to: output) } catch {
      throw CommandFailure(.someInputsFailed, error.description)
    }
    try StandardOutput.print(
      report.json
        ? json(sheet, figure, sides).text
        : "\(output.printable) has \(sheet.rows.count.counted("image"))")
    if failed > 0 {
      throw CommandFailure(
        .someInputsFailed, "\(failed) of \(samples.count.counted("image")) failed")
    }
  }

  /// The images to draw, in the order of their rows.
  private func chosenSamples(of sides: [Evaluation], _ interrupt: Interrupt) throws -> [Sample] {
    let samples = sides[0].dataSet.samples
    if !names.isEmpty {
      return try names.map { name in
        guard let sample = samples.first(where: { $0.name == name }) else {
          throw CommandFailure(
            .usage,
            "--name \(name): \(data) \(sides[0].dataSet.split) has no image of that name; its first is \(samples.first?.name ?? "none")"
          )
        }
        return sample
      }
    }
    guard choose.needsScores else { return Array(samples.prefix(images)) }
    let scores = try sides.map { side in
      let known = Dictionary(
        try side.images(isQuiet: report.quiet, interrupt).map {
          ($0.name, $0.counts.confusion.meanIoU)
        }, uniquingKeysWith: { first, _ in first })
      return samples.map { known[$0.name] ?? .nan }
    }
    return choose.chosen(images, from: scores).map { samples[$0] }
  }

  /// What is in the figure, percent, as `hfgd.figure/1`.
  private func json(_ sheet: ContactSheet, _ figure: FigureSheet, _ sides: [Evaluation]) -> JSON {
    func number(_ share: Double) -> JSON { .number(100 * share, decimals: 4) }
    return .report(
      "figure",
      [
        JSON.Member("file", .string(output)),
        JSON.Member("width", .number("\(figure.size.width)")),
        JSON.Member("height", .number("\(figure.size.height)")),
        JSON.Member("columns", .array(figure.headings.map { .string($0) })),
        JSON.Member("models", .array(sides.map { .object($0.description.identification) })),
        JSON.Member(
          "images",
          .array(
            sheet.rows.map { row in
              .object([
                JSON.Member("name", .string(row.name)),
                JSON.Member("mIoU", .array(row.counts.map { number($0.meanIoU) })),
                JSON.Member("aAcc", .array(row.counts.map { number($0.pixelAccuracy) })),
              ])
            })),
      ])
  }
}

extension ImageChoice: ExpressibleByArgument {}
