import Core
import Foundation
import Glibc
import Testing
import Viz

@testable import TUI

@Suite struct ScreenTwinTests {
  @Test func aScriptedSessionCanBeLookedAt() throws {
    let twin = ScreenTwin(
      columns: 30, rows: 6, script: [.key(Key("a")), .resize(columns: 24, rows: 5), .wake])
    var card = TestCard(features: twin.features, notes: [])
    while let event = twin.nextEvent(timeout: nil), event != .hangup {
      card.note(event)
      twin.draw(card.grid(columns: twin.size.columns, rows: twin.size.rows))
    }
    #expect(twin.grids.count == 3)
    #expect(twin.size == TerminalSize(columns: 24, rows: 5))
    #expect(twin.picture.hasPrefix(" hfgd test card  24×5"))
    #expect(twin.picture.split(separator: "\n", omittingEmptySubsequences: false).count == 5)
    twin.suspend()
    #expect(twin.nextEvent(timeout: .zero) == .resumed)
    #expect(twin.nextEvent(timeout: nil) == .hangup)
  }

  @Test func theClipboardIsFilledThroughMultiplexers() throws {
    let code = "\u{1B}]52;c;aGk=\u{7}"
    #expect(try Clipboard.codes("hi", through: nil) == code)
    #expect(
      try Clipboard.codes("hi", through: .tmux(version: nil, clients: nil))
        == code + "\u{1B}Ptmux;\u{1B}\u{1B}]52;c;aGk=\u{7}\u{1B}\\")
    let long = String(repeating: "x", count: 1000)
    let pieces = try Clipboard.codes(long, through: .screen).components(separatedBy: "\u{1B}P")
    #expect(pieces.count == 3 && pieces.dropFirst().allSatisfy { $0.utf8.count <= 768 })
    let failure = ClipboardFailure.tooLong(bytes: 80_000, limit: Clipboard.limit)
    #expect(throws: failure) {
      try Clipboard.codes(String(repeating: "x", count: 80_000), through: nil)
    }
  }

  @Test func speedIsMeasuredFromAnswers() throws {
    var traffic = Traffic()
    traffic.countAnswer(bytes: 0, after: .milliseconds(20))
    #expect(traffic.roundTrip == .milliseconds(20))
    #expect(traffic.bytesPerSecond == nil)
    traffic.countAnswer(bytes: 100_000, after: .milliseconds(120))
    let speed = try #require(traffic.bytesPerSecond)
    #expect(abs(speed - 1_000_000) < 1)
    // A small frame says nothing of speed, but may find a shorter way.
    traffic.countAnswer(bytes: 10, after: .milliseconds(10))
    #expect(traffic.bytesPerSecond == speed)
    #expect(traffic.roundTrip == .milliseconds(10))
  }

  @Test func glyphsTakeTheirColumns() {
    _ = CharacterEncoding.establish()
    func text(_ glyph: Character, isASCII: Bool = false, hasRoom: Bool = false) -> String {
      let glyph = CellGlyph(glyph, isASCII: isASCII, hasRoom: hasRoom)
      return String(
        String.UnicodeScalarView(
          glyph.characters.compactMap { UnicodeScalar(UInt32(bitPattern: $0)) }))
        + " \(glyph.columns)"
    }
    #expect(text("a") == "a 1")
    #expect(text("▀") == "▀ 1")
    #expect(text("é") == "é 1")
    #expect(text("e\u{301}") == "e\u{301} 1")
    // Nothing of a file's name may reach the terminal as a control code or be wider than its cell.
    #expect(text("\u{1B}") == "? 1")
    #expect(text("\u{9B}") == "? 1")
    #expect(text("\u{200B}") == "? 1")
    #expect(text("日") == "? 1")
    #expect(text("日", hasRoom: true) == "日 2")
    #expect(text("│", isASCII: true) == "| 1")
    #expect(text("é", isASCII: true) == "? 1")
  }
}
