import Core
import TestSupport
import Testing

@testable import TUI

@Suite("Explorer settings")
struct ExplorerSettingsTests {
  private func problems(_ text: String) -> [String] {
    do throws(SettingsFailure) {
      _ = try ExplorerSettings(text, path: "config.json")
      return []
    } catch {
      return error.problems
    }
  }

  @Test func everyMemberIsRead() throws {
    let settings = try ExplorerSettings(
      """
      // how I like it
      {
        "theme": "light", "glyphs": "half", "opacity": 0.3, "compare": "wipe", "blink": 0.25,
        "color": "always", "mouse": false, "cache": 64, "round": false,
          // next and previous
        "keys": {"image.next": ["Ctrl-n", "Down"], "image.previous": "Ctrl-p", "quit": []}
      }
      """, path: "config.json")
    #expect((settings.theme, settings.glyphs, settings.opacity) == (.light, .half, 0.3))
    #expect((settings.comparison, settings.blink, settings.colour) == (.wipe, 0.25, .always))
    #expect((settings.mouse, settings.cache, settings.roundsColours) == (false, 64, false))
    var state = ExplorerFixture.state(slots: ["hfgd", "sfpn"])
    settings.apply(to: &state)
    #expect(state.theme == .light && state.glyphs == .half && state.opacity == 0.3)
    #expect(state.comparison == .wipe && state.blinkTicks == 3 && !state.isMouseOn)
    #expect(state.bindings.keys(of: "image.next") == [Key("n", .control), Key(.down)])
    #expect(state.bindings.keys(of: "go.down") == [Key("j")])
    #expect(state.bindings.keys(of: "quit").isEmpty)
  }

  /// A pressed key runs what the user bound to it, and the hints and the help say so.
  @Test func keysAreTheUsers() throws {
    let settings = try ExplorerSettings(
      #"{"keys": {"view.next": ["n", "F5"], "help": "F9"}}"#, path: "")
    var state = ExplorerFixture.state(columns: 160)
    settings.apply(to: &state)
    let (after, effects) = ExplorerFixture.after(state, ExplorerFixture.keys("nv"))
    #expect(after.views[0] == .prediction && effects.isEmpty)
    #expect(after.message?.text.hasPrefix("v does nothing") == true)
    let screen = ExplorerScreen.draw(state, PaneRasters()).picture
    #expect(screen.contains("F9 help") && screen.contains("n view"))
    state.dialog = .help(filter: "view.next", selection: 0)
    #expect(ExplorerScreen.draw(state, PaneRasters()).picture.contains("n F5"))
  }

  @Test(arguments: [
    ("{\n  \"opacity\": 0.3,\n  \"theme\" \"dark\"\n}", "line 3: expected"),
    ("{\n// a comment\n  \"opacity\": 01}", "line 3: malformed number"),
    (#"{"teme": "dark"}"#, "teme is not a key"),
    (#"{"theme": "pink"}"#, #"expected one of "auto", "dark", "light""#),
    (#"{"opacity": 3}"#, "opacity is 3; expected a number from 0 to 1"),
    (#"{"cache": 0}"#, "megabytes from 1"),
    (#"{"keys": 4}"#, "keys is a number, not an object"),
    (#"{"keys": {"view.nxt": "v"}}"#, "did you mean view.next?"),
    (#"{"keys": {"view.next": "Strg-v"}}"#, #"keys.view.next holds "Strg-v", which is no key"#),
    (
      #"{"keys": {"view.next": ["z"], "help": ["F9", "z"]}}"#,
      "keys gives z to view.next and to help"
    ),
  ])
  func faultsAreNamed(text: String, expected: String) {
    let found = problems(text)
    #expect(found.count == 1)
    #expect(found.first?.contains(expected) == true, "\(found)")
  }

  @Test func allFaultsAreTold() {
    #expect(problems(#"{"opacity": 3, "mouse": 1, "x": 0, "keys": {"y": "q"}}"#).count == 4)
  }

  /// Members in the documentation are the ones that are read.
  @Test func theDocumentedFileIsRead() throws {
    let text = try String(
      decoding: FileBytes.read(TestFiles.package + "/docs/settings.md", maxBytes: 1 << 16),
      as: UTF8.self)
    let lines = text.split(separator: "\n").filter { $0.hasPrefix("    ") }
    let settings = try ExplorerSettings(lines.joined(separator: "\n"), path: "docs/settings.md")
    #expect(settings.keys["image.next"]?.count == 2 && settings.theme == .auto)
  }

  @Test func aWrongFileStopsTheProgram() throws {
    let program = Program()
    try program.makePicture("in/a.png", width: 60, height: 40)
    try Folder.create(program.path(".config/hfgd"))
    try AtomicFile.write(
      Array(#"{"opacty": 1}"#.utf8), to: program.path(".config/hfgd/config.json"))
    let outcome = try program.run([
      "explore", "fcn-mobilenet_v2", "--random", "1", "--data", "in",
    ])
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains(".config/hfgd/config.json: opacty is not a key"))
    #expect(outcome.errors.contains("correct the file"))
  }
}
