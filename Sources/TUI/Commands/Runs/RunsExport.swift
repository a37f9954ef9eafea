import ArgumentParser
import Core
import Foundation
import Glibc

/// `hfgd runs export ID -o FILE`: a run to give away.
struct RunsExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a run to a file of its own.",
    usage: "hfgd runs export <id> --output <file> [<options>]",
    discussion: """
      FILE becomes a store with just this run, which every command takes as
      --store; a name that ends in .json gets the report with each image.

      EXAMPLES
        hfgd runs export 3 -o run3.sqlite
        hfgd runs export 3 -o run3.json
      """)

  @Argument(help: "The number of a run, as hfgd runs lists them.")
  var id: Int64

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file to write, .sqlite or .json.", valueName: "file"),
    completion: .file(extensions: ["sqlite", "json"]))
  var output: String

  @OptionGroup var storeOptions: StoreOptions

  @Flag(name: .shortAndLong, help: "No notes on standard error.")
  var quiet = false

  func run() throws {
    try storeOptions.refuse(output: output)
    guard !output.isEmpty else {
      throw CommandFailure(.usage, "--output is the name of a file, not ''")
    }
    let store = try storeOptions.openExisting()
    if output.lowercased().hasSuffix(".json") {
      let text = try store.report(of: id, isQuiet: quiet).json(perImage: true).text
      do throws(FileFailure) { try AtomicFile.write(Array((text + "\n").utf8), to: output) } catch {
        throw CommandFailure(.someInputsFailed, error.description)
      }
      return
    }
    guard !FileManager.default.fileExists(atPath: output) else {
      throw CommandFailure(
        .someInputsFailed, "\(output): the file is there already; delete it, or name another one")
    }
    // The name is given to a whole file only; what a killed export left behind is overwritten.
    let draft = output + ".part"
    for path in [draft, draft + "-wal", draft + "-shm"] {
      unlink(path)
    }
    do throws(StoreFailure) {
      let contents = try store.contents(of: id)
      let copy = try ResultsStore(path: draft)
      _ = try copy.add(contents)
      try copy.close()
    } catch {
      unlink(draft)
      throw CommandFailure(error)
    }
    guard rename(draft, output) == 0 else {
      throw CommandFailure(
        .someInputsFailed,
        "\(output): cannot be written (\(String(cString: strerror(errno)))); check its folder")
    }
  }
}
