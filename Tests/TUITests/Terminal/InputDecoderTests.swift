import Core
import Testing
import Viz

@testable import TUI

@Suite struct InputDecoderTests {
  private func decode(_ text: String, expectsCursor: Bool = false) -> [InputDecoder.Item] {
    var decoder = InputDecoder()
    decoder.expectsCursor = expectsCursor
    return decoder.decode(text.utf8) + decoder.decode([], isPause: true)
  }

  private func keys(_ text: String) -> [Key] {
    decode(text).compactMap { if case .event(.key(let key)) = $0 { key } else { nil } }
  }

  @Test(arguments: [
    ("q", Key("q")), ("Ä", Key("Ä")), ("😀", Key("😀")), (" ", Key(" ")),
    ("\r", Key(.enter)), ("\n", Key(.enter)), ("\t", Key(.tab)), ("\u{7F}", Key(.backspace)),
    ("\u{1}", Key("a", .control)), ("\u{1A}", Key("z", .control)), ("\u{0}", Key(" ", .control)),
    ("\u{1D}", Key("]", .control)), ("\u{1B}", Key(.escape)),
    ("\u{1B}x", Key("x", .alt)), ("\u{1B}ä", Key("ä", .alt)), ("\u{1B}[", Key("[", .alt)),
    ("\u{1B}]", Key("]", .alt)), ("\u{1B}P", Key("P", .alt)), ("\u{1B}O", Key("O", .alt)),
    ("\u{1B}\r", Key(.enter, .alt)), ("\u{1B}\u{1}", Key("a", [.control, .alt])),
    // xterm, VTE and most others
    ("\u{1B}[A", Key(.up)), ("\u{1B}OA", Key(.up)), ("\u{1B}[1;5C", Key(.right, .control)),
    ("\u{1B}[1;2D", Key(.left, .shift)), ("\u{1B}[1;3B", Key(.down, .alt)),
    ("\u{1B}[H", Key(.home)), ("\u{1B}OF", Key(.end)), ("\u{1B}[5~", Key(.pageUp)),
    ("\u{1B}[6;5~", Key(.pageDown, .control)), ("\u{1B}[3~", Key(.delete)),
    ("\u{1B}[Z", Key(.backTab)), ("\u{1B}OP", Key(.function(1))),
    ("\u{1B}[15~", Key(.function(5))), ("\u{1B}[24~", Key(.function(12))),
    ("\u{1B}[1;2R", Key(.function(3), .shift)),
    // Linux console, rxvt, PuTTY, tmux
    ("\u{1B}[[A", Key(.function(1))), ("\u{1B}[[E", Key(.function(5))),
    ("\u{1B}[1~", Key(.home)), ("\u{1B}[7~", Key(.home)), ("\u{1B}[8~", Key(.end)),
    ("\u{1B}[11~", Key(.function(1))), ("\u{1B}[5^", Key(.pageUp, .control)),
    ("\u{1B}[a", Key(.up, .shift)), ("\u{1B}Oc", Key(.right, .control)),
    ("\u{1B}\u{1B}[A", Key(.up, .alt)),
    // numeric keypad, modifyOtherKeys, CSI u
    ("\u{1B}OM", Key(.enter)), ("\u{1B}Oy", Key("9")), ("\u{1B}[27;5;13~", Key(.enter, .control)),
    ("\u{1B}[97;5u", Key("a", .control)), ("\u{1B}[9;2u", Key(.backTab)),
  ])
  func keysAreRecognised(_ bytes: String, _ key: Key) {
    #expect(keys(bytes) == [key])
  }

  @Test func everySplitOfAStreamGivesTheSameItems() {
    let stream =
      "aä\u{1B}[A\u{1B}OP\u{1B}[<0;10;20M\u{1B}[<0;10;20m\u{1B}[200~x\ry\u{1B}[201~"
      + "\u{1B}]11;rgb:ffff/0/80\u{1B}\\\u{1B}P>|kitty(0.32)\u{1B}\\\u{1B}[?62;22c\u{1B}[I😀q"
    let bytes = Array(stream.utf8)
    let whole = decode(stream)
    #expect(whole.count == 13)
    for split in 1..<bytes.count {
      var decoder = InputDecoder()
      let items = decoder.decode(bytes[..<split]) + decoder.decode(bytes[split...])
      #expect(items == whole, "split at \(split)")
    }
  }

  @Test func aPauseEndsOnlyWhatCouldBeAKey() {
    var decoder = InputDecoder()
    #expect(decoder.decode([0x1B]).isEmpty)
    #expect(decoder.isAmbiguous)
    #expect(decoder.decode([], isPause: true) == [.event(.key(Key(.escape)))])
    // On a slow line the rest of a sequence may be late; it is still one sequence.
    #expect(decoder.decode("\u{1B}[1;".utf8).isEmpty)
    #expect(!decoder.isAmbiguous)
    #expect(decoder.decode([], isPause: true).isEmpty)
    #expect(decoder.decode("5A".utf8) == [.event(.key(Key(.up, .control)))])
    #expect(keys("\u{1B}\u{1B}") == [Key(.escape), Key(.escape)])
  }

