import Core
import Testing

@testable import TUI

@Suite("Formatting")
struct FormattingTests {
  @Test(arguments: [
    (0.125, 2, "0.12"), (0.375, 2, "0.38"), (66.907, 2, "66.91"), (-0.5, 0, "-0"), (2.5, 0, "2"),
    (1e9, 1, "1000000000.0"), (.nan, 2, "–"), (.infinity, 0, "–"),
  ])
  func decimals(value: Double, decimals: Int, text: String) {
    #expect(value.formatted(decimals: decimals) == text)
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1 000"), (-1_234_567, "-1 234 567"), (45_318_211, "45 318 211"),
    (.min, "-9 223 372 036 854 775 808"),
  ])
  func groups(value: Int, text: String) {
    #expect(value.grouped == text)
  }

  @Test func counts() {
    #expect(1.counted("image") == "1 image")
    #expect(0.counted("image") == "0 images")
  }

  /// Names may hold anything; nothing that moves a cursor may reach a terminal.
  @Test(arguments: [
    ("plain ä 😀", "plain ä 😀"), ("a\nb", "a?b"), ("a\r\nb", "a?b"), ("\u{1B}[31m", "?[31m"),
    ("\u{7F}\u{0}\t", "???"), ("\u{9B}2J", "?2J"),
  ])
  func controlCharactersAreShownAsQuestionMarks(text: String, printable: String) {
    #expect(text.printable == printable)
  }

  @Test func linesStayLines() {
    #expect("a\n\n\u{1B}b\n".printableLines == "a\n\n?b\n")
  }

  @Test(arguments: [
    ("abc", 3, "abc"), ("abcd", 3, "ab…"), ("abc", 1, "…"), ("abc", 0, ""), ("", 0, ""),
    ("äöü😀", 3, "äö…"),
  ])
  func cuts(text: String, columns: Int, cut: String) {
    #expect(text.cut(to: columns) == cut)
  }

  @Test func tablesAlign() {
    var table = TextTable(["name", "n", ""])
    table.add(["a", "10", "x"])
    table.add(["longer", "–"])
    #expect(
      table.text == """
        name     n
        a       10  x
        longer   –
        """)
    #expect(TextTable([]).text == "")
  }

  @Test(arguments: [
    (0, "0:00"), (-3, "0:00"), (6.2, "0:07"), (59.5, "1:00"), (754, "12:34"), (3723, "1:02:03"),
    (1e12, "99:59:59"), (.infinity, "99:59:59"),
  ])
  func clockFaces(seconds: Double, text: String) {
    #expect(Progress.clockFace(seconds) == text)
  }

  @Test func reportsCarryTheirSchema() throws {
    let report = JSON.report("test", [JSON.Member("x", .number(.nan, decimals: 2))])
    let read = try JSON(report.text)
    #expect(read["schema"]?.string == "hfgd.test/1")
    #expect(read["version"]?.string == HFGD.version)
    #expect(read["x"] == .null)
  }
}
