import Core
import Testing

@testable import Viz

/// FNV-1a, 64 bits: changes with every byte.
private func fingerprint(_ bytes: some Sequence<UInt8>) -> UInt64 {
  bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
}

/// The share of each class in percent.
private func percentages(of labels: LabelMap) -> [Double] {
  var counts = [Double](repeating: 0, count: StreetClass.allCases.count)
  for value in labels.values { counts[Int(value)] += 1 }
  return counts.map { 100 * $0 / Double(labels.values.count) }
}

@Suite struct StreetSceneTests {
  @Test func isTheSameOnEveryMachine() {
    let scene = StreetScene.draw(seed: 3, width: 96, height: 72)
    #expect(fingerprint(scene.picture.samples) == 0x7A2B_8E06_FB06_D13C)
    #expect(fingerprint(scene.labels.values.map { UInt8($0) }) == 0xEFE9_5592_3532_FD2A)
  }

  @Test func seedsDrawDifferentScenes() {
    let scenes = (UInt64(1)...8).map { StreetScene.draw(seed: $0, width: 48, height: 36).picture }
    for (i, a) in scenes.enumerated() {
      for b in scenes[(i + 1)...] { #expect(a != b) }
    }
  }

  @Test func everyClassIsSeenInASmallSeries() {
    let size = 240 * 180
    var counts = [Int](repeating: 0, count: StreetClass.allCases.count)
    for seed in UInt64(1)...8 {
      let labels = StreetScene.draw(seed: seed, width: 240, height: 180).labels
      for value in labels.values { counts[Int(value)] += 1 }
    }
    for label in StreetClass.allCases {
      // In CamVid the rarest class covers 0.3 % of the pixels.
      #expect(counts[Int(label.rawValue)] > 8 * size / 300, "\(label)")
    }
  }

  /// Class shares in percent may differ by what a coarse grid of pixel centres misses of thin things.
  @Test(arguments: UInt64(1)...6)
  func showsTheSameSceneAtEverySize(seed: UInt64) {
    let small = percentages(of: StreetScene.draw(seed: seed, width: 120, height: 90).labels)
    let large = percentages(of: StreetScene.draw(seed: seed, width: 300, height: 225).labels)
    for label in StreetClass.allCases {
      let i = Int(label.rawValue)
      #expect(abs(small[i] - large[i]) < 1, "\(label): \(small[i]) %, \(large[i]) %")
    }
  }

  @Test(arguments: UInt64(1)...12)
  func skyIsAboveAndRoadBelow(seed: UInt64) {
    let (width, height) = (120, 90)
    let labels = StreetScene.draw(seed: seed, width: width, height: height).labels
    for x in 0..<width {
      #expect(labels[x, 0] != StreetClass.road.rawValue)
      #expect(labels[x, height - 1] != StreetClass.sky.rawValue)
    }
    let ahead = (0..<width).filter { labels[$0, height - 1] == StreetClass.road.rawValue }
    #expect(ahead.count > width / 3)
    #expect(labels.values.contains(StreetClass.sky.rawValue))
  }

  @Test(arguments: UInt64(1)...4)
  func skyIsBrighterThanTheRoad(seed: UInt64) {
    let scene = StreetScene.draw(seed: seed, width: 120, height: 90)
    func brightness(of label: StreetClass) -> Double {
      let pixels = scene.labels.values.indices.filter {
        scene.labels.values[$0] == label.rawValue
      }
      let sum = pixels.reduce(0) { $0 + Int(scene.picture.samples[3 * $1 + 1]) }
      return Double(sum) / Double(pixels.count)
    }
    #expect(brightness(of: .sky) > 2 * brightness(of: .road))
  }

  @Test(arguments: [(1, 1), (32, 32), (33, 47), (512, 32), (32, 512), (3, 700), (101, 25)])
  func drawsEverySize(width: Int, height: Int) {
    for seed in UInt64(1)...5 {
      let scene = StreetScene.draw(seed: seed, width: width, height: height)
      #expect(scene.picture.width == width && scene.picture.height == height)
      #expect(scene.labels.width == width && scene.labels.height == height)
      #expect(scene.labels.values.allSatisfy { $0 <= 10 })
    }
  }

  @Test(arguments: [UInt64.min, .max, 0x8000_0000_0000_0000])
  func drawsEverySeed(seed: UInt64) {
    let scene = StreetScene.draw(seed: seed, width: 60, height: 45)
    #expect(Set(scene.labels.values).count > 4)
  }

  @Test func refusesAnEmptyPicture() async {
    await #expect(processExitsWith: .failure) {
      _ = StreetScene.draw(seed: 1, width: 0, height: 10)
    }
  }

  @Test func classNamesAreInTheOrderOfTheLabels() {
    #expect(StreetScene.classes.names.count == StreetClass.allCases.count)
    for kind in StreetClass.allCases {
      let name = StreetScene.classes.names[Int(kind.rawValue)]
      #expect(name.lowercased() == "\(kind)".lowercased())
    }
  }
}
