import ArgumentParser
import Core
import Foundation

/// `hfgd runs merge STORE…`: one run of the parts that several machines have counted.
struct RunsMerge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Make one run of the parts of a sharded evaluation.",
    usage: "hfgd runs merge <stores> ... [--into <file>]",
    discussion: """
      Takes the runs of hfgd eval --shard from all STOREs, in any order, and
      keeps the whole as a run without parts, whose numbers are exactly those of
      an evaluation in one piece. Nothing is written where a part is missing or
      not finished, an image stands in two parts, or the parts are of different
      models, protocols or data. docs/scale.md has examples for clusters.

      EXAMPLE
        hfgd runs merge part-*.sqlite --into all.sqlite
      """)

  @Argument(help: "The stores that have the parts.", completion: .file(extensions: ["sqlite"]))
  var stores: [String]

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The store that keeps the result (default: as --store of other commands).",
      valueName: "file"),
    completion: .file(extensions: ["sqlite"]))
  var into: String?

  @OptionGroup var report: ReportOptions

  func run() throws {
    let parts = try stores.flatMap { path -> [RunContents] in
      let store = try StoreOptions.openExisting(path)
      do throws(StoreFailure) {
        var parts: [RunContents] = []
        for run in try store.runs() where run.description.shard != nil {
          parts.append(try store.contents(of: run.id))
        }
        return parts
      } catch {
        throw CommandFailure(error)
      }
    }
    let whole: RunContents
    do throws(ShardMergeFailure) { whole = try RunContents(merging: parts) } catch {
      throw CommandFailure(.someInputsFailed, error.description)
    }
    let store = try StoreOptions.open(
      into ?? StoreOptions.usual(ProcessInfo.processInfo.environment))
    let run: StoredRun
    do throws(StoreFailure) { run = try store.add(whole) } catch { throw CommandFailure(error) }
    if report.json {
      let members = [
        JSON.Member("store", .string(store.path)), JSON.Member("run", .number("\(run.id)")),
        JSON.Member("images", .number("\(run.counted)")),
      ]
      try StandardOutput.print(JSON.report("merge", members).text)
    } else if !report.quiet {
      try StandardOutput.print(
        "run \(run.id) of \(store.path.printable) has all \(run.counted.counted("image"))")
    }
  }
}
