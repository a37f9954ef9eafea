import Foundation
import TestSupport
import Testing

@testable import Core

/// Each corruption against its formula, written as plainly as can be, or against what must hold of it.
@Suite("Corruptions")
struct CorruptionTests {
  private static let all = Corruption.Kind.allCases.flatMap { kind in
    Corruption.severities.map { Corruption(kind, severity: $0) }
  }

  private func corrupted(_ picture: Picture, _ kind: Corruption.Kind, _ severity: Int) -> Picture {
    Corruption(kind, severity: severity)(picture, named: "a")
  }

  private static func rounded(_ value: Double) -> UInt8 { UInt8(min(max(value, 0), 255) + 0.5) }

  /// The same name gives the same picture, another one another where chance has a part; the size stays.
  @Test(arguments: all) func followFromNames(corruption: Corruption) {
    let picture = Picture.noise(width: 61, height: 47)
    let first = corruption(picture, named: "a")
    #expect(first == corruption(picture, named: "a"))
    #expect(first.width == 61 && first.height == 47 && first != picture)
    let isRandom = [.noise, .fog, .snow, .occluder].contains(corruption.kind)
    #expect((first != corruption(picture, named: "b")) == isRandom)
  }

  @Test(arguments: all, [(1, 1), (2, 5), (33, 1)])
  func smallPictures(corruption: Corruption, size: (Int, Int)) {
    let picture = Picture(width: size.0, height: size.1, filled: RGB(9, 90, 200))
    let result = corruption(picture, seed: 1)
    #expect((result.width, result.height) == size)
  }

  @Test func names() {
    for corruption in Self.all {
      #expect(Corruption(description: corruption.description) == corruption)
    }
    for text in ["fog", "fog:0", "fog:6", "fog:03", "mist:1", "fog:1:2", ""] {
      #expect(Corruption(description: text) == nil)
    }
  }

  /// What noise adds to a grey has mean 0 and the deviation of the table, sample by sample by itself.
  @Test func noise() {
    let picture = Picture(width: 300, height: 200, filled: RGB(128, 128, 128))
    for severity in 1...2 {
      let values = corrupted(picture, .noise, severity).samples.map { Double($0) - 128 }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      let deviation = 255 * [0.08, 0.12][severity - 1]
      // Six standard errors of 180 000 samples.
      #expect(abs(mean) < 6 * deviation / 424)
      #expect(abs(variance.squareRoot() / deviation - 1) < 0.015)
      var neighbours = 0.0
      for (value, next) in zip(values, values.dropFirst()) { neighbours += value * next }
      #expect(abs(neighbours / variance / Double(values.count)) < 0.015)
    }
  }

  /// The two passes are the convolution with the whole kernel, the border's pixels going on for ever.
  @Test func blur() {
    let picture = Picture.noise(width: 23, height: 17)
    let deviation = 2.0
    let result = corrupted(picture, .blur, 2)
    let radius = 8
    func weight(_ i: Int) -> Double { exp(-Double(i * i) / (2 * deviation * deviation)) }
    let sum = (-radius...radius).reduce(0) { $0 + weight($1) }
    for y in 0..<17 {
      for x in 0..<23 {
        var mean = SIMD3<Double>()
        for dy in -radius...radius {
          for dx in -radius...radius {
            let colour = picture[min(max(x + dx, 0), 22), min(max(y + dy, 0), 16)]
            mean +=
              weight(dx) * weight(dy) / (sum * sum)
              * SIMD3(Double(colour.red), Double(colour.green), Double(colour.blue))
          }
        }
        let found = result[x, y]
        let samples = [found.red, found.green, found.blue]
        for (value, expected) in zip(samples, [mean.x, mean.y, mean.z]) {
          #expect(abs(Double(value) - expected) < 0.51)
        }
      }
    }
  }

  @Test func jpeg() throws {
    let picture = Picture.noise(width: 40, height: 30)
    let file = try JPEG.encode(picture, quality: 10)
    #expect(try corrupted(picture, .jpeg, 4) == JPEG.decodePicture(file))
  }

  /// HSV's value grows by the share, its hue and saturation stay.
  @Test func brightness() {
    let picture = Picture(
      width: 4, height: 1, samples: [100, 50, 25, 0, 0, 0, 250, 10, 20, 70, 70, 70])
    let result = corrupted(picture, .brightness, 2)
    // 51 more: 151/100 of the first, grey of black, white's edge of the third.
    #expect(result.samples == [151, 76, 38, 51, 51, 51, 255, 10, 20, 121, 121, 121])
  }

