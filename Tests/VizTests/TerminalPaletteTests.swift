import Core
import Testing

@testable import Viz

@Suite("Terminal palettes")
struct TerminalPaletteTests {
  @Test func everyColourStandsForItself() {
    for palette in [TerminalPalette.ansi16, .xterm240] {
      for (i, colour) in palette.colours.enumerated() {
        #expect(palette.nearest(to: colour) == palette.firstIndex + i)
      }
    }
    #expect(TerminalPalette.ansi16.colours.count == 16)
    #expect(TerminalPalette.xterm240.colours.count == 240)
  }

  @Test func numbersAreTheTerminals() {
    #expect(TerminalPalette.xterm240.nearest(to: RGB(0, 0, 0)) == 16)
    #expect(TerminalPalette.xterm240.nearest(to: RGB(255, 0, 0)) == 196)
    #expect(TerminalPalette.xterm240.nearest(to: RGB(255, 255, 255)) == 231)
    #expect(TerminalPalette.xterm240.nearest(to: RGB(127, 128, 128)) == 244)
    #expect(TerminalPalette.ansi16.nearest(to: RGB(250, 10, 5)) == 9)
  }

  /// A road under CamVid's purple is nearer to a grey by samples; it must not become one.
  @Test func hueOutweighsLightness() {
    let index = TerminalPalette.xterm240.nearest(to: RGB(104, 55, 104))
    let colour = TerminalPalette.xterm240.colours[index - 16]
    #expect(colour.red > colour.green && colour.blue > colour.green)
  }

  /// Every class of CamVid keeps a colour of its own with 256 colours.
  @Test func classesStayApart() {
    let indices = ClassTable.camVid.palette.map { TerminalPalette.xterm240.nearest(to: $0) }
    #expect(Set(indices).count == indices.count)
  }

  /// The values that Ottosson gives for sRGB's corners.
  @Test(arguments: [
    (RGB(255, 255, 255), 1, 0, 0), (RGB(0, 0, 0), 0, 0, 0),
    (RGB(255, 0, 0), 0.62796, 0.22486, 0.12585), (RGB(0, 255, 0), 0.86644, -0.23389, 0.17950),
    (RGB(0, 0, 255), 0.45201, -0.03246, -0.31153),
  ])
  func oklab(colour: RGB, lightness: Float, a: Float, b: Float) {
    let place = Oklab(colour)
    // The published values have five decimals.
    #expect(abs(place.lightness - lightness) < 2e-5)
    #expect(abs(place.a - a) < 2e-5)
    #expect(abs(place.b - b) < 2e-5)
  }
}
