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

  /// The areas of a part are those of the pixels whose centres lie in it.
  @Test func areasOfParts() {
    let labels = LabelMap(width: 5, height: 4, values: (0..<20).map { UInt16($0 % 4) })
    #expect(labels.areas(classes: 3) == [5, 5, 5])
    for part in [
      Crop(x: 0, y: 0, width: 5, height: 4), Crop(x: 1.2, y: 0.4, width: 2, height: 2.7),
      Crop(x: 4.9, y: 3.9, width: 0.1, height: 0.1), Crop(x: 0.5, y: 0.5, width: 1, height: 1),
    ] {
      var expected = [0, 0, 0, 0]
      for y in 0..<4 {
        for x in 0..<5 {
          let (cx, cy) = (Double(x) + 0.5, Double(y) + 0.5)
          if part.x..<part.x + part.width ~= cx && part.y..<part.y + part.height ~= cy {
            expected[Int(labels[x, y])] += 1
          }
        }
      }
      // A part that holds no centre shows the pixel it lies in.
      let counted = labels.areas(classes: 4, in: part)
      #expect(counted == expected || expected.reduce(0, +) == 0 && counted.reduce(0, +) == 1)
    }
  }
}
