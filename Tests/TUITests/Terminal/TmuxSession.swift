import Foundation
import Testing

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
  func run(_ arguments: String...) -> String { run(arguments) }

  private func run(_ arguments: [String]) -> String {
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

  func resize(columns: Int, rows: Int) {
    run("resize-window", "-x", "\(columns)", "-y", "\(rows)")
  }

  /// Sends bytes as the terminal would: reports of the mouse, answers.
  func send(_ bytes: String) {
    let words = bytes.utf8.map { String($0, radix: 16) }
    _ = run(["send-keys", "-H"] + words)
  }

  /// Waits until the screen's text is as wanted, at most twenty seconds.
  func wait(until isWanted: (String) -> Bool) -> Bool {
    waitUntil { isWanted(screen) }
  }

  /// Waits until something holds, at most twenty seconds.
  func waitUntil(_ isTrue: () -> Bool) -> Bool {
    let deadline = Date(timeIntervalSinceNow: 20)
    while Date() < deadline {
      if isTrue() { return true }
      Thread.sleep(forTimeInterval: 0.02)
    }
    return false
  }

  /// Expects what the shell finds after a program: its screen and the terminal's modes as before.
  func expectCleanTerminal(_ location: SourceLocation = #_sourceLocation) {
    #expect(variable("alternate_on") == "0", sourceLocation: location)
    #expect(variable("mouse_any_flag") == "0", sourceLocation: location)
    #expect(variable("cursor_flag") == "1", sourceLocation: location)
    #expect(variable("keypad_flag") == "0", sourceLocation: location)
    type("clear; stty -a; echo mode told")
    #expect(wait { $0.contains("\nmode told") }, "\(screen)", sourceLocation: location)
    let words = Set(screen.split { " ;\n".contains($0) }.map(String.init))
    let missing = Set(["icanon", "echo", "isig", "icrnl", "ixon", "opost"]).subtracting(words)
    #expect(missing.isEmpty, sourceLocation: location)
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

/// A cell as tmux tells it: its colours, exchanged where it is reversed.
///
/// A colour is "2;R;G;B", "5;N" or the number of one of the sixteen; empty where it is the terminal's own.
struct CapturedCell: Equatable {
  var glyph: Character
  var foreground = ""
  var background = ""

  /// What the codes so far have selected.
  fileprivate struct Style {
    var foreground = ""
    var background = ""
    var isReversed = false
  }

  /// Reads the text and SGR codes of `capture-pane -e`.
  static func rows(_ text: String) -> [[CapturedCell]] {
    var style = Style()
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var row: [CapturedCell] = []
      var rest = line
      while let first = rest.first {
        if first == "\u{1B}", let end = rest.firstIndex(of: "m") {
          style.select(rest[..<end].dropFirst(2).split(separator: ";").map(String.init))
          rest = rest[rest.index(after: end)...]
          continue
        }
        row.append(
          style.isReversed
            ? CapturedCell(
              glyph: first, foreground: style.background, background: style.foreground)
            : CapturedCell(
              glyph: first, foreground: style.foreground, background: style.background))
        rest = rest.dropFirst()
      }
      return row
    }
  }
}

extension CapturedCell.Style {
  fileprivate mutating func select(_ codes: [String]) {
    var codes = codes[...]
    if codes.isEmpty { codes = ["0"] }
    while let code = codes.popFirst() {
      switch code {
      case "0": self = CapturedCell.Style()
      case "7": isReversed = true
      case "27": isReversed = false
      case "39": foreground = ""
      case "49": background = ""
      case "38", "48":
        let count = codes.first == "2" ? 4 : 2
        let colour = codes.prefix(count).joined(separator: ";")
        codes = codes.dropFirst(count)
        if code == "38" { foreground = colour } else { background = colour }
      default:
        // One of the sixteen: 30 to 37 and 90 to 97, for backgrounds ten more.
        guard let number = Int(code) else { continue }
        switch number {
        case 30...37: foreground = "\(number - 30)"
        case 40...47: background = "\(number - 40)"
        case 90...97: foreground = "\(number - 82)"
        case 100...107: background = "\(number - 92)"
        default: break
        }
      }
    }
  }
}
