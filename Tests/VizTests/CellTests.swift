import Core
import Testing

@testable import Viz

@Suite("Cells")
struct CellTests {
  /// Two pixels a cell: the upper one is the glyph's colour, the lower one lies behind it.
  @Test func halfBlocksHoldTwoPixels() {
    let picture = Picture(
      width: 2, height: 4, samples: (0..<24).map { UInt8(10 * $0) })
    let grid = picture.halfBlocks(columns: 2, rows: 2)
    for y in 0..<2 {
      for x in 0..<2 {
        let cell = Cell(
          "▀", foreground: picture[x, 2 * y], background: picture[x, 2 * y + 1])
        #expect(grid[x, y] == cell)
      }
    }
  }

  @Test func lettersStandForClassesAndNothingForOthers() {
    let labels = LabelMap(width: 4, height: 1, values: [0, 1, 2, 255])
    let grid = labels.letters(["A", "B"], columns: 4, rows: 1)
    #expect(grid.row(0).map(\.glyph) == ["A", "B", " ", " "])
    #expect(grid.row(0).allSatisfy { $0.foreground == nil && $0.background == nil })
  }

  @Test(arguments: [
    (480, 360, 80, 24, 64, 24), (480, 360, 64, 100, 64, 24), (360, 480, 80, 24, 36, 24),
    (20000, 3, 80, 24, 80, 1), (3, 20000, 80, 24, 1, 24), (1, 1, 80, 24, 48, 24),
    (1, 1, 1, 1, 1, 1), (640, 480, 40, 4096, 40, 15),
  ])
  func fittingKeepsTheSides(
    width: Int, height: Int, columns: Int, rows: Int, fittedColumns: Int, fittedRows: Int
  ) {
    let fitted = CellGrid.fitting(width: width, height: height, columns: columns, rows: rows)
    #expect(fitted.columns == fittedColumns)
    #expect(fitted.rows == fittedRows)
  }

  @Test func fittingStaysInsideAndTouchesASide() {
    for (width, height) in [(1, 1), (97, 31), (31, 97), (1920, 1080), (5, 4000)] {
      for (columns, rows) in [(1, 1), (40, 12), (80, 24), (200, 60), (7, 90)] {
        let fitted = CellGrid.fitting(width: width, height: height, columns: columns, rows: rows)
        #expect(1...columns ~= fitted.columns && 1...rows ~= fitted.rows)
        #expect(fitted.columns == columns || fitted.rows == rows)
      }
    }
  }

  @Test func everyClassHasALetterOfItsOwn() {
    for names in [ClassTable.camVid.names, ClassTable.pascalContext.names] {
      let letters = classLetters(names)
      #expect(letters.count == names.count)
      #expect(Set(letters).count == names.count)
      #expect(letters.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) })
    }
    #expect(String(classLetters(ClassTable.camVid.names)) == "SBPRATIFCEY")
  }

  @Test func lettersRunOutAfterSixtyTwo() {
    let letters = classLetters([String](repeating: "é", count: 63))
    #expect(Set(letters.dropLast()).count == 62)
    #expect(letters.last == "?")
  }
}
