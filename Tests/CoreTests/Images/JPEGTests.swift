import TestSupport
import Testing

@testable import Core

@Suite struct JPEGTests {
  static let pictures = ImageGoldens.expected.pictures.filter { $0.files[0].hasSuffix(".jpg") }

  /// Every libjpeg-turbo computes the same integers for the slow DCT and the fancy up-sampling.
  static let decoderTolerance = 0

  /// The greatest difference of two samples.
  private func distance(_ a: Picture, _ b: Picture) -> Int {
    guard a.width == b.width, a.height == b.height else { return .max }
    return zip(a.samples, b.samples).map { abs(Int($0) - Int($1)) }.max() ?? 0
  }

  @Test(arguments: pictures)
  func everyKindDecodesToItsPicture(_ golden: ImageGoldens.Entry) throws {
    for name in golden.files {
      let bytes = try ImageGoldens.bytes(name)
      let picture = try JPEG.decodePicture(bytes)
      #expect(distance(picture, golden.picture) <= Self.decoderTolerance, "\(name)")
      #expect(try JPEG.size(of: bytes) == (golden.width, golden.height), "\(name)")
    }
  }

  @Test(arguments: [(1, 1), (8, 8), (17, 31), (64, 3)])
  func aSmoothPictureSurvivesARoundTrip(width: Int, height: Int) throws {
    var picture = Picture(width: width, height: height)
    for y in 0..<height {
      for x in 0..<width { picture[x, y] = RGB(UInt8(3 * x), UInt8(8 * y), UInt8(200 - 2 * x)) }
    }
    // At quality 100 only the roundings of the colours, the DCT and its quantisation by 1 remain.
    let roundings = 4
    let again = try JPEG.decodePicture(JPEG.encode(picture, quality: 100))
    #expect(distance(again, picture) <= roundings)
  }

  @Test func coloursKeepTheirFullResolution() throws {
    // Single columns of red and blue at equal brightness, which sub-sampling would smear to purple.
    var picture = Picture(width: 16, height: 16)
    for y in 0..<16 {
      for x in 0..<16 { picture[x, y] = x.isMultiple(of: 2) ? RGB(200, 0, 0) : RGB(0, 0, 255) }
    }
    let again = try JPEG.decodePicture(JPEG.encode(picture, quality: 95))
    let halfOfTheContrast = 100
    #expect(distance(again, picture) < halfOfTheContrast)
  }

  @Test func lowerQualityIsSmaller() throws {
    var random = SeededRandom(seed: 3)
    let picture = Picture.random(width: 64, height: 64, using: &random)
    let sizes = try [10, 50, 90].map { try JPEG.encode(picture, quality: $0).count }
    #expect(sizes == sizes.sorted())
    #expect(Set(sizes).count == 3)
  }

  @Test(arguments: [(0, 0), (65_501, 1), (1, 65_501)])
  func sizesBeyondTheFormatCannotBeWritten(width: Int, height: Int) {
    #expect(throws: CodecFailure.self) {
      try JPEG.encode(Picture(width: width, height: height))
    }
  }

  @Test func pixelsAreCountedBeforeTheyAreRead() throws {
    let bytes = try ImageGoldens.bytes("grey.jpg")  // 9×11
    #expect(try JPEG.decodePicture(bytes, maxPixels: 99).width == 9)
    #expect(throws: CodecFailure.tooManyPixels(width: 9, height: 11, limit: 98)) {
      try JPEG.decodePicture(bytes, maxPixels: 98)
    }
  }

  @Test func qualityOutsideOneToHundredTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = try JPEG.encode(Picture(width: 1, height: 1), quality: 0)
    }
  }
}
