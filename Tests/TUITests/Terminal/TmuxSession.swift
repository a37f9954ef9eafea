import Foundation

@testable import TUI

/// A shell in a tmux server of its own, which nobody looks at.
final class TmuxSession {
  static let tmux = ["/usr/bin/tmux", "/usr/local/bin/tmux", "/bin/tmux"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }
  static let isInstalled = tmux != nil

  private let socket = "hfgd-test-\(UUID().uuidString.prefix(8))"

  init(columns: Int, rows: Int) {
    _ = run("new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "env PS1='$ ' sh")
    _ = run("set", "-g", "status", "off")
    _ = wait { $0.contains("$") }
  }

  deinit { _ = run("kill-server") }

  /// Runs a tmux command; what it printed.
  @discardableResult
  func run(_ arguments: String...) -> String {
    let environment = ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nowhere"]
    let command = ["-L", socket, "-f", "/dev/null"] + arguments
    let child = ChildProcess(Self.tmux ?? "tmux", command, environment: environment)
    return child?.result(before: .now + .seconds(10))?.text ?? ""
  }

  /// Types a line into the shell.
  func type(_ line: String) {
    run("send-keys", "-l", line)
    run("send-keys", "Enter")
  }

  func press(_ key: String) { run("send-keys", key) }

  /// The text on the screen.
  var screen: String { run("capture-pane", "-p", "-J") }

  /// The cells on the screen, with their colours.
  var cells: [[CapturedCell]] { CapturedCell.rows(run("capture-pane", "-e", "-p", "-N")) }

  /// One of tmux's own variables of the pane.
  func variable(_ name: String) -> String {
    run("display-message", "-p", "#{\(name)}").trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Waits until the screen is as wanted, at most ten seconds.
  func wait(until isWanted: (String) -> Bool) -> Bool {
    let deadline = Date(timeIntervalSinceNow: 10)
    while Date() < deadline {
      if isWanted(screen) { return true }
      Thread.sleep(forTimeInterval: 0.03)
    }
    return false
  }

  /// The number of the process that the shell runs.
  func child(named name: String) -> Int32? {
    for entry in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
      guard let number = Int32(entry),
        let status = try? String(contentsOfFile: "/proc/\(entry)/stat", encoding: .utf8),
        status.contains("(\(name))"),
        status.split(separator: ")").last?.split(separator: " ").dropFirst().first
          == Substring(variable("pane_pid"))
      else { continue }
      return number
    }
    return nil
  }
}

/// A cell as tmux tells it: colours as the codes that select them.
struct CapturedCell: Equatable {
  var glyph: Character
  var foreground = ""
  var background = ""

  /// Reads the text and SGR codes of `capture-pane -e`.
  static func rows(_ text: String) -> [[CapturedCell]] {
    var style = CapturedCell(glyph: " ")
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var row: [CapturedCell] = []
      var rest = line
      while let first = rest.first {
        if first == "\u{1B}", let end = rest.firstIndex(of: "m") {
          style.select(rest[..<end].dropFirst(2).split(separator: ";").map(String.init))
          rest = rest[rest.index(after: end)...]
          continue
        }
        var cell = style
        cell.glyph = first
        row.append(cell)
        rest = rest.dropFirst()
      }
      return row
    }
  }

  private mutating func select(_ codes: [String]) {
    var codes = codes[...]
    if codes.isEmpty { codes = ["0"] }
    while let code = codes.popFirst() {
      switch code {
      case "0": (foreground, background) = ("", "")
      case "39": foreground = ""
      case "49": background = ""
      case "38", "48":
        let count = codes.first == "2" ? 4 : 2
        let colour = codes.prefix(count).joined(separator: ";")
        codes = codes.dropFirst(count)
        if code == "38" { foreground = colour } else { background = colour }
      case _ where code.count >= 2 && ("3" == code.first || "9" == code.first): foreground = code
      case _ where code.count >= 2: background = code
      default: break
      }
    }
  }
}
