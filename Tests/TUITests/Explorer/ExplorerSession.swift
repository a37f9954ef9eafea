import Core
import Foundation
import Testing

@testable import TUI

/// The explorer in a tmux of its own, on small pictures in a folder of its own.
final class ExplorerSession {
  let program: Program
  let terminal: TmuxSession

  /// A shell in the program's folder; what the explorer keeps stays in there too.
  ///
  /// Colours are exact whatever the machine has to do besides: on a slow line they would be rounded.
  init(_ program: Program = Program(), columns: Int = 100, rows: Int = 30) {
    self.program = program
    let settings = program.path("settings/hfgd/config.json")
    let wasWritten =
      (try? Folder.create(program.path("settings/hfgd"))) != nil
      && FileManager.default.createFile(atPath: settings, contents: Data(#"{"round": false}"#.utf8))
    precondition(wasWritten, "cannot write \(settings)")
    terminal = TmuxSession(columns: columns, rows: rows)
    terminal.type(
      "cd '\(program.path())'; export HOME=\"$PWD\" XDG_STATE_HOME=\"$PWD/state\" "
        + "XDG_CONFIG_HOME=\"$PWD/settings\"")
  }

  /// Makes `count` pictures called img-01, img-02, … in the folder `in`.
  func makePictures(_ count: Int) throws {
    let first = "in/img-\(Self.number(1)).png"
    try program.makePicture(first)
    for i in 1..<max(1, count) {
      try FileManager.default.copyItem(
        atPath: program.path(first), toPath: program.path("in/img-\(Self.number(i + 1)).png"))
    }
  }

  /// A place in two digits, as in the names of pictures.
  static func number(_ place: Int) -> String { place < 10 ? "0\(place)" : "\(place)" }

  /// Starts `hfgd explore` on the folder `in`, and waits until its first answer is on the screen.
  func start(
    _ arguments: String = "fcn-mobilenet_v2 --random 1 --data in",
    environment: String = "COLORTERM=truecolor"
  ) {
    launch(arguments, environment: environment)
    #expect(isSettled("OS "), "\(terminal.screen)")
  }

  /// Starts `hfgd explore` and waits for nothing.
  func launch(_ arguments: String, environment: String = "COLORTERM=truecolor") {
    terminal.type(
      "clear; \(environment) \(Program.executable.path) explore \(arguments); echo status $?")
  }

  /// The first line of the screen: the place in the list, the image's name, what is known of the answer.
  var header: String {
    terminal.screen.split(separator: "\n", omittingEmptySubsequences: false).first.map(String.init)
      ?? ""
  }

  /// Waits until the header holds all texts.
  func isSettled(_ texts: String...) -> Bool {
    terminal.waitUntil { texts.allSatisfy(header.contains) }
  }

  /// The cells on the screen when a tenth of a second has not changed them: no frame is on its way.
  var settledCells: [[CapturedCell]] {
    var cells = terminal.cells
    #expect(
      terminal.waitUntil {
        let before = cells
        Thread.sleep(forTimeInterval: 0.1)
        cells = terminal.cells
        return cells == before
      })
    return cells
  }

  /// Waits until the line of the panes' titles names a view.
  func hasPane(_ view: String) -> Bool {
    terminal.wait { screen in
      screen.split(separator: "\n", omittingEmptySubsequences: false).dropFirst().first?
        .contains(view) == true
    }
  }

  func shows(_ text: String) -> Bool { terminal.wait { $0.contains(text) } }

  /// Presses Esc and waits for what it changes: with a key close behind, it would be the beginning of another.
  func escape() {
    let before = terminal.screen
    terminal.press("Escape")
    #expect(terminal.wait { $0 != before }, "\(before)")
  }

  /// Leaves by the key, and expects a clean end.
  func quit() throws {
    terminal.press("q")
    try #require(shows("status 0"), "\(terminal.screen)")
    terminal.expectCleanTerminal()
  }
}
