import ArgumentParser
import Core

/// `hfgd runs compare ID ID`: what separates two kept evaluations.
struct RunsCompare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare two runs on the same data set.",
    usage: "hfgd runs compare <a> <b> [<options>]",
    discussion: """
      Prints what hfgd compare prints, of the images that both runs have, and
      measures nothing.

      EXAMPLE
        hfgd runs compare 3 4 --markdown
      """)

  @Argument(help: "The number of a run, as hfgd runs lists them.")
  var a: Int64

  @Argument(help: "The number of the run to compare with it.")
  var b: Int64

  @OptionGroup var storeOptions: StoreOptions
  @OptionGroup var options: ComparisonOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var report: ReportOptions

  mutating func validate() throws { try options.validate(isJSON: report.json) }

  func run() throws {
    let store = try storeOptions.openExisting()
    let (a, overlapsOfA) = try overlaps(of: a, in: store)
    let (b, overlapsOfB) = try overlaps(of: b, in: store)
    let result = try ComparisonReport(
      a, overlapsOfA, b, overlapsOfB, options.draws(threads.budget))
    let counted = max(overlapsOfA.count, overlapsOfB.count)
    if result.images.count < counted && !report.quiet {
      StandardError.print(
        "hfgd: warning: compared are the \(result.images.count.counted("image")) that both runs have, of \(counted)"
      )
    }
    try options.print(result, asJSON: report.json)
  }

  private func overlaps(
    of id: Int64, in store: ResultsStore
  ) throws -> (RunDescription, [String: ClassOverlaps]) {
    do throws(StoreFailure) {
      return (try store.run(id).description, try store.overlaps(of: id))
    } catch {
      throw CommandFailure(error)
    }
  }
}
