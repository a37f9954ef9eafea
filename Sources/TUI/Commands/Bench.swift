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
      where the ratio of the whole is larger.

      EXAMPLES
        hfgd bench hfgd-resnet50_beta-os4 --random 1 --size 513x513
        hfgd bench model.safetensors --size 480x360 --runs 50 --json
        hfgd bench model.safetensors --save before.json
        hfgd bench model.safetensors --baseline before.json --fail-above 1.05
      """)

  @OptionGroup var modelOptions: ModelOptions

  @Option(name: .long, help: "The picture's size, WxH.")
  var size = Size(width: 513, height: 513)

  @Option(name: .long, help: "Timed runs.")
  var runs = 10

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

  @OptionGroup var stage: StageOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var report: ReportOptions

  mutating func validate() throws {
    guard 1...100_000 ~= runs, 0...100_000 ~= warmup else {
      throw ValidationError("--runs is from 1 to 100000 and --warmup from 0 to 100000.")
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
    let model = try modelOptions.load(threads: threads.budget)
    let stride = try stage.outputStride(of: model.configuration)
    let settings = BenchSettings(
      model: modelOptions.model, size: size, outputStride: stride, threads: threads.budget.count)
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
    let picture = Self.noise(width: size.width, height: size.height)
    var timings = Timings()
    var firstResult = Double.nan
    var rate = 0.0
    for run in 0..<(warmup + runs) {
      do throws(Cancelled) {
        let timing = try Self.time(segmenter, picture, stride) { interrupt.isRequested }
        if run >= warmup { timings.add(timing) }
        if run == 0 {
          firstResult = ProcessAge.seconds
          rate = threads.budget.matrixProductRate()
        }
      } catch {
        throw CommandFailure(
          .interrupted, "interrupted after \(run) of \((warmup + runs).counted("run"))")
      }
    }
    let program = segmenter.program(
      width: size.width, height: size.height, outputStrides: [stride])
    let peakBytes = WorkingMemory.peak
    // At the start and at the end: the speed of a shared machine drifts.
    rate = max(rate, threads.budget.matrixProductRate())
    let result = BenchReport(
      settings: settings, timings: timings, program: program, peakBytes: peakBytes,
      firstResult: firstResult, productRate: rate, baseline: earlier)
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

  /// One run.
  private static func time(
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
        run.modules[ModelSummary.module(of: step.name), default: 0] += duration / .seconds(1)
      }, isCancelled: isCancelled)
    run.total = (clock.now - start) / .seconds(1)
    return run
  }

  /// A picture whose samples follow from a fixed seed.
  private static func noise(width: Int, height: Int) -> Picture {
    var random = SplitMix64(seed: 1)
    return Picture(
      width: width, height: height,
      samples: (0..<(3 * width * height)).map { _ in UInt8(truncatingIfNeeded: random.next()) })
  }
}
