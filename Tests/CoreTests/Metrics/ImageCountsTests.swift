import TestSupport
import Testing

@testable import Core

@Suite("Counts of an image")
struct ImageCountsTests {
  private static func maps(_ seed: UInt64, classes: Int, width: Int = 67, height: Int = 41)
    -> (prediction: LabelMap, truth: LabelMap)
  {
    var random = SeededRandom(seed: seed)
    // Blocks rather than noise, so that there are contours, bands and components of several sizes.
    func map() -> LabelMap {
      var map = LabelMap(
        width: width, height: height, values: [UInt16](repeating: 0, count: width * height))
      for _ in 0..<24 {
        let label = UInt16(random.next() % UInt64(classes + 2))
        let (x, y) = (Int(random.next() % UInt64(width)), Int(random.next() % UInt64(height)))
        for v in y..<min(height, y + 13) {
          for u in x..<min(width, x + 17) { map[u, v] = label > classes ? 255 : label }
        }
      }
      return map
    }
    return (map(), map())
  }

  private static func counts(_ seed: UInt64, classes: Int = 19, extras: ImageCounts.Extras = .all)
    -> ImageCounts
  {
    let (prediction, truth) = maps(seed, classes: classes)
    var instances = truth
    for i in instances.values.indices where truth.values[i] != 255 {
      instances.values[i] = (24 + truth.values[i] % 10) * 1000 + truth.values[i]
    }
    var random = SeededRandom(seed: seed)
    return ImageCounts(
      prediction: prediction, truth: truth, classes: classes, ignoreIndex: 255, extras: extras,
      confidence: truth.values.map { _ in Float(random.next() >> 40) / 16_777_216 },
      instances: instances)
  }

  /// Numbers as an image of `pixels` pixels could have them at worst, none zero.
  private static func dense(_ pixels: UInt64) -> ImageCounts {
    var counts = ImageCounts(classes: 19, extras: .all)
    func fill<C: Counters>(_ counters: inout C) {
      for i in counters.numbers.indices { counters.numbers[i] = pixels }
    }
    fill(&counts.confusion)
    func fillAny<C: Counters>(_ counters: inout C?) {
      guard var all = counters else { return }
      fill(&all)
      counters = all
    }
    fillAny(&counts.boundary)
    fillAny(&counts.bands)
    fillAny(&counts.calibration)
    fillAny(&counts.components)
    fillAny(&counts.instances)
    return counts
  }

  @Test(arguments: [1, 2, 19, 60])
  func decodingGivesBackWhatWasEncoded(classes: Int) throws {
    for extras: ImageCounts.Extras in [[], .boundary, [.bands, .components], .calibration] {
      let counts = Self.counts(3, classes: classes, extras: extras)
      #expect(try ImageCounts(decoding: counts.encoded()) == counts)
      #expect(counts.extras == extras)
      let nothing = ImageCounts(classes: classes, extras: extras)
      #expect(try ImageCounts(decoding: nothing.encoded()) == nothing)
      #expect(nothing.encoded().count < 16)
    }
    let all = Self.counts(7)
    #expect(all.extras == .all)
    #expect(try ImageCounts(decoding: all.encoded()) == all)
  }

  @Test func storedSizeIsSmall() throws {
    #expect(Self.counts(1, extras: []).encoded().count < 1000)
    let dense = Self.dense(1 << 27)
    #expect(dense.encoded().count < 5000)
    // Numbers of the largest size that is read at all.
    let largest = Self.dense((1 << 56) - 1)
    #expect(largest.encoded().count < 20_000)
    #expect(try ImageCounts(decoding: largest.encoded()) == largest)
  }

  @Test func sumsDoNotDependOnTheOrder() {
    let images = (0..<6).map { Self.counts($0) }
    func sum(_ images: some Sequence<ImageCounts>) -> ImageCounts {
      var sum = ImageCounts(classes: 19, extras: .all)
      for image in images { sum.add(image) }
      return sum
    }
    var (left, right) = (sum(images[..<2]), sum(images[2...]))
    let all = sum(images)
    #expect(sum(images.reversed()) == all)
    right.add(left)
    #expect(right == all)
    left.add(ImageCounts(classes: 19, extras: [.bands]))
    #expect(left.extras == .bands)
  }

  @Test func everyPrefixIsRefused() {
    let bytes = Self.counts(5, classes: 19).encoded()
    for length in 0..<bytes.count {
      #expect(throws: CountsFailure.damaged) { try ImageCounts(decoding: Array(bytes[..<length])) }
    }
    #expect(throws: CountsFailure.damaged) { try ImageCounts(decoding: bytes + [0]) }
  }

  @Test func everyChangedByteIsRefused() {
    let bytes = Self.counts(5, classes: 19).encoded()
    for i in bytes.indices {
      for flip: UInt8 in [1, 0x80, 0xFF] {
        var changed = bytes
        changed[i] ^= flip
        #expect(throws: CountsFailure.self) { try ImageCounts(decoding: changed) }
      }
    }
    #expect(throws: CountsFailure.version(9)) { try ImageCounts(decoding: [9] + bytes.dropFirst()) }
  }

  /// Bytes whose hash is right, as damage in the memory before writing or an attack would make them.
  @Test func forgedBytesNeverTrap() {
    var random = SeededRandom(seed: 11)
    let bytes = Self.counts(5, classes: 2, extras: [.boundary, .components]).encoded().dropLast(4)
    var read = 0
    for _ in 0..<20_000 {
      var forged = Array(bytes)
      for _ in 0...(random.next() % 3) {
        forged[1 + Int(random.next() % UInt64(forged.count - 1))] = UInt8(random.next() & 255)
      }
      let hash = forged.reduce(UInt32(0x811C_9DC5)) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
      forged += (0..<4).map { UInt8(truncatingIfNeeded: hash >> (8 * $0)) }
      if let counts = try? ImageCounts(decoding: forged) {
        #expect(counts.encoded() == forged)
        read += 1
      }
    }
    #expect(read > 0)
  }

  @Test(arguments: [
    // 2000 classes; no class; zeros twice in a row; a number with an idle last byte; too many zeros.
    [1, 0, 0xD0, 0x0F, 0, 0], [1, 0, 0, 0, 0], [1, 0, 1, 0, 0, 0, 2], [1, 0, 1, 0x81, 0, 0, 2],
    [1, 0, 1, 0, 4], [1, 32, 1, 0, 3],
  ])
  func onlyOneFormIsRead(bytes: [UInt8]) {
    let hash = bytes.reduce(UInt32(0x811C_9DC5)) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    let all = bytes + (0..<4).map { UInt8(truncatingIfNeeded: hash >> (8 * $0)) }
    #expect(throws: CountsFailure.damaged) { try ImageCounts(decoding: all) }
  }

  @Test func failuresTellTheRemedy() {
    #expect("\(CountsFailure.damaged)" == "the counts of an image are damaged; evaluate it again")
    #expect(
      "\(CountsFailure.version(7))"
        == "the counts of an image have format 7, expected 1; evaluate it again, or use the version of hfgd that counted it"
    )
  }
}