  @Test func contrast() {
    let picture = Picture.noise(width: 31, height: 20)
    let result = corrupted(picture, .contrast, 3)
    for channel in 0..<3 {
      let samples = stride(from: channel, to: picture.samples.count, by: 3).map {
        Double(picture.samples[$0])
      }
      let mean = samples.reduce(0, +) / Double(samples.count)
      for (i, sample) in samples.enumerated() {
        let expected = (sample - mean) * 0.2 + mean
        #expect(abs(Double(result.samples[3 * i + channel]) - expected) < 0.51)
      }
    }
  }

  /// Clouds reach from 0 to 1, and finer octaves weigh less: neighbours are more alike than what is far apart.
  @Test func plasma() {
    var random = SplitMix64(seed: 3)
    let values = Plasma.values(width: 200, height: 120, decay: 2, &random)
    #expect(values.min() == 0 && values.max() == 1)
    func difference(_ step: Int) -> Float {
      var sum: Float = 0
      for y in 0..<120 {
        for x in 0..<(200 - step) { sum += abs(values[y * 200 + x] - values[y * 200 + x + step]) }
      }
      return sum / Float(120 * (200 - step))
    }
    #expect(difference(1) < difference(8) && difference(8) < difference(64))
  }

  /// Fog lies between the picture under no cloud and under the thickest one, and thicker fog is farther from the picture.
  @Test func fog() {
    let picture = Picture(width: 64, height: 48, filled: RGB(200, 100, 50))
    for (severity, density) in [(1, 1.5), (5, 3.0)] {
      let white = 200.0
      let scale = white / (white + 255 * density)
      let result = corrupted(picture, .fog, severity)
      let (low, high) = (result.samples.min() ?? 0, result.samples.max() ?? 0)
      #expect(low == Self.rounded(50 * scale))
      #expect(high == Self.rounded((200 + 255 * density) * scale))
    }
  }

  /// Where no flake falls, snow is the formula of the whitened picture; flakes only make brighter.
  @Test func snow() {
    let picture = Picture(width: 80, height: 60, filled: RGB(100, 60, 20))
    let grey = 0.299 * 100 + 0.587 * 60 + 0.114 * 20
    let whitened = 1.5 * grey + 127.5
    let result = corrupted(picture, .snow, 1)
    let least = [100.0, 60, 20].map { Self.rounded(0.8 * $0 + 0.2 * max($0, whitened)) }
    var bare = 0
    var flakes = 0
    for pixel in 0..<(80 * 60) {
      let colour = Array(result.samples[3 * pixel..<3 * pixel + 3])
      #expect(zip(colour, least).allSatisfy { $0 >= $1 })
      if colour == least { bare += 1 }
      if colour[0] > least[0] + 30 { flakes += 1 }
    }
    #expect(bare > 0 && flakes > 0)
  }

  /// Blocks of whole pixels in their mean; half the pixels of an even side are blocks of two.
  @Test func downsampling() {
    let picture = Picture.noise(width: 20, height: 14)
    let result = corrupted(picture, .downsampling, 2)
    for y in stride(from: 0, to: 14, by: 2) {
      for x in stride(from: 0, to: 20, by: 2) {
        let block = [(0, 0), (1, 0), (0, 1), (1, 1)].map { picture[x + $0.0, y + $0.1] }
        let mean = (block.reduce(0) { $0 + Int($1.red) } + 2) / 4
        for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
          #expect(Int(result[x + dx, y + dy].red) == mean)
        }
      }
    }
  }

  /// One square of grey, of the table's size; the rest as it was.
  @Test func occluder() {
    let picture = Picture(width: 90, height: 60, filled: RGB(1, 2, 3))
    for severity in Corruption.severities {
      let result = corrupted(picture, .occluder, severity)
      let covered = (0..<(90 * 60)).filter { result[$0 % 90, $0 / 90] == RGB(128, 128, 128) }
      let side = 6 * severity
      #expect(covered.count == side * side)
      let columns = Set(covered.map { $0 % 90 })
      let rows = Set(covered.map { $0 / 90 })
      #expect(columns.count == side && rows.count == side)
      let rest = (0..<(90 * 60)).filter { result[$0 % 90, $0 / 90] == RGB(1, 2, 3) }
      #expect(rest.count == 90 * 60 - side * side)
    }
  }
}
