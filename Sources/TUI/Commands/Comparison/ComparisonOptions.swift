import ArgumentParser
import Core

/// How two evaluations are compared, and in what form that is printed.
struct ComparisonOptions: ParsableArguments {
  @Option(
    name: .long, help: "How many times images are drawn for the interval and the p-value.")
  var resamples = 10_000

  @Option(name: .long, help: "What the draws follow from.")
  var seed: UInt64 = 1

  @Flag(name: .long, help: "Print the classes as CSV.")
  var csv = false

  @Flag(name: .long, help: "Print tables in Markdown.")
  var markdown = false

  /// Resamples that give an interval; more than the most take hours.
  private static let allowed = 100...10_000_000

  /// Refuses two forms at once; `isJSON` stands for `--json`, which is not among these options.
  func validate(isJSON: Bool) throws {
    guard Self.allowed.contains(resamples) else {
      throw ValidationError(
        "--resamples is from \(Self.allowed.lowerBound) to \(Self.allowed.upperBound), not \(resamples)."
      )
    }
    guard [isJSON, csv, markdown].count(where: { $0 }) < 2 else {
      throw ValidationError("give one of --json, --csv and --markdown.")
    }
  }

  func draws(_ threads: Threads) -> ComparisonReport.Draws {
    ComparisonReport.Draws(resamples: resamples, seed: seed, threads: threads)
  }

  /// Prints `result` in the form that was asked for.
  func print(_ result: ComparisonReport, asJSON isJSON: Bool) throws {
    try StandardOutput.print(
      isJSON
        ? result.json.text : csv ? result.csv : markdown ? result.markdown : result.text)
  }
}
