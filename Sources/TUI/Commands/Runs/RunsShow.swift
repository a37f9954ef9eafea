import ArgumentParser
import Core

/// `hfgd runs show ID`: the report that the evaluation gave, or under other rules.
struct RunsShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print a run as hfgd eval does.",
    usage: "hfgd runs show <id> [<options>]",
    discussion: """
      Nothing is measured again: any convention and any form are made of the
      counts that were kept.

      EXAMPLES
        hfgd runs show 3 --reconcile
        hfgd runs show 3 --per-image - --store results.sqlite
      """)

  @Argument(help: "The number of a run, as hfgd runs lists them.")
  var id: Int64

  @OptionGroup var storeOptions: StoreOptions
  @OptionGroup var output: EvaluationOutput
  @OptionGroup var report: ReportOptions

  mutating func validate() throws { try output.validate(isJSON: report.json) }

  func run() throws {
    let result = try storeOptions.openExisting().report(
      of: id, convention: output.convention, beta: output.beta, isQuiet: report.quiet)
    for file in [output.perImage, output.confusion] { try storeOptions.refuse(output: file) }
    try output.print(result, asJSON: report.json)
  }
}
