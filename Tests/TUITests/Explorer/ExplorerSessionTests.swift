import Core
import Foundation
import TestSupport
import Testing

@testable import TUI

/// Whole sessions of the program on a pseudo terminal that util-linux's `script` makes.
@Suite("Explorer session", .serialized)
struct ExplorerSessionTests {
  private static let pty = "/usr/bin/script"
  private let program = Program()

  /// Runs `hfgd` with arguments on a terminal; what is drawn goes nowhere.
  private func onTerminal(_ arguments: String) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.pty)
    let command = "stty cols 100 rows 30; exec \(Program.executable.path) explore \(arguments)"
    process.arguments = ["-qec", command, "/dev/null"]
    process.currentDirectoryURL = URL(fileURLWithPath: program.path(""))
    process.environment = [
      "TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin",
      "XDG_STATE_HOME": program.path("state"), "COLORTERM": "truecolor",
    ]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// Opens two images, changes views, marks one, exports, quits: the figure is written and the place is kept.
  @Test(
    .enabled(if: FileManager.default.isExecutableFile(atPath: pty), "needs util-linux's script"))
  func replaysAScript() throws {
    try program.makePicture("in/a.png", width: 60, height: 40)
    try program.makePicture("in/b.png", width: 40, height: 60)
    let script = """
      # a session
      wait
      image.next
      wait
      view.prediction
      list.mark
      export figure.png
      key q
      """
    try script.write(toFile: program.path("session"), atomically: true, encoding: .utf8)
    let status = try onTerminal("fcn-mobilenet_v2 --random 1 --data in --script session")
    #expect(status == 0)
    let figure = try ImageFile.readPicture(at: program.path("figure.png"))
    #expect(figure.width > 40 && figure.height > 60)
    let state = try JSON(
      utf8: FileBytes.read(program.path("state/hfgd/explorer.json"), maxBytes: 1 << 20))
    let place = try #require(state.object?.first?.value)
    #expect(place["image"]?.string == "b")
    #expect(place["marks"]?.array == [.string("b")])
  }

  /// A list on standard input does not take the keyboard away: the terminal is opened anew.
  @Test(
    .enabled(if: FileManager.default.isExecutableFile(atPath: pty), "needs util-linux's script"))
  func takesAListOnStandardInput() throws {
    for name in ["in/x/a.png", "in/y/b.png"] { try program.makePicture(name) }
    try "in/x/a.png\nin/y/b.png\n".write(
      toFile: program.path("list"), atomically: true, encoding: .utf8)
    try "image.next\nwait\nkey q\n".write(
      toFile: program.path("session"), atomically: true, encoding: .utf8)
    let arguments = "fcn-mobilenet_v2 --random 1 --data - --script session < list"
    #expect(try onTerminal(arguments) == 0)
    let state = try JSON(
      utf8: FileBytes.read(program.path("state/hfgd/explorer.json"), maxBytes: 1 << 20))
    #expect(state.object?.first?.value["image"]?.string == "y/b")
  }

  @Test func aWrongScriptIsAUsageError() throws {
    try program.makePicture("in/a.png", width: 60, height: 40)
    try "image.nxt\n".write(toFile: program.path("session"), atomically: true, encoding: .utf8)
    let outcome = try program.run([
      "explore", "fcn-mobilenet_v2", "--random", "1", "--data", "in", "--script", "session",
    ])
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("line 1 of the script"))
  }
}
