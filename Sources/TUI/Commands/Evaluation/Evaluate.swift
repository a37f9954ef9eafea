import ArgumentParser
import Core

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
      hfgd runs lists what is kept. --corrupt keeps a run for each corruption and
      goes on with what there is of them.

      EXAMPLES
        hfgd eval model.safetensors --data camvid
        hfgd eval model.safetensors --data ade20k.tar --reconcile
        hfgd eval model.safetensors --data cityscapes --metrics boundary,instances \\
          --boundary-ratio 0.005 --protocol mmseg --slide 769x769@513 --resume
        hfgd eval predictions/ --data camvid --per-image images.csv --json
        hfgd eval model.safetensors --data camvid --expect 'mIoU>=66.9' --quiet
        hfgd eval model.safetensors --data camvid --corrupt all --markdown
        hfgd eval model.safetensors --data camvid --without axial,p2
        hfgd eval model.safetensors --data coco --shard 3/8 --store part3.sqlite
        mpirun -n 4 hfgd eval model.safetensors --data coco --threads 8
      """)

  @OptionGroup var modelOptions: ModelOptions

  @Option(name: .long, help: "The folder or tar archive of the data set.", completion: .directory)
  var data: String

  @OptionGroup var dataOptions: DataSetOptions
  @OptionGroup var stage: StageOptions
  @OptionGroup var protocolOptions: ProtocolOptions
  @OptionGroup var metrics: MetricOptions

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

  @Option(
    name: .long,
    help: ArgumentHelp(
      "End with status 5 unless it holds, as 'mIoU>=59.9' or 'IoU.Car>80'; may be given repeatedly.",
      valueName: "demand"))
  var expect: [Expectation] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Measure corrupted pictures and print a table: all, or any of \(Self.corruptions), each perhaps with a severity, as fog:3.",
      valueName: "names"))
  var corrupt: CorruptionList?

  @OptionGroup var output: EvaluationOutput
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var report: ReportOptions

  private static var corruptions: String {
    Corruption.Kind.allCases.map(\.rawValue).joined(separator: ", ")
  }

  mutating func validate() throws {
    try output.validate(isJSON: report.json)
    if corrupt != nil {
      let isOther =
        shard != nil || !expect.isEmpty || output.perImage != nil || output.confusion != nil
        || output.reconcile || !metrics.extras.isEmpty
      guard !isOther else {
        throw ValidationError(
          "--corrupt makes a table of mIoU; leave out --shard, --expect, --per-image, --confusion, --reconcile and --metrics."
        )
      }
    }
    if resume && noStore {
      throw ValidationError("--resume needs the results that --no-store does not keep.")
    }
  }

  func run() throws {
    let interrupt = Interrupt()
    let processes = try Processes.joined()
    if let corrupt {
      guard processes.count == 1 else {
        throw CommandFailure(.usage, "--corrupt works in one process; leave out mpirun")
      }
      return try measureRobustness(to: corrupt.corruptions, interrupt)
    }
    guard let evaluation = try processes.together({ try evaluation(sharedBy: processes) }) else {
      return
    }
    let outcome = try evaluation.run(resumes: resume, isQuiet: report.quiet, interrupt)
    Processes.leave()
    if processes.isFirst { try tell(outcome, of: evaluation) }
  }

  /// What is to be counted.
  func evaluation(sharedBy processes: any Communicator) throws -> Evaluation {
    let subject = try EvaluationSubject(
      modelOptions.reference, stage: stage, protocolOptions.conditions(for:),
      threads: threads.budget)
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
      store: noStore || !processes.isFirst ? nil : try storeOptions.open(), sharedBy: processes)
    try refuseWhatCannotBe(evaluation)
    return evaluation
  }

  /// Prints what was found, and fails where it is not what was demanded.
  private func tell(_ outcome: Evaluation.Outcome, of evaluation: Evaluation) throws {
    let (done, all) = (outcome.images.count, evaluation.samples.count)
    if outcome.isInterrupted {
      let rest = noStore ? "nothing was kept" : "the same command with --resume goes on"
      throw CommandFailure(
        .interrupted, "interrupted after \(done) of \(all.counted("image")); \(rest)")
    }
    // Where there are more parts than images, some parts have none.
    if done == 0 && (shard == nil || all > 0) {
      throw CommandFailure(
        .dataSet, "no image of \(data) \(evaluation.dataSet.split) could be used")
    }
    let result = EvaluationReport(
      evaluation.description, convention: output.convention, beta: output.beta,
      images: outcome.images, failed: outcome.failed)
    warnOfStrayLabels(result)
    try output.print(result, asJSON: report.json)
    try check(result)
    if !outcome.failed.isEmpty {
      throw CommandFailure(
        .someInputsFailed, "\(outcome.failed.count) of \(all.counted("image")) failed")
    }
  }

  /// Finds out before hours of counting what could only fail after them.
  private func refuseWhatCannotBe(_ evaluation: Evaluation) throws {
    let description = evaluation.description
    guard description.classes.count <= ImageCounts.classLimit else {
      throw CommandFailure(
        .dataSet,
        "\(data): at most \(ImageCounts.classLimit) classes can be counted, not \(description.classes.count)"
      )
    }
    if !noStore {
      for file in [output.perImage, output.confusion] { try storeOptions.refuse(output: file) }
    }
    let blank = EvaluationReport(description, convention: output.convention, images: [])
    for demand in expect where blank.value(named: demand.name) == nil {
      let names = blank.means.map(\.name).joined(separator: ", ")
      throw CommandFailure(
        .usage,
        "--expect \(demand.text): there is no \(demand.name); there are \(names), and measures of a class as IoU.\(description.classes[0])"
      )
    }
    let isDefault = protocolOptions.areDefaults && stage.os == nil
    if case .predictions = evaluation.subject.source, !isDefault {
      throw CommandFailure(
        .usage,
        "predicted label maps are measured as they are; leave out --os, --protocol, --slide, --scales, --flip, --pad and --without"
      )
    }
  }

  /// Ends with status 5 where a demand is not met.
  private func check(_ result: EvaluationReport) throws {
    for demand in expect {
      let value = result.value(named: demand.name) ?? .nan
      guard demand.isMet(by: value) else {
        throw CommandFailure(
          .expectationNotMet, "\(demand.text) does not hold: it is \(value.formatted(decimals: 4))")
      }
    }
  }

  private func warnOfStrayLabels(_ result: EvaluationReport) {
    let matrix = result.total.confusion
    guard !report.quiet else { return }
    let strays = (0...matrix.classes).reduce(UInt64(0)) { $0 + matrix[$1, matrix.classes] }
    if strays > 0 {
      StandardError.print(
        "hfgd: warning: \(Int(strays).counted("pixel")) were predicted as no class, 0 to \(matrix.classes - 1); "
          + "a folder for submission may hold class numbers + 1")
    }
    guard matrix.strayTruth > 0 else { return }
    StandardError.print(
      "hfgd: warning: \(Int(matrix.strayTruth).counted("pixel")) of the labels are neither a class, "
        + "0 to \(matrix.classes - 1), nor \(result.description.ignoreIndex), which is ignored; what is predicted there counts as wrong; "
        + "hfgd doctor \(data.printable) tells more")
  }
}
