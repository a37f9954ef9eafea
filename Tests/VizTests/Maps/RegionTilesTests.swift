import Core
import Testing

@testable import Viz

@Suite("Region tiles")
struct RegionTilesTests {
  /// A 6×6 map of zeros with a 4×2 bar of ones in its middle.
  private let bar = LabelMap(
    width: 6, height: 6,
    values: (0..<36).map { 1..<5 ~= $0 % 6 && 2..<4 ~= $0 / 6 ? 1 : 0 })

  private func drawn(_ tiles: [Bool], columns: Int) -> [String] {
    stride(from: 0, to: tiles.count, by: columns).map { start in
      String(tiles[start..<(start + columns)].map { $0 ? "#" : "." })
    }
  }

  @Test func tilesOfAPixelAreTheMap() {
    #expect(
      drawn(bar.tiles(of: 1, columns: 6, rows: 6), columns: 6) == [
        "......", "......", ".####.", ".####.", "......", "......",
      ])
  }

  /// Three pixels wide tiles of which a third or two thirds are in the region; magnified ones are the pixels' squares.
  @Test func theMajorityOfPointsDecides() {
    #expect(bar.tiles(of: 1, columns: 2, rows: 3) == [false, false, true, true, false, false])
    let crop = Crop(x: 0, y: 1, width: 2, height: 2)
    #expect(
      drawn(bar.tiles(of: 1, columns: 4, rows: 4, crop: crop), columns: 4) == [
        "....", "....", "..##", "..##",
      ])
  }

  @Test func anAbsentClassHasNone() {
    #expect(!bar.tiles(of: 9, columns: 12, rows: 12).contains(true))
  }
}
