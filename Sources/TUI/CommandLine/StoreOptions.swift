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
  var path: String { store ?? Self.usual(ProcessInfo.processInfo.environment) }

  /// Opens the store, which is made where there is none.
  func open() throws -> ResultsStore {
    do throws(StoreFailure) { return try ResultsStore(path: path) } catch {
      throw CommandFailure(.someInputsFailed, error.description)
    }
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
