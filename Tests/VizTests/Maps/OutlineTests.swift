import Core
import Testing
import Viz

@Suite("Outline")
struct OutlineTests {
  /// The region of a map's ones in `picture`, outlined.
  private func outlined(_ region: [(x: Int, y: Int)], thickness: Int) -> Picture {
    var map = LabelMap(width: 9, height: 7, values: Array(repeating: 0, count: 63))
    for (x, y) in region { map.values[9 * y + x] = 1 }
    let runs = ConnectedComponents(of: map).runs.filter { map[$0.columns.lowerBound, $0.y] == 1 }
    return Picture(width: 9, height: 7, filled: grey).outlined(runs, thickness: thickness)
  }

  private let grey = RGB(100, 110, 120)

  /// The region and what is far off stay as they are; around it are a line of white and one of black.
  @Test func linesLieOutside() {
    let picture = outlined([(4, 3), (5, 3)], thickness: 1)
    for y in 0..<7 {
      for x in 0..<9 {
        let distance = max(4 - x, x - 5, abs(y - 3))
        let expected = [grey, RGB(255, 255, 255), RGB(0, 0, 0), grey, grey][max(0, distance)]
        #expect(picture[x, y] == expected, "(\(x), \(y))")
      }
    }
  }

  @Test func linesEndAtTheEdges() {
    let picture = outlined([(0, 0)], thickness: 2)
    #expect(picture[0, 0] == grey)
    #expect(picture[2, 2] == RGB(255, 255, 255))
    #expect(picture[4, 4] == RGB(0, 0, 0))
    #expect(picture[5, 5] == grey)
  }
}
