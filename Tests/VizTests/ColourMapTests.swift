import Core
import Testing

@testable import Viz

@Suite("Colour map")
struct ColourMapTests {
  private let greys = ColourMap([RGB(0, 0, 0), RGB(255, 255, 255)])

  @Test func valuesLieOnTheLineBetweenAnchors() {
    for sample in 0...255 {
      let grey = UInt8(sample)
      #expect(greys(Float(sample) / 255) == RGB(grey, grey, grey))
    }
    let three = ColourMap([RGB(0, 0, 0), RGB(100, 0, 0), RGB(100, 200, 0)])
    #expect(three(0) == RGB(0, 0, 0))
    #expect(three(1) == RGB(100, 200, 0))
  }

  @Test func whatIsOutsideIsClipped() {
    #expect(greys(-3) == RGB(0, 0, 0))
    #expect(greys(7) == RGB(255, 255, 255))
    #expect(greys(.infinity) == RGB(255, 255, 255))
    #expect(greys(.nan) == RGB(0, 0, 0))
  }

  @Test(arguments: [ColourMap.viridis, .magma, .cividis, .grey])
  func mapsGrowBrighter(map: ColourMap) {
    let lightness = (0...16).map { Oklab(map(Float($0) / 16)).lightness }
    #expect(zip(lightness, lightness.dropFirst()).allSatisfy { $0 < $1 })
  }

  /// Towards both ends alike, the middle next to the background.
  @Test(arguments: [false, true])
  func divergingMapsTurnInTheMiddle(isLight: Bool) {
    let map = ColourMap.diverging(isLight: isLight)
    let lightness = (0...8).map { Oklab(map(Float($0) / 8)).lightness }
    let fromMiddle = [Array(lightness[...4].reversed()), Array(lightness[4...])]
    for side in fromMiddle {
      #expect(zip(side, side.dropFirst()).allSatisfy { isLight ? $0 > $1 : $0 < $1 })
    }
    #expect(isLight ? lightness[4] > 0.9 : lightness[4] < 0.25)
  }

  @Test func turboIsBrightestInTheMiddle() {
    let lightness = [0, 0.5, 1].map { Oklab(ColourMap.turbo($0)).lightness }
    #expect(lightness[1] > lightness[0] && lightness[1] > lightness[2])
    #expect(ColourMap.turbo(0) == RGB(48, 18, 59) && ColourMap.turbo(1) == RGB(122, 4, 3))
  }

  @Test func heatmapsColourPixelByPixel() {
    let heatmap = Picture.heatmap([0, 1, 0.2, .nan], width: 2, height: 2, greys)
    #expect(heatmap[0, 0] == RGB(0, 0, 0))
    #expect(heatmap[1, 0] == RGB(255, 255, 255))
    #expect(heatmap[0, 1] == RGB(51, 51, 51))
    #expect(heatmap[1, 1] == RGB(0, 0, 0))
  }

  @Test func whatLiesBelowAThresholdIsMarked() {
    let mark = RGB(255, 0, 0)
    var heatmap = Picture.heatmap([0, 0.4, 0.5, 1], width: 4, height: 1, greys)
    heatmap.mark([0, 0.4, 0.5, 1], below: 0.5, in: mark)
    #expect((0..<4).map { heatmap[$0, 0] == mark } == [true, true, false, false])
  }
}
