import ArgumentParser
import Core

/// `hfgd runs`: what evaluations have counted, long after they ended.
struct Runs: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List, show, compare, merge and delete kept evaluations.",
    usage: "hfgd runs [<subcommand>] [<options>]",
    discussion: """
      hfgd eval keeps the counts of every image in a store, so that all numbers
      can be had again without a model or a picture. Alone, it lists the runs.

      EXAMPLES
        hfgd runs
        hfgd runs show 3 --convention cityscapes
        hfgd runs compare 3 4
        hfgd runs export 3 -o run3.sqlite
        hfgd runs merge part-*.sqlite --into all.sqlite
      """,
    subcommands: [
      RunsList.self, RunsShow.self, RunsCompare.self, RunsDelete.self, RunsExport.self,
      RunsMerge.self, RunsMarks.self,
    ],
    defaultSubcommand: RunsList.self)
}

extension ResultsStore {
  /// The run with this number and its images; an incomplete one is told of unless `isQuiet`.
  func report(
    of id: Int64, convention: Convention = .mmseg, beta: Double = 1, isQuiet: Bool
  ) throws -> EvaluationReport {
    do throws(StoreFailure) {
      let run = try run(id)
      if !run.isComplete && !isQuiet {
        StandardError.print(
          "hfgd: warning: run \(id) has counted \(run.counted) of \(run.images.counted("image")); these are the numbers of those"
        )
      }
      return EvaluationReport(
        run.description, convention: convention, beta: beta, images: try images(of: id))
    } catch {
      throw CommandFailure(error)
    }
  }
}
