import Core
import Testing

@testable import Viz

@Suite("Overlay")
struct OverlayTests {
  private let picture = Picture(
    width: 2, height: 1, samples: [10, 100, 250, 0, 128, 255])
  private let labels = LabelMap(width: 2, height: 1, values: [0, 255])

  @Test func opacityZeroIsThePictureAndOneThePalette() {
    let palette = [RGB(1, 2, 3)]
    #expect(picture.overlaid(with: labels, palette: palette, opacity: 0) == picture)
    let full = picture.overlaid(with: labels, palette: palette, opacity: 1)
    #expect(full[0, 0] == RGB(1, 2, 3))
    // The second pixel's label has no colour.
    #expect(full[1, 0] == picture[1, 0])
  }

  /// Half black, half white is half the light: sRGB 188, not 128.
  @Test func mixesLight() {
    let white = Picture(width: 1, height: 1, filled: RGB(255, 255, 255))
    let mixed = white.overlaid(
      with: LabelMap(width: 1, height: 1, values: [0]), palette: [RGB(0, 0, 0)], opacity: 0.5)
    #expect(mixed[0, 0] == RGB(188, 188, 188))
  }

  @Test func lightAndSamplesAreInverse() {
    for sample in UInt8.min...UInt8.max {
      #expect(LinearLight.sample(LinearLight.ofSample[Int(sample)]) == sample)
    }
  }
}
