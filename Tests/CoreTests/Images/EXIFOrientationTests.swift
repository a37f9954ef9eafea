import TestSupport
import Testing

@testable import Core

@Suite struct EXIFOrientationTests {
  /// Six pixels, numbered by rows: 0 1 2 above 3 4 5.
  private static let stored: Picture = numbered([[0, 1, 2], [3, 4, 5]])

  private static func numbered(_ rows: [[UInt8]]) -> Picture {
    let samples = rows.joined().flatMap { [$0, $0 + 100, 200 - $0] }
    return Picture(width: rows[0].count, height: rows.count, samples: samples)
  }

  @Test(
    arguments: zip(
      EXIFOrientation.allCases,
      [
        [[0, 1, 2], [3, 4, 5]],
        [[2, 1, 0], [5, 4, 3]],
        [[5, 4, 3], [2, 1, 0]],
        [[3, 4, 5], [0, 1, 2]],
        [[0, 3], [1, 4], [2, 5]],
        [[3, 0], [4, 1], [5, 2]],
        [[5, 2], [4, 1], [3, 0]],
        [[2, 5], [1, 4], [0, 3]],
      ] as [[[UInt8]]]))
  func sixPixelsTurnUpright(_ orientation: EXIFOrientation, _ rows: [[UInt8]]) {
    #expect(Self.stored.upright(from: orientation) == Self.numbered(rows))
  }

  @Test(arguments: [(1, 1), (31, 33), (64, 32), (97, 5)])
  func turningFourTimesComesBack(width: Int, height: Int) {
    var random = SeededRandom(seed: 4)
    let picture = Picture.random(width: width, height: height, using: &random)
    for quarter in [EXIFOrientation.rightTop, .leftBottom] {
      let turned = (0..<4).reduce(picture) { picture, _ in picture.upright(from: quarter) }
      #expect(turned == picture)
    }
    for mirror in [EXIFOrientation.topRight, .bottomRight, .bottomLeft, .leftTop, .rightBottom] {
      #expect(picture.upright(from: mirror).upright(from: mirror) == picture)
    }
  }

  /// A TIFF structure whose only entry is an orientation, little-endian, then changed by `change`.
  private func tiff(_ change: (inout [UInt8]) -> Void = { _ in }) -> ArraySlice<UInt8> {
    var bytes: [UInt8] = [
      0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0,  // header, offset of the directory, entries
      0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0,  // tag, type, count, value
    ]
    change(&bytes)
    return bytes[...]
  }

  @Test func oneEntryIsRead() {
    #expect(EXIFOrientation(tiff: tiff()) == .rightTop)
  }

  @Test func everyPrefixIsReadInsideItsBounds() {
    let whole = tiff()
    let bytesNeeded = 20  // the two bytes after a short value do not matter
    for count in 0..<whole.count {
      let expected: EXIFOrientation? = count < bytesNeeded ? nil : .rightTop
      #expect(EXIFOrientation(tiff: whole.prefix(count)) == expected, "\(count) bytes")
    }
  }

  @Test func senselessEntriesAreNoOrientation() {
    #expect(EXIFOrientation(tiff: tiff { $0[18] = 0 }) == nil)
    #expect(EXIFOrientation(tiff: tiff { $0[18] = 9 }) == nil)
    #expect(EXIFOrientation(tiff: tiff { $0[12] = 4 }) == nil, "a long, not a short")
    #expect(EXIFOrientation(tiff: tiff { $0[14] = 2 }) == nil, "two values")
    #expect(EXIFOrientation(tiff: tiff { $0[2] = 43 }) == nil, "not a TIFF")
    #expect(EXIFOrientation(tiff: tiff { $0[1] = 0x4D }) == nil, "no byte order")
    #expect(EXIFOrientation(tiff: tiff { $0[4...7] = [255, 255, 255, 255] }) == nil, "far away")
    #expect(EXIFOrientation(tiff: tiff { $0[8...9] = [0, 0] }) == nil, "no entries")
  }

  @Test func aSegmentThatRunsPastTheEndIsNoOrientation() throws {
    var bytes = try ImageGoldens.bytes("orientation6-little.jpg")
    #expect(EXIFOrientation(jpeg: bytes) == .rightTop)
    bytes[4...5] = [0xFF, 0xFF]
    #expect(EXIFOrientation(jpeg: bytes) == .topLeft)
    bytes[4...5] = [0, 0]
    #expect(EXIFOrientation(jpeg: bytes) == .topLeft)
    #expect(EXIFOrientation(jpeg: []) == .topLeft)
  }
}
