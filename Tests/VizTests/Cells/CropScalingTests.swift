import Core
import Testing

@testable import Viz

@Suite("Scaling of crops")
struct CropScalingTests {
  /// Both ways of scaling are the identity where they meet.
  @Test func ownSizeChangesNothing() {
    let (picture, labels) = StreetScene.draw(seed: 9, width: 37, height: 23)
    #expect(picture.scaled(Crop(picture), width: 37, height: 23) == picture)
    #expect(labels.majorityScaled(Crop(labels), width: 37, height: 23) == labels)
  }

  @Test func smallerIsTheMeanOfTheArea() {
    let (picture, _) = StreetScene.draw(seed: 9, width: 50, height: 40)
    #expect(
      picture.scaled(Crop(picture), width: 21, height: 13)
        == picture.areaScaled(width: 21, height: 13))
  }

  /// A crop of half a pixel and one and a half: the first output is the first pixel.
  @Test func cropsLieBetweenPixels() {
    let row = Picture(width: 3, height: 1, samples: [0, 0, 0, 255, 255, 255, 0, 0, 0])
    let half = row.scaled(Crop(x: 0.5, y: 0, width: 2, height: 1), width: 1, height: 1)
    #expect(half[0, 0] == RGB(188, 188, 188))
    let labels = LabelMap(width: 3, height: 1, values: [4, 5, 6])
    let crop = Crop(x: 0.75, y: 0, width: 1.5, height: 1)
    #expect(labels.majorityScaled(crop, width: 1, height: 1).values == [5])
  }

  /// A ramp of light stays a ramp when enlarged: no steps, no bumps, each row alike.
  @Test func largerIsSmooth() {
    var ramp = Picture(width: 8, height: 2)
    for x in 0..<8 {
      let level = LinearLight.sample(Float(x) / 7)
      for y in 0..<2 { ramp[x, y] = RGB(level, level, level) }
    }
    let large = ramp.scaled(Crop(ramp), width: 80, height: 6)
    let levels = (0..<80).map { large[$0, 0].red }
    #expect(levels == levels.sorted())
    // Away from the edges, whose pixels are repeated, no two neighbours are equal in the steep dark part.
    #expect(Set(levels[10..<40]).count == 30)
    for y in 1..<6 { #expect((0..<80).allSatisfy { large[$0, y] == large[$0, 0] }) }
  }

  @Test func weightsOfEveryWindowAddUpToOne() {
    for (size, scaled) in [(1, 5), (7, 3), (3, 7), (100, 99), (99, 100)] {
      let taps = Taps.resampling(-0.3, Double(size) - 0.1, of: size, scaled: scaled)
      #expect(taps.windows.count == scaled)
      for window in taps.windows {
        #expect(window.first >= 0 && window.first + window.count <= size)
        let sum = taps.weights[window.weights..<(window.weights + window.count)].reduce(0, +)
        // A few roundings of single precision.
        #expect(abs(sum - 1) < 8 * .ulpOfOne)
      }
    }
  }
}
