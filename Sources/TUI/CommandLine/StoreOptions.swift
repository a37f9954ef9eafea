import ArgumentParser
import Core
import Foundation

/// Where results are kept.
struct StoreOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The file that keeps results (default: HFGD_STORE, else hfgd/results.sqlite in XDG_DATA_HOME or ~/.local/share).",
      valueName: "file"),
    completion: .file(extensions: ["sqlite"]))
  var store: String?

  /// The path that is meant.
  var path: String {
    let path = store ?? Self.usual(ProcessInfo.processInfo.environment)
    // Shells leave the tilde of --store=~/… as it is.
    return path.hasPrefix("~/") ? (path as NSString).expandingTildeInPath : path
  }

  mutating func validate() throws {
    if let store, store.isEmpty || store.hasPrefix(":") {
      throw ValidationError("--store is the name of a file, not '\(store.printable)'.")
    }
  }

  /// Throws where a result would be written over the results.
  func refuse(output: String?) throws {
    guard let output, output != "-", output.canonicalPath == path.canonicalPath else { return }
    throw CommandFailure(
      .usage, "\(output): that is the store of results; name another file for the output")
  }

  /// Opens the store, which is made where there is none.
  func open() throws -> ResultsStore { try Self.open(path) }

  /// Opens the store, which must be there.
  func openExisting() throws -> ResultsStore { try Self.openExisting(path) }

  /// Opens the store at `path`, which is made where there is none.
  static func open(_ path: String) throws -> ResultsStore {
    do throws(StoreFailure) { return try ResultsStore(path: path) } catch {
      throw CommandFailure(error)
    }
  }

  /// Opens the store at `path`, which must be there.
  static func openExisting(_ path: String) throws -> ResultsStore {
    guard FileManager.default.fileExists(atPath: path) else {
      throw CommandFailure(
        .someInputsFailed,
        "\(path): there are no results yet; hfgd eval makes them, and --store names another file")
    }
    return try open(path)
  }

  /// Where results go unless a command says otherwise.
  static func usual(_ environment: [String: String]) -> String {
    func value(_ name: String) -> String? {
      environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
    if let path = value("HFGD_STORE") { return path }
    let home = value("HOME") ?? NSHomeDirectory()
    let data = value("XDG_DATA_HOME") ?? home.appendingPath(".local/share")
    return data.appendingPath("hfgd/results.sqlite")
  }
}
