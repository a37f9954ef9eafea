import Core
import Testing
import Viz

@testable import TUI

@Suite("Loupe")
struct LoupeTests {
  private let picture = (width: 320, height: 200)

  /// Wherever the cursor is and however large the pane, the frame lies in the pane, holds the cursor's pixel and never
  /// covers the cursor.
  @Test(arguments: [(40, 7), (52, 44), (104, 40), (250, 80)])
  func itMovesAside(columns: Int, rows: Int) throws {
    let pane = Rect(x: 28, y: 2, width: columns, height: rows)
    let placement = Viewport().placement(
      width: picture.width, height: picture.height, columns: columns, rows: rows)
    for x in Swift.stride(from: 0, to: picture.width, by: 7) {
      for y in Swift.stride(from: 0, to: picture.height, by: 11) {
        let cell = try #require(placement.cell(x: x, y: y))
        let column = pane.x + (columns - placement.columns) / 2 + cell.column
        let row = pane.y + (rows - placement.rows) / 2 + cell.row
        let place = try #require(
          Loupe.place(
            ExplorerState.PixelPoint(x: x, y: y), column: column, row: row, in: pane, placement,
            width: picture.width, height: picture.height))
        #expect(!place.frame.contains(column: column, row: row))
        #expect(place.frame.x >= pane.x && place.frame.maxX <= pane.maxX)
        #expect(place.frame.y >= pane.y && place.frame.maxY <= pane.maxY)
        #expect(place.x..<(place.x + place.across) ~= x && place.y..<(place.y + place.down) ~= y)
        #expect(place.x >= 0 && place.x + place.across <= picture.width)
        #expect(place.frame.width == place.side * place.across + 2)
        #expect(2 * (place.frame.height - 2) == place.side * place.down)
      }
    }
  }

  @Test func smallPanesHaveNone() {
    let pane = Rect(x: 0, y: 0, width: 12, height: 4)
    let placement = Viewport().placement(width: 8, height: 6, columns: 12, rows: 4)
    #expect(
      Loupe.place(
        ExplorerState.PixelPoint(x: 3, y: 3), column: 5, row: 2, in: pane, placement, width: 8,
        height: 6) == nil)
  }

  /// Every pixel is a square of its own colour.
  @Test func pixelsAreExact() {
    var picture = Picture(width: 4, height: 4)
    for i in 0..<16 { picture[i % 4, i / 4] = RGB(UInt8(i * 16), 0, 0) }
    let place = Loupe.Place(
      frame: Rect(x: 0, y: 0, width: 8, height: 5), side: 3, x: 1, y: 2, across: 2, down: 2)
    let magnified = place.magnified(picture)
    #expect((magnified.width, magnified.height) == (6, 6))
    for y in 0..<6 {
      for x in 0..<6 { #expect(magnified[x, y] == picture[1 + x / 3, 2 + y / 3]) }
    }
  }

  @Test func theKeyOpensItAtACursor() {
    let state = ExplorerFixture.after(
      ExplorerFixture.state(),
      [
        .decoded(
          entry: 0, picture: ExplorerFixture.picture, truth: ExplorerFixture.truth, note: nil)
      ] + ExplorerFixture.keys("z")
    ).state
    #expect(state.isLoupeOpen)
    #expect(state.cursor == ExplorerState.PixelPoint(x: 3, y: 2))
    #expect(state.focus == .picture)
    // Under the loupe the arrows go pixel by pixel.
    let moved = ExplorerFixture.after(state, ExplorerFixture.keys("lj")).state
    #expect(moved.cursor == ExplorerState.PixelPoint(x: 4, y: 3))
    for key in ["z", "<Esc>"] {
      #expect(!ExplorerFixture.after(moved, ExplorerFixture.keys(key)).state.isLoupeOpen)
    }
  }
}
