import ArgumentParser
import Core
import Glibc

/// `hfgd bench MODEL`: where the time goes.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a model's speed and memory.",
    usage: "hfgd bench <model> [<options>]",
    discussion: """
      A picture of noise is segmented again and again; after the warm-up each run
      is timed from the picture in memory to the finished label map, and module by
      module. Medians are printed.

      EXAMPLES
        hfgd bench hfgd-resnet50_beta-os4 --random 1 --size 513x513
        hfgd bench model.safetensors --size 480x360 --runs 50 --json
      """)

  @OptionGroup var modelOptions: ModelOptions

  @Option(name: .long, help: "The picture's size, WxH.")
  var size = Size(width: 513, height: 513)

  @Option(name: .long, help: "Timed runs.")
  var runs = 10

  @Option(name: .long, help: "Runs before the clock counts.")
  var warmup = 2

  @OptionGroup var stage: StageOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var report: ReportOptions

  mutating func validate() throws {
    guard 1...100_000 ~= runs, 0...100_000 ~= warmup else {
      throw ValidationError("--runs is from 1 to 100000 and --warmup from 0 to 100000.")
    }
  }

  func run() throws {
    let interrupt = Interrupt()
    let model = try modelOptions.load()
    let stride = try stage.outputStride(of: model.configuration)
    let segmenter = Segmenter(model, threads: threads.budget)
    do throws(TooLittleMemory) {
      try segmenter.checkMemory(width: size.width, height: size.height, outputStride: stride)
    } catch {
      throw CommandFailure(.usage, error.description)
    }
    let picture = Self.noise(width: size.width, height: size.height)
    var timings = Timings()
    for run in 0..<(warmup + runs) {
      do throws(Cancelled) {
        let timing = try Self.time(segmenter, picture, stride) { interrupt.isRequested }
        if run >= warmup { timings.add(timing) }
      } catch {
        throw CommandFailure(
          .interrupted, "interrupted after \(run) of \((warmup + runs).counted("run"))")
      }
    }
    let program = segmenter.program(
      width: size.width, height: size.height, outputStrides: [stride])
    let result = BenchReport(
      model: modelOptions.model, size: size, outputStride: stride, threads: threads.budget.count,
      timings: timings, program: program, peakBytes: Self.peakResidentBytes)
    try StandardOutput.print(report.json ? result.json.text : result.text)
  }

  /// One run: seconds in all, and per module.
  private static func time(
    _ segmenter: Segmenter, _ picture: Picture, _ stride: Int, isCancelled: () -> Bool
  ) throws(Cancelled) -> (total: Double, modules: [String: Double]) {
    let clock = ContinuousClock()
    let start = clock.now
    var modules: [String: Double] = [:]
    _ = try segmenter.labels(
      of: picture, outputStride: stride,
      observe: { step, duration in
        modules[ModelSummary.module(of: step.name), default: 0] += duration / .seconds(1)
      }, isCancelled: isCancelled)
    return ((clock.now - start) / .seconds(1), modules)
  }

  /// A picture whose samples follow from a fixed seed.
  private static func noise(width: Int, height: Int) -> Picture {
    var random = SplitMix64(seed: 1)
    return Picture(
      width: width, height: height,
      samples: (0..<(3 * width * height)).map { _ in UInt8(truncatingIfNeeded: random.next()) })
  }

  /// The most memory that the process has held.
  private static var peakResidentBytes: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }
}

/// The seconds of several runs.
struct Timings {
  private(set) var totals: [Double] = []
  private var modules: [String: [Double]] = [:]

  mutating func add(_ run: (total: Double, modules: [String: Double])) {
    totals.append(run.total)
    for (name, seconds) in run.modules { modules[name, default: []].append(seconds) }
  }

  /// The median seconds of a module.
  func median(of module: String) -> Double { Self.median(modules[module] ?? []) }

  /// The median of all runs, in seconds.
  var median: Double { Self.median(totals) }

  /// The middle value, or the mean of the two in the middle; NaN of nothing.
  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard let last = sorted.last else { return .nan }
    let upper = sorted.count / 2
    return sorted.count % 2 == 1
      ? sorted[upper] : (sorted[upper - 1] + min(sorted[upper], last)) / 2
  }
}