  @Test(arguments: [
    ("0;1;1M", MouseEvent(action: .press(.left), column: 0, row: 0)),
    ("0;1;1m", MouseEvent(action: .release(.left), column: 0, row: 0)),
    ("1;300;100M", MouseEvent(action: .press(.middle), column: 299, row: 99)),
    ("2;2;3M", MouseEvent(action: .press(.right), column: 1, row: 2)),
    ("32;5;6M", MouseEvent(action: .drag(.left), column: 4, row: 5)),
    ("35;5;6M", MouseEvent(action: .move, column: 4, row: 5)),
    ("64;5;6M", MouseEvent(action: .wheelUp, column: 4, row: 5)),
    ("65;5;6M", MouseEvent(action: .wheelDown, column: 4, row: 5)),
    ("66;5;6M", MouseEvent(action: .wheelLeft, column: 4, row: 5)),
    ("67;5;6M", MouseEvent(action: .wheelRight, column: 4, row: 5)),
    ("16;5;6M", MouseEvent(action: .press(.left), column: 4, row: 5, modifiers: .control)),
    ("76;5;6M", MouseEvent(action: .wheelUp, column: 4, row: 5, modifiers: [.shift, .alt])),
  ])
  func mouseReportsAreRead(_ report: String, _ event: MouseEvent) {
    #expect(decode("\u{1B}[<" + report) == [.event(.mouse(event))])
  }

  @Test func oldMouseReportsAreRead() {
    let press = MouseEvent(action: .press(.left), column: 0, row: 1)
    #expect(decode("\u{1B}[M !\"") == [.event(.mouse(press))])
  }

  @Test func pastedTextIsText() {
    #expect(
      decode("\u{1B}[200~a\rb\r\nc\u{1B}[31m\u{7}\td\u{1B}[201~q") == [
        .event(.paste("a\nb\nc[31m\td")), .event(.key(Key("q"))),
      ])
  }

  @Test(arguments: [
    ("\u{1B}]11;rgb:1e1e/2020/ffff\u{7}", TerminalReply.background(RGB(0x1E, 0x20, 0xFF))),
    ("\u{1B}]11;rgba:ff/80/0/ff\u{1B}\\", .background(RGB(255, 128, 0))),
    ("\u{1B}P>|XTerm(370)\u{1B}\\", .program("XTerm(370)")),
    ("\u{1B}P1$r0;48:2:1:2:3m\u{1B}\\", .rendition("0;48:2:1:2:3")),
    ("\u{1B}[6;18;9t", .cellPixels(width: 9, height: 18)),
    ("\u{1B}[4;540;900t", .areaPixels(width: 900, height: 540)),
    ("\u{1B}[?2026;2$y", .synchronizedOutput(true)),
    ("\u{1B}[?2026;0$y", .synchronizedOutput(false)),
    ("\u{1B}[?62;22c", .deviceAttributes), ("\u{1B}[0n", .ready),
  ])
  func repliesAreNeverTyped(_ bytes: String, _ reply: TerminalReply) {
    #expect(decode(bytes) == [.reply(reply)])
  }

  @Test func cursorPositionsAreReadWhenAskedFor() {
    #expect(decode("\u{1B}[1;2R", expectsCursor: true) == [.reply(.cursor(column: 1, row: 0))])
  }

  @Test(arguments: [
    "\u{1B}[999z", "\u{1B}[?997;1n", "\u{1B}[>1;2c", "\u{1B}]0;title\u{7}",
    "\u{1B}_Gi=1;OK\u{1B}\\",
    "\u{1B}P0$r\u{1B}\\", "\u{1B}]11;nonsense\u{1B}\\", "\u{1B}[<0;0;0M", "\u{1B}[<1M",
    "\u{1B}[99999999999999999999~",
  ])
  func whatMeansNothingIsDropped(_ bytes: String) {
    #expect(decode(bytes + "q") == [.event(.key(Key("q")))])
  }

  @Test func arbitraryBytesNeverTrap() {
    var state: UInt64 = 7
    for _ in 0..<300 {
      var decoder = InputDecoder()
      for _ in 0..<20 {
        let bytes = (0..<16).map { _ -> UInt8 in
          state = state &* 6_364_136_223_846_793_005 &+ 1
          let value = UInt8(truncatingIfNeeded: state >> 33)
          return value % 3 == 0 ? 0x1B : value % 3 == 1 ? UInt8(ascii: "[") &+ value / 32 : value
        }
        _ = decoder.decode(bytes, isPause: state & 1 == 0)
      }
    }
  }

  @Test func keysHaveNamesThatAreRead() {
    let keys = [
      Key("q"), Key("-"), Key(" "), Key("x", .control), Key(.backTab), Key(.tab, .alt),
      Key(.function(12), .shift), Key(.pageDown), Key("é", [.control, .alt]), Key("-", .control),
    ]
    for key in keys { #expect(Key(named: key.description) == key, "\(key)") }
    #expect(Key(.backTab).description == "Shift-Tab")
    #expect(Key(named: "Hyper-q") == nil)
    #expect(Key(named: "") == nil)
  }
}
