import Core
import Foundation

/// What the explorer remembers of a folder from one start to the next.
///
/// Kept as JSON in `$XDG_STATE_HOME/hfgd/explorer.json`, one member a folder, the latest last; a file that cannot be read
/// is as good as none, and is replaced at the next save.
struct ExplorerMemory {
  private let path: String
  private let folder: String

  /// How many folders are remembered.
  private static let folderLimit = 100

  /// The memory of `folder` under the user's state folder.
  init(folder: String, environment: [String: String]) {
    path = UserFolder.state.path(environment).appendingPath("explorer.json")
    self.folder = URL(fileURLWithPath: folder).standardizedFileURL.path
  }

  /// Puts what is remembered into a fresh state; where that is nothing, the state still adapts to its terminal.
  func restore(_ state: inout ExplorerState) {
    state.restore(all.first { $0.key == folder }?.value ?? .object([]))
  }

  /// Writes the state's place; another folder's stays as it is.
  func save(_ state: ExplorerState) throws(FileFailure) {
    let others = all.filter { $0.key != folder }.suffix(Self.folderLimit - 1)
    let members = others + [JSON.Member(folder, state.place)]
    try Folder.create(path.parentFolder)
    try AtomicFile.write(Array(JSON.object(Array(members)).text.utf8), to: path)
  }

  private var all: [JSON.Member] {
    guard let bytes = try? FileBytes.read(path, maxBytes: 16 << 20),
      let json = try? JSON(utf8: bytes)
    else { return [] }
    return json.object ?? []
  }
}

/// The user's own folders for `hfgd`, after the XDG Base Directory Specification 0.8.
enum UserFolder {
  /// What the user has decided, and what the program remembers.
  case config, state

  /// The folder's path; a variable that is empty or not absolute counts as not set.
  func path(_ environment: [String: String]) -> String {
    let (variable, fallback) =
      switch self {
      case .config: ("XDG_CONFIG_HOME", ".config")
      case .state: ("XDG_STATE_HOME", ".local/state")
      }
    let base =
      environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil }
      ?? (environment["HOME"] ?? "/tmp").appendingPath(fallback)
    return base.appendingPath("hfgd")
  }
}
