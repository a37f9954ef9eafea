import Core
import TestSupport
import Testing

@testable import Viz

@Suite("Area scaling")
struct AreaScalingTests {
  private static let sizes = [1, 2, 3, 7, 8, 31]

  private func noise(_ width: Int, _ height: Int) -> Picture {
    var random = SeededRandom(seed: UInt64(100 * width + height))
    return Picture(
      width: width, height: height,
      samples: (0..<(3 * width * height)).map { _ in UInt8(truncatingIfNeeded: random.next()) })
  }

  @Test(arguments: sizes, sizes)
  func ownSizeChangesNothing(width: Int, height: Int) {
    let picture = noise(width, height)
    #expect(picture.areaScaled(width: width, height: height) == picture)
  }

  /// Half white, half black is half the light, sRGB 188.
  @Test func averagesLight() {
    let (black, white) = (RGB(0, 0, 0), RGB(255, 255, 255))
    var pair = Picture(width: 2, height: 1)
    pair[1, 0] = white
    #expect(pair.areaScaled(width: 1, height: 1)[0, 0] == RGB(188, 188, 188))

    // Three columns on two: each output covers one whole column and half of the white one.
    var stripe = Picture(width: 3, height: 1, filled: black)
    stripe[1, 0] = white
    let third = LinearLight.sample(1 / 3)
    let scaled = stripe.areaScaled(width: 2, height: 1)
    #expect(scaled[0, 0] == RGB(third, third, third))
    #expect(scaled[1, 0] == scaled[0, 0])
  }

  @Test func wholeFactorsRepeatPixels() {
    let picture = noise(3, 2)
    let large = picture.areaScaled(width: 12, height: 10)
    for y in 0..<10 {
      for x in 0..<12 { #expect(large[x, y] == picture[x / 4, y / 5]) }
    }
  }

  /// The definition, in double precision and without any table.
  private func naive(_ picture: Picture, width: Int, height: Int) -> [Double] {
    func overlap(_ i: Int, _ n: Int, _ j: Int, _ m: Int) -> Double {
      let from = max(Double(i) / Double(n), Double(j) / Double(m))
      let to = min(Double(i + 1) / Double(n), Double(j + 1) / Double(m))
      return max(0, to - from) * Double(n)
    }
    var light: [Double] = []
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<3 {
          var sum = 0.0
          for v in 0..<picture.height {
            for u in 0..<picture.width {
              let share =
                overlap(y, height, v, picture.height) * overlap(x, width, u, picture.width)
              let sample = picture.samples[3 * (v * picture.width + u) + channel]
              sum += share * Double(LinearLight.ofSample[Int(sample)])
            }
          }
          light.append(sum)
        }
      }
    }
    return light
  }

  @Test(arguments: [(7, 5, 3, 4), (3, 4, 7, 5), (31, 1, 8, 3), (1, 31, 1, 2), (13, 11, 1, 1)])
  func agreesWithTheDefinition(width: Int, height: Int, scaledWidth: Int, scaledHeight: Int) {
    let picture = noise(width, height)
    let scaled = picture.areaScaled(width: scaledWidth, height: scaledHeight)
    let expected = naive(picture, width: scaledWidth, height: scaledHeight)
    for (sample, light) in zip(scaled.samples, expected) {
      // Rounding may fall either way where the light lies between two samples.
      #expect(abs(Int(sample) - Int(LinearLight.sample(Float(light)))) <= 1)
    }
  }
}

@Suite("Majority scaling")
struct MajorityScalingTests {
  private func noise(_ width: Int, _ height: Int) -> LabelMap {
    var random = SeededRandom(seed: UInt64(width + 1000 * height))
    return LabelMap(
      width: width, height: height,
      values: (0..<(width * height)).map { _ in [0, 3, 11, 255, 1000][Int(random.next() % 5)] })
  }

  @Test func theLargestShareWins() {
    let map = LabelMap(width: 3, height: 1, values: [4, 9, 9])
    #expect(map.majorityScaled(width: 1, height: 1).values == [9])
    // Each half covers one outer pixel whole and half of the middle one.
    #expect(map.majorityScaled(width: 2, height: 1).values == [4, 9])
  }

  @Test func ofEqualSharesTheSmallestWins() {
    let map = LabelMap(width: 2, height: 2, values: [7, 5, 2, 9])
    #expect(map.majorityScaled(width: 1, height: 1).values == [2])
    #expect(map.majorityScaled(width: 1, height: 2).values == [5, 2])
  }

  @Test(arguments: [1, 2, 5, 16, 33], [1, 3, 17])
  func inventsNoValue(width: Int, height: Int) {
    let map = noise(16, 9)
    let scaled = map.majorityScaled(width: width, height: height)
    #expect(scaled.width == width && scaled.height == height)
    #expect(Set(scaled.values).isSubset(of: Set(map.values)))
  }

  @Test func ownSizeChangesNothing() {
    #expect(noise(13, 7).majorityScaled(width: 13, height: 7) == noise(13, 7))
  }

  @Test func wholeFactorsRepeatPixels() {
    let map = noise(5, 3)
    let large = map.majorityScaled(width: 15, height: 6)
    for y in 0..<6 {
      for x in 0..<15 { #expect(large[x, y] == map[x / 3, y / 2]) }
    }
  }
}
