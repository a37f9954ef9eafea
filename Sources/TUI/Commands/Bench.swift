import ArgumentParser
import Core

/// `hfgd bench MODEL`: where the time goes.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a model's speed and memory.",
    usage: "hfgd bench <model> [<options>]",
    discussion: """
      A picture of noise is segmented again and again; after the warm-up each run
      is timed from the picture in memory to the finished label map, and module by
      module. Medians are printed, and how much of what our own matrix product
      reaches in the same run (GEMM) each module gets out of the machine: more than
      100 % where fewer multiplications do than the formula has.

      --save keeps a report; with --baseline FILE the same is measured again and
      set against it. Ratios above 1 are slower. --fail-above ends with status 5
      where the ratio of the whole is larger. --compare measures float32 as well
      and says what another --precision changes.

      --training measures a training step instead: forward pass, losses with CAR's,
      backward pass and AdamW's update of a model with random weights, on a batch of
      noise. With --steps the slowest parts come first.

      EXAMPLES
        hfgd bench hfgd-resnet50_beta-os4 --random 1 --size 513x513
        hfgd bench model.safetensors --size 480x360 --runs 50 --json
        hfgd bench model.safetensors --save before.json
        hfgd bench model.safetensors --baseline before.json --fail-above 1.05
        hfgd bench model.safetensors --precision bf16 --compare --picture street.png
        hfgd bench hfgd-mobilenet_v2-os4 --training --batch 8 --size 257x257
      """)

  @OptionGroup var modelOptions: ModelOptions

  @Option(name: .long, help: "The picture's size, WxH (default: 513x513; 257x257 with --training).")
  var size: Size?

  @Option(
    name: .long, help: "Segment this picture instead of noise; its size counts.",
    completion: .file())
  var picture: String?

  @Option(name: .long, help: "Timed runs.")
  var runs = 10

  @Flag(name: .long, help: "Time every step of the network instead of its modules.")
  var steps = false

  @Option(name: .long, help: "Runs before the clock counts.")
  var warmup = 2

  @Option(name: .long, help: "Write the report, as JSON, to this file.", completion: .file())
  var save: String?

  @Option(
    name: .long, help: "Compare with the report that --save has written to this file.",
    completion: .file(extensions: ["json"]))
  var baseline: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Exit status 5 where the median is more than this much of the baseline's.",
      valueName: "ratio"))
  var failAbove: Double?

  @Flag(name: .long, help: "Measure float32, too: speed, logits and labels.")
  var compare = false

  @Flag(name: .long, help: "Measure a training step.")
  var training = false

  @Option(name: .long, help: "Pictures of a training step (default: 8).")
  var batch: Int?

  @Flag(
    name: .long,
    help: "Make normalised maps again in the backward pass instead of keeping them: less memory.")
  var recompute = false

  @OptionGroup var stage: StageOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var report: ReportOptions

  mutating func validate() throws {
    guard 1...100_000 ~= runs, 0...100_000 ~= warmup else {
      throw ValidationError("--runs is from 1 to 100000 and --warmup from 0 to 100000.")
    }
    let isOfPicture =
      picture != nil || save != nil || baseline != nil || compare || stage.os != nil
      || modelOptions.precision != .float32
    guard !training || !isOfPicture else {
      throw ValidationError(
        "--training goes without --picture, --save, --baseline, --compare, --os and --precision.")
    }
    guard training || batch == nil && !recompute else {
      throw ValidationError("--batch and --recompute belong to --training.")
    }
    guard 1...1024 ~= batch ?? 1 else {
      throw ValidationError("--batch is from 1 to 1024, not \(batch ?? 1).")
    }
    if let failAbove {
      guard failAbove > 0, failAbove.isFinite else {
        throw ValidationError("--fail-above is a ratio above 0, such as 1.05, not \(failAbove).")
      }
      guard baseline != nil else {
        throw ValidationError("--fail-above compares with a report: --baseline FILE.")
      }
    }
  }

  func run() throws {
    let interrupt = Interrupt()
    if training { return try runTraining(interrupt) }
    let model = try modelOptions.load(threads: threads.budget)
    let stride = try stage.outputStride(of: model.configuration)
    let file = try pictureFile()
    let size =
      file.map { Size(width: $0.width, height: $0.height) } ?? size ?? Size(width: 513, height: 513)
    let settings = BenchSettings(
      model: modelOptions.model, size: size, outputStride: stride, threads: threads.budget.count,
      precision: modelOptions.precision)
    let earlier = try baseline.map { path throws(CommandFailure) in
      let baseline = try BenchBaseline(path: path)
      try baseline.check(settings)
      return baseline
    }
    let segmenter = Segmenter(model, threads: threads.budget)
    do throws(TooLittleMemory) {
      try segmenter.checkMemory(width: size.width, height: size.height, outputStride: stride)
    } catch {
      throw CommandFailure(.usage, error.description)
    }
    let picture = file ?? Self.noise(width: size.width, height: size.height)
    var timings = Timings()
    var firstResult = Double.nan
    var rate = 0.0
    var done = 0
    let program = segmenter.program(
      width: size.width, height: size.height, outputStrides: [stride])
    let peakBytes: Int
    var cost: PrecisionCost?
    do throws(Cancelled) {
      for run in 0..<(warmup + runs) {
        let timing = try time(segmenter, picture, stride) { interrupt.isRequested }
        if run >= warmup { timings.add(timing) }
        done += 1
        if run == 0 {
          firstResult = ProcessAge.seconds
          rate = threads.budget.matrixProductRate()
        }
      }
      peakBytes = WorkingMemory.peak
      if compare { cost = try float32Cost(of: segmenter, picture, stride, interrupt) }
    } catch {
      throw CommandFailure(
        .interrupted, "interrupted after \(done) of \((warmup + runs).counted("run"))")
    }
    // At the start and at the end: the speed of a shared machine drifts.
    rate = max(rate, threads.budget.matrixProductRate())
    let result = BenchReport(
      settings: settings, bySteps: steps, timings: timings, program: program, peakBytes: peakBytes,
      firstResult: firstResult, productRate: rate,
      blasRate: threads.budget.blasProductRate(), cost: cost, baseline: earlier)
    try StandardOutput.print(report.json ? result.json.text : result.text)
    if let save {
      do throws(FileFailure) {
        try AtomicFile.write(Array((result.json.text + "\n").utf8), to: save)
      } catch {
        throw CommandFailure(.someInputsFailed, error.description)
      }
    }
    if let failAbove, result.ratio > failAbove {
      throw CommandFailure(
        .expectationNotMet,
        "this takes \(result.ratio.formatted(decimals: 3)) of the baseline's time; "
          + "--fail-above allows \(failAbove)")
    }
  }

  private func runTraining(_ interrupt: Interrupt) throws {
    let bench = TrainingBench(
      model: modelOptions.reference, size: size ?? Size(width: 257, height: 257),
      batch: batch ?? 8, isRecomputing: recompute, threads: threads.budget, runs: runs,
      warmup: warmup)
    let result = try bench.measure(bySteps: steps) { interrupt.isRequested }
    try StandardOutput.print(report.json ? result.json.text : result.text)
  }

  /// One run.
  private func time(
    _ segmenter: Segmenter, _ picture: Picture, _ stride: Int, isCancelled: () -> Bool
  ) throws(Cancelled) -> RunTime {
    let clock = ContinuousClock()
    var run = RunTime()
    var firstStep: ContinuousClock.Instant?
    let start = clock.now
    _ = try segmenter.labels(
      of: picture, outputStride: stride,
      observe: { step, duration in
        let now = clock.now
        let first = firstStep ?? now - duration
        firstStep = first
        run.network = (now - first) / .seconds(1)
        run.modules[BenchReport.group(of: step, bySteps: steps), default: 0] +=
          duration / .seconds(1)
      }, isCancelled: isCancelled)
    run.total = (clock.now - start) / .seconds(1)
    return run
  }

  /// The same picture in float32: how long it takes, and what it changes.
  private func float32Cost(
    of segmenter: Segmenter, _ picture: Picture, _ stride: Int, _ interrupt: Interrupt
  ) throws(Cancelled) -> PrecisionCost? {
    var reference = modelOptions.reference
    reference.precision = .float32
    guard let model = try? reference.load(threads: threads.budget) else { return nil }
    let float32 = Segmenter(model, threads: threads.budget)
    var timings = Timings()
    for run in 0..<(warmup + runs) {
      let timing = try time(float32, picture, stride) { interrupt.isRequested }
      if run >= warmup { timings.add(timing) }
    }
    return try PrecisionCost(
      of: segmenter, precision: modelOptions.precision, against: float32,
      float32Seconds: timings.median, on: picture, outputStride: stride
    ) { interrupt.isRequested }
  }

  /// The picture that is to be segmented instead of noise.
  private func pictureFile() throws -> Picture? {
    guard let picture else { return nil }
    do throws(ImageFailure) { return try ImageFile.readPicture(at: picture) } catch {
      throw CommandFailure(.someInputsFailed, error.description)
    }
  }

  /// A picture whose samples follow from a fixed seed.
  private static func noise(width: Int, height: Int) -> Picture {
    var random = SplitMix64(seed: 1)
    return Picture(
      width: width, height: height,
      samples: (0..<(3 * width * height)).map { _ in UInt8(truncatingIfNeeded: random.next()) })
  }
}
