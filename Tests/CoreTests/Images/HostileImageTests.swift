import TestSupport
import Testing

@testable import Core

/// Truncated, damaged and boastful files: each decodes or throws, and none crashes, hangs or takes
/// memory.
@Suite struct HostileImageTests {
  /// The picture in `bytes`, which may have lost the start that names the format.
  private func decode(_ bytes: [UInt8], isPNG: Bool) throws(CodecFailure) -> Picture {
    isPNG ? try PNG.decodePicture(bytes) : try JPEG.decodePicture(bytes)
  }

  @Test(arguments: [
    "grey1.png", "grey16.png", "palette4-transparent.png", "rgb-alpha16-interlaced.png",
    "grey.jpg", "progressive.jpg", "restarts.jpg", "cmyk.jpg", "ycck.jpg",
    "orientation6-little.jpg",
  ])
  func everyPrefixIsRefused(_ name: String) throws {
    let bytes = try ImageGoldens.bytes(name)
    let isPNG = name.hasSuffix(".png")
    for count in 0..<bytes.count {
      let prefix = Array(bytes.prefix(count))
      #expect(throws: CodecFailure.self, "\(count) of \(bytes.count) bytes") {
        try decode(prefix, isPNG: isPNG)
      }
      if isPNG {
        #expect(throws: CodecFailure.self, "\(count) of \(bytes.count) bytes as labels") {
          try PNG.decodeLabels(prefix)
        }
      }
    }
  }

  @Test(arguments: ImageGoldens.expected.failures)
  func impossibleFilesAreRefused(_ name: String) throws {
    let bytes = try ImageGoldens.bytes(name)
    #expect(throws: CodecFailure.self) {
      try decode(bytes, isPNG: name.hasSuffix(".png"))
    }
  }

  @Test(arguments: ["huge.png", "huge.jpg"])
  func aHugeClaimIsRefusedByItsHeader(_ name: String) throws {
    let bytes = try ImageGoldens.bytes(name)
    #expect(
      throws: CodecFailure.tooManyPixels(
        width: 60_000, height: 60_000, limit: ImageFile.defaultMaxPixels)
    ) { try decode(bytes, isPNG: name.hasSuffix(".png")) }
  }

  @Test func scansWithoutEndAreRefused() throws {
    let bytes = try ImageGoldens.bytes("scans-101.jpg")
    let failure = CodecFailure.undecodable(.jpeg, reason: "more scans than any encoder writes")
    #expect(throws: failure) { try JPEG.decodePicture(bytes) }
  }

  @Test func anIndexBeyondThePaletteIsBlackAndStillALabel() throws {
    let bytes = try ImageGoldens.bytes("beyond-palette.png")
    #expect(try PNG.decodePicture(bytes)[2, 0] == RGB(0, 0, 0))
    #expect(try PNG.decodeLabels(bytes)[2, 0] == 3)
  }

  /// Files of every path through the decoders; their damaged copies are some ten thousand together.
  static let victims = [
    "grey1.png", "grey16-interlaced.png", "palette2-transparent.png", "rgb-alpha16.png",
    "rgb16-transparent.png", "gamma.png", "grey-progressive.jpg", "ycc420.jpg",
    "progressive.jpg", "restarts.jpg", "cmyk-progressive.jpg", "ycck.jpg", "rgb.jpg",
    "orientation6-big.jpg", "scans-100.jpg",
  ]

  @Test(arguments: victims)
  func randomDamageDecodesOrThrows(_ name: String) throws {
    let whole = try ImageGoldens.bytes(name)
    let isPNG = name.hasSuffix(".png")
    var random = SeededRandom(seed: 5)
    var decoded = 0
    let copies = 700
    for _ in 0..<copies {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        bytes[place] = UInt8.random(in: 0...255, using: &random)
      }
      // A checksum would stop most damage at the door, so half of the PNGs get right ones again.
      if isPNG, Bool.random(using: &random) { sealChunks(of: &bytes) }
      let limit = 1 << 20
      let picture =
        try? isPNG
        ? PNG.decodePicture(bytes, maxPixels: limit) : JPEG.decodePicture(bytes, maxPixels: limit)
      if let picture {
        decoded += 1
        #expect(picture.width * picture.height <= limit)
      }
      if isPNG, let labels = try? PNG.decodeLabels(bytes, maxPixels: limit) {
        #expect(labels.width * labels.height <= limit)
      }
    }
    #expect((1..<copies).contains(decoded), "both outcomes must have been met")
  }

  @Test func randomTiffStructuresAreReadInsideTheirBounds() {
    var random = SeededRandom(seed: 6)
    for _ in 0..<20_000 {
      var bytes = (0..<40).map { _ in UInt8.random(in: 0...20, using: &random) }
      bytes.replaceSubrange(0..<4, with: [0x4D, 0x4D, 0, 42])
      _ = EXIFOrientation(tiff: bytes[...])
    }
  }
}

/// Gives each chunk of a PNG the checksum of its bytes, as far as the lengths lead.
private func sealChunks(of png: inout [UInt8]) {
  var start = 8
  while start + 12 <= png.count {
    let count = png[start..<(start + 4)].reduce(0) { $0 << 8 | Int($1) }
    guard count <= png.count - start - 12 else { return }
    let end = start + 8 + count
    let checksum = crc32(png[(start + 4)..<end])
    for i in 0..<4 { png[end + i] = UInt8(truncatingIfNeeded: checksum >> (24 - 8 * i)) }
    start = end + 4
  }
}

/// The cyclic redundancy code of PNG (annex D), bit by bit.
private func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  var code = UInt32.max
  for byte in bytes {
    code ^= UInt32(byte)
    for _ in 0..<8 { code = code & 1 == 1 ? 0xEDB8_8320 ^ (code >> 1) : code >> 1 }
  }
  return ~code
}
