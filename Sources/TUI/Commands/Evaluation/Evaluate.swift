import ArgumentParser
import Core
import Foundation
import Glibc

/// `hfgd eval MODEL --data DIR`: exact scores over a labelled data set.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Measure a checkpoint, or predicted label maps, on labelled pictures.",
    usage: "hfgd eval <model> --data <data> [<options>]",
    discussion: """
      MODEL is a checkpoint, a preset with --random, or a folder of predicted
      PNGs. The data set is a folder or tar archive of a known layout
      (docs/datasets.md lists them), or - for a list of pictures and labels on
      standard input. All figures are percent, and reductions of exact counts
      (docs/metrics.md).

      The counts of each image are kept as soon as it is done, so a run that was
      stopped or killed goes on with --resume and ends with the same result.
      hfgd runs lists what is kept.

      EXAMPLES
        hfgd eval model.safetensors --data camvid
        hfgd eval model.safetensors --data ade20k.tar --reconcile
        hfgd eval model.safetensors --data cityscapes --metrics boundary,instances \\
          --boundary-ratio 0.005 --protocol mmseg --slide 769x769@513 --resume
        hfgd eval predictions/ --data camvid --per-image images.csv --json
        hfgd eval model.safetensors --data camvid --expect 'mIoU>=66.9' --quiet
        hfgd eval model.safetensors --data coco --shard 3/8 --store part3.sqlite
      """)

  @OptionGroup var modelOptions: ModelOptions

  @Option(name: .long, help: "The folder or tar archive of the data set.", completion: .directory)
  var data: String

  @OptionGroup var dataOptions: DataSetOptions
  @OptionGroup var stage: StageOptions
  @OptionGroup var protocolOptions: ProtocolOptions
  @OptionGroup var metrics: MetricOptions

  @Option(
    name: .long,
    help: "Whose rules make scores of the counts: \(Self.conventions).")
  var convention = Convention.mmseg

  @Option(name: .long, help: "How much recall weighs in the F-score.")
  var beta = 1.0

  @Flag(name: .long, help: "Show all conventions side by side, and why they differ.")
  var reconcile = false

  @OptionGroup var storeOptions: StoreOptions

  @Flag(name: .long, help: "Keep nothing.")
  var noStore = false

  @Flag(name: .long, help: "Go on with the latest run of the same, where there is one.")
  var resume = false

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Count only part I of N; auto takes them from a Slurm array, auto/N from a Kubernetes indexed job.",
      valueName: "I/N"))
  var shard: Shard?

  @Option(name: .long, help: "The order of classes: iou, name or classes.")
  var sort = EvaluationReport.Order.iou

  @Option(
    name: .long, help: "Write a line of CSV for each image; - is standard output.",
    completion: .file())
  var perImage: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The confusion matrix: - shows it below the tables, a name ending in .png or .jpg makes a figure.",
      valueName: "file"), completion: .file(extensions: ["png", "jpg"]))
  var confusion: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "End with status 5 unless it holds, as 'mIoU>=59.9' or 'IoU.Car>80'; may be given repeatedly.",
      valueName: "demand"))
  var expect: [Expectation] = []

  @Flag(name: .long, help: "Print the classes as CSV.")
  var csv = false

  @Flag(name: .long, help: "Print tables in Markdown.")
  var markdown = false

  @Option(name: .long, help: "Use colour: auto, always or never.")
  var color: ColourDepth.Choice = .auto

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var report: ReportOptions

  private static var conventions: String {
    Convention.allCases.map(\.rawValue).joined(separator: ", ")
  }

  mutating func validate() throws {
    guard [report.json, csv, markdown, perImage == "-"].count(where: { $0 }) < 2 else {
      throw ValidationError("give one of --json, --csv, --markdown and --per-image -.")
    }
    guard beta > 0, beta.isFinite else {
      throw ValidationError("--beta is above 0, not \(beta).")
    }
    if let confusion, confusion != "-", ImageFormat(path: confusion) == nil {
      throw ValidationError("--confusion is - or a file that ends in .png or .jpg.")
    }
    if resume && noStore {
      throw ValidationError("--resume needs the results that --no-store does not keep.")
    }
  }

  func run() throws {
    let interrupt = Interrupt()
    let subject = try EvaluationSubject(
      modelOptions.reference, stage: stage, rules: protocolOptions.rules, threads: threads.budget)
    let dataSet = try dataOptions.open(data, classes: subject.classes)
    guard let classes = (subject.classes ?? dataSet.classes)?.names else {
      throw CommandFailure(
        .dataSet, "\(data): nothing names the classes; add a classes.txt, a name on each line")
    }
    if case .predictions = subject.source, metrics.extras.contains(.calibration) {
      throw CommandFailure(
        .usage, "predicted label maps have no confidence; leave calibration out of --metrics")
    }
    if metrics.extras.contains(.instances), ![19, 34].contains(classes.count) {
      throw CommandFailure(
        .usage,
        "instances are counted for Cityscapes' 19 classes or 34 label ids, not for \(classes.count) classes"
      )
    }
    let evaluation = Evaluation(
      subject, model: modelOptions.model, on: dataSet, classes: classes, metrics, shard: shard,
      store: noStore ? nil : try storeOptions.open())
    let outcome = try evaluation.run(resumes: resume, isQuiet: report.quiet, interrupt)
    let (done, all) = (outcome.images.count, evaluation.samples.count)
    if outcome.isInterrupted {
      let rest = noStore ? "nothing was kept" : "the same command with --resume goes on"
      throw CommandFailure(
        .interrupted, "interrupted after \(done) of \(all.counted("image")); \(rest)")
    }
    if done == 0 {
      throw CommandFailure(.dataSet, "no image of \(data) \(dataSet.split) could be used")
    }
    let result = EvaluationReport(
      evaluation.description, convention: convention, beta: beta, images: outcome.images,
      failed: outcome.failed)
    warnOfStrayLabels(result)
    try print(result)
    try check(result)
    if !outcome.failed.isEmpty {
      throw CommandFailure(
        .someInputsFailed, "\(outcome.failed.count) of \(all.counted("image")) failed")
    }
  }

  private func print(_ result: EvaluationReport) throws {
    if let perImage, perImage != "-" {
      do throws(FileFailure) {
        try AtomicFile.write(Array((result.perImageCSV + "\n").utf8), to: perImage)
      } catch {
        throw CommandFailure(.someInputsFailed, error.description)
      }
    }
    if let confusion, confusion != "-" {
      do throws(ImageFailure) {
        try ImageFile.write(
          result.confusionChart.figure(title: result.title).picture(), to: confusion)
      } catch {
        throw CommandFailure(.someInputsFailed, error.description)
      }
    }
    let text: String
    if report.json {
      text = result.json(perImage: perImage != nil).text
    } else if csv {
      text = result.csv
    } else if markdown {
      text = result.markdown(by: sort)
    } else if perImage == "-" {
      text = result.perImageCSV
    } else {
      let depth = ColourDepth.detect(
        color, environment: ProcessInfo.processInfo.environment,
        isTerminal: isatty(STDOUT_FILENO) == 1)
      text =
        result.text(by: sort, depth: depth)
        + (reconcile ? "\n\n" + result.reconciliationText : "")
        + (confusion == "-" ? "\n\n" + result.confusionText(depth) : "")
    }
    try StandardOutput.print(text)
  }

  /// Ends with status 5 where a demand is not met.
  private func check(_ result: EvaluationReport) throws {
    for demand in expect {
      guard let value = result.value(named: demand.name) else {
        let names = result.means.map(\.name).joined(separator: ", ")
        throw CommandFailure(
          .usage,
          "--expect \(demand.text): there is no \(demand.name); there are \(names), and measures of a class as IoU.\(result.description.classes[0])"
        )
      }
      guard demand.isMet(by: value) else {
        throw CommandFailure(
          .expectationNotMet, "\(demand.text) does not hold: it is \(value.formatted(decimals: 4))")
      }
    }
  }

  private func warnOfStrayLabels(_ result: EvaluationReport) {
    let matrix = result.total.confusion
    guard matrix.strayTruth > 0 && !report.quiet else { return }
    StandardError.print(
      "hfgd: warning: \(Int(matrix.strayTruth).counted("pixel")) of the labels are neither a class, "
        + "0 to \(matrix.classes - 1), nor \(result.description.ignoreIndex), which is ignored; what is predicted there counts as wrong; "
        + "hfgd doctor \(data.printable) tells more")
  }
}

extension Convention: ExpressibleByArgument {}
extension EvaluationReport.Order: ExpressibleByArgument {}
