import Core
import Testing

@testable import Viz

@Suite("Contours")
struct ContoursTests {
  private let red = RGB(255, 0, 0)
  private let blue = RGB(0, 0, 255)

  /// Five pixels, the border between the second and the third.
  private func contoured(_ colours: [RGB?], thickness: Int) -> [RGB] {
    let labels = LabelMap(width: 5, height: 1, values: [0, 0, 1, 1, 1])
    let contoured = Picture(width: 5, height: 1).contoured(
      with: labels, colours: colours, thickness: thickness)
    return (0..<5).map { contoured[$0, 0] }
  }

  @Test func bothSidesOfABorderHaveTheirClassesColour() {
    let black = RGB(0, 0, 0)
    #expect(contoured([red, blue], thickness: 1) == [black, red, blue, black, black])
    #expect(contoured([red, blue], thickness: 2) == [red, red, blue, blue, black])
    #expect(contoured([nil, blue], thickness: 1) == [black, black, blue, black, black])
    #expect(contoured([red], thickness: 1) == [black, red, black, black, black])
  }

  @Test func thePicturesEdgeIsNoBorder() {
    let picture = Picture(width: 3, height: 3, filled: RGB(1, 2, 3))
    let labels = LabelMap(width: 3, height: 3, values: [UInt16](repeating: 0, count: 9))
    #expect(picture.contoured(with: labels, colours: [red], thickness: 5) == picture)
  }

  @Test func contoursWithoutWidthTrap() async {
    await #expect(processExitsWith: .failure) {
      let labels = LabelMap(width: 1, height: 1, values: [0])
      _ = Picture(width: 1, height: 1).contoured(with: labels, colours: [], thickness: 0)
    }
  }
}
