import ArgumentParser
import Core

/// `hfgd compare A B --data DIR`: what separates two models, and how sure that is.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare two models on labelled pictures.",
    usage: "hfgd compare <a> <b> --data <data> [<options>]",
    discussion: """
      A and B are checkpoints, presets with --random, or folders of predicted
      PNGs. Prints the IoU of every class, the difference of mIoU with its 95 %
      interval and p-value (paired bootstrap over the images), and the images
      that speak most for either side: how much the difference changes without
      them. All differences are B less A; docs/metrics.md has the formulas.

      What hfgd eval has counted before, under the same protocol, is taken from
      the store and not measured again; what is counted now is kept there.

      EXAMPLES
        hfgd compare old.safetensors new.safetensors --data camvid
        hfgd compare a.safetensors predictions/ --data camvid --markdown
        hfgd compare a.safetensors b.safetensors --data ade20k --json
      """)

  @Argument(
    help: "A checkpoint, a preset with --random, or a folder of predictions.",
    completion: .file())
  var a: String

  @Argument(help: "The one to compare with it.", completion: .file())
  var b: String

  @Option(name: .long, help: "Give presets the random weights of this seed.")
  var random: UInt64?

  @Option(name: .long, help: "The folder or tar archive of the data set.", completion: .directory)
  var data: String

  @OptionGroup var dataOptions: DataSetOptions
  @OptionGroup var stage: StageOptions
  @OptionGroup var protocolOptions: ProtocolOptions
  @OptionGroup var storeOptions: StoreOptions

  @Flag(name: .long, help: "Keep nothing, and use nothing that was kept.")
  var noStore = false

  @OptionGroup var options: ComparisonOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var report: ReportOptions

  mutating func validate() throws { try options.validate(isJSON: report.json) }

  func run() throws {
    let interrupt = Interrupt()
    let store = noStore ? nil : try storeOptions.open()
    let sides = try Evaluation.of(
      [a, b], seed: random, data: data, dataOptions, stage,
      protocolOptions.conditions(for:), threads.budget, store: store)
    let overlaps = try sides.map { try self.overlaps($0, interrupt) }
    let result = try ComparisonReport(
      sides[0].description, overlaps[0], sides[1].description, overlaps[1],
      options.draws(threads.budget))
    try options.print(result, asJSON: report.json)
    let all = sides[0].samples.count
    if result.images.count < all {
      throw CommandFailure(
        .someInputsFailed, "\(all - result.images.count) of \(all.counted("image")) failed")
    }
  }

  private func overlaps(_ evaluation: Evaluation, _ interrupt: Interrupt) throws
    -> [String: ClassOverlaps]
  {
    let images = try evaluation.images(isQuiet: report.quiet, interrupt)
    return Dictionary(
      images.map { ($0.name, ClassOverlaps($0.counts.confusion)) },
      uniquingKeysWith: { first, _ in first })
  }
}
