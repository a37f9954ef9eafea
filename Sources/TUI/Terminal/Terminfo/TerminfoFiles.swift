import Foundation

/// Where compiled terminal descriptions lie.
struct TerminfoFiles {
  let folders: [String]

  /// The folders in the order in which curses looks: TERMINFO, the home folder, TERMINFO_DIRS, the system's.
  init(environment: [String: String]) {
    let system = ["/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo"]
    var folders: [String] = []
    if let own = environment["TERMINFO"], own.hasPrefix("/") { folders.append(own) }
    if let home = environment["HOME"], !home.isEmpty { folders.append(home + "/.terminfo") }
    for folder in (environment["TERMINFO_DIRS"] ?? "").split(
      separator: ":", omittingEmptySubsequences: true)
    { folders.append(String(folder)) }
    self.folders = folders + system
  }

  /// The compiled description of `term`; `nil` where there is none.
  func bytes(of term: String) -> [UInt8]? {
    guard let first = term.utf8.first, !term.contains("/"), term != ".", term != ".." else {
      return nil
    }
    let letters = [String(decoding: [first], as: UTF8.self), String(first, radix: 16)]
    for folder in folders {
      for letter in letters {
        if let data = FileManager.default.contents(atPath: "\(folder)/\(letter)/\(term)") {
          return [UInt8](data)
        }
      }
    }
    return nil
  }

  /// The description of `term`, read; `nil` where there is none that can be read.
  func entry(of term: String) -> TerminfoEntry? {
    bytes(of: term).flatMap { try? TerminfoEntry($0) }
  }
}
