import Core
import Testing

@testable import Viz

@Suite("Pixel font")
struct PixelFontTests {
  private static let printable = (0x20...0x7E).compactMap(UnicodeScalar.init).map(Character.init)
  private static let marks: [Character] = ["·", "×", "▸", "–", "−", "…", "°"]

  private func drawn(_ text: String, scale: Int = 1) -> [String] {
    let size = PixelFont.size(of: text, scale: scale)
    var picture = Picture(paper: size.width, size.height)
    picture.draw(text, x: 0, y: 0, colour: Picture.ink, scale: scale)
    return picture.art
  }

  @Test func drawsCapitalsSmallLettersAndDescenders() {
    #expect(
      drawn("Sky 9%")
        == [
          ".###..#...............###...#....#",
          "#...#.#..............#...#.#.#..#.",
          "#.....#..#.#...#.....#...#..#..#..",
          ".###..#.#..#...#......####....#...",
          "....#.##...#...#.........#...#..#.",
          "#...#.#.#..#...#........#...#..#.#",
          ".###..#..#..####......##...#....#.",
          "...............#..................",
          "............###...................",
          "..................................",
        ])
  }

  @Test func smoothsEnlargedDiagonals() {
    #expect(
      Array(drawn("°", scale: 2).prefix(6)) == [
        "..++..", ".+##+.", "+#++#+", "+#++#+", ".+##+.", "..++..",
      ])
    #expect(
      Array(drawn("T", scale: 2).prefix(4)) == [
        "##########", "##########", "....##....", "....##....",
      ])
  }

  @Test(arguments: 2...6) func coversTheSameAreaOnBothSidesOfADiagonal(scale: Int) {
    let glyph = PixelFont.glyph("/")
    let coverage = glyph.coverage(scale: scale)
    let upsideDown = Array(coverage.reversed())
    #expect(coverage == upsideDown)
    #expect(coverage.allSatisfy { 0...1 ~= $0 })
    // Nine pixels of ink; at both joints two corners of paper are filled and two of ink are cut.
    let area = coverage.reduce(0, +) / Float(scale * scale)
    #expect(abs(area - 9) < 1e-5)
  }

  @Test func everyCharacterHasItsOwnDrawing() {
    var characters: [Glyph: Character] = [:]
    for character in Self.printable + Self.marks {
      let glyph = PixelFont.glyph(character)
      let twin = characters.updateValue(character, forKey: glyph)
      #expect(twin == nil, "\(character) looks like \(twin ?? " ")")
      #expect(glyph.rows.count == 9)
      #expect(1...7 ~= glyph.width)
      #expect(glyph.rows.contains { $0 != 0 } == (character != " "), "\(character)")
      #expect(glyph != PixelFont.glyph("?") || character == "?")
      #expect(glyph != PixelFont.glyph("\u{1F600}"), "\(character) has no drawing")
    }
  }

  /// Only the blank is all paper, and only the digit one is narrower than its box.
  @Test func glyphsFillTheirWidth() {
    for character in Self.printable + Self.marks where !" 1".contains(character) {
      let glyph = PixelFont.glyph(character)
      #expect((0..<9).contains { glyph.hasInk(x: 0, y: $0) }, "\(character) begins with paper")
      #expect(
        (0..<9).contains { glyph.hasInk(x: glyph.width - 1, y: $0) },
        "\(character) ends with paper")
    }
  }

  @Test func digitsAreEquallyWide() {
    #expect(Set("0123456789".map { PixelFont.glyph($0).width }) == [5])
    #expect(PixelFont.glyph("–").width == 5)
  }

  @Test func unknownCharactersAreBoxes() {
    let box = drawn("\u{1F600}")
    #expect(box == drawn("\u{4E2D}") && box == drawn("\n"))
    #expect(box[0] == "#####" && box[1] == "#...#" && box[6] == "#####" && box[7] == ".....")
    #expect(drawn("31\u{A0}%") == drawn("31 %"))
  }

  @Test func sizesEndWithTheLastGlyph() {
    #expect(PixelFont.size(of: "") == (0, 10))
    #expect(PixelFont.size(of: "A") == (5, 10))
    #expect(PixelFont.size(of: "AA") == (11, 10))
    #expect(PixelFont.size(of: "AA", scale: 3) == (33, 30))
    #expect(PixelFont.size(of: "il") == (4, 10))
  }

  @Test(arguments: [
    (1, 1), (100, 1), (320, 1), (480, 2), (960, 3), (1024, 3), (2048, 6), (100_000, 8),
  ])
  func scaleGrowsWithThePicture(width: Int, scale: Int) {
    #expect(PixelFont.scale(beside: width) == scale)
  }

  @Test(arguments: ["a few words to break", "unbreakable_file_name_0001TP_006690.png and more"])
  func linesKeepToTheWidth(text: String) {
    for width in [8, 20, 50, 90, 1000] {
      let lines = PixelFont.lines(of: text, width: width)
      #expect(lines.allSatisfy { PixelFont.size(of: $0).width <= width })
      #expect(lines.joined().filter { $0 != " " } == text.filter { $0 != " " })
    }
  }

  @Test func linesBreakAtBlanks() {
    #expect(PixelFont.lines(of: "one two three", width: 45) == ["one two", "three"])
    #expect(PixelFont.lines(of: "  ", width: 45) == [])
    // Too narrow even for a character: one a line.
    #expect(PixelFont.lines(of: "ab c", width: 0) == ["a", "b", "c"])
  }

  @Test func shortenedTextsEndWithAnEllipsis() {
    #expect(PixelFont.shortened("Bicyclist", width: 100) == "Bicyclist")
    let shortened = PixelFont.shortened("Bicyclist", width: 30)
    #expect(shortened == "Bicyc…")
    #expect(PixelFont.size(of: shortened).width <= 30)
    #expect(PixelFont.shortened("Bicyclist", width: 0) == "…")
  }
}
