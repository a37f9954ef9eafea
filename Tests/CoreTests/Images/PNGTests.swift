import TestSupport
import Testing

@testable import Core

@Suite struct PNGTests {
  static let pictures = ImageGoldens.expected.pictures.filter { $0.files[0].hasSuffix(".png") }
  static let labels = ImageGoldens.expected.labels

  @Test(arguments: pictures)
  func everyKindDecodesToItsPicture(_ golden: ImageGoldens.Entry) throws {
    for name in golden.files {
      let bytes = try ImageGoldens.bytes(name)
      #expect(try PNG.decodePicture(bytes) == golden.picture, "\(name)")
      #expect(try PNG.size(of: bytes) == (golden.width, golden.height), "\(name)")
    }
  }

  @Test(arguments: labels)
  func greyAndPaletteDecodeToTheirStoredNumbers(_ golden: ImageGoldens.Entry) throws {
    for name in golden.files {
      #expect(try PNG.decodeLabels(ImageGoldens.bytes(name)) == golden.labels, "\(name)")
    }
  }

  @Test(arguments: ImageGoldens.expected.notLabels.sorted { $0.key < $1.key })
  func coloursAreNotLabels(name: String, found: String) throws {
    let bytes = try ImageGoldens.bytes(name)
    #expect(throws: CodecFailure.notLabels(found: found)) { try PNG.decodeLabels(bytes) }
  }

  @Test func theGoldensCoverEveryKind() {
    // Five depths of grey, four of palette, two each of RGB and both kinds with alpha; plain and
    // interlaced.
    let kinds = Set((Self.pictures + Self.labels).flatMap(\.files))
    for name in ["grey", "rgb", "palette", "grey-alpha", "rgb-alpha"] {
      for depth in [1, 2, 4, 8, 16] {
        let isInSpecification =
          name == "grey" || depth == 8 || (name == "palette" ? depth < 8 : depth == 16)
        for suffix in ["", "-interlaced"] {
          #expect(kinds.contains("\(name)\(depth)\(suffix).png") == isInSpecification)
        }
      }
    }
  }

  @Test(arguments: [(1, 1), (1, 13), (17, 1), (31, 29), (300, 200)])
  func pictureSurvivesARoundTrip(width: Int, height: Int) throws {
    var random = SeededRandom(seed: 1)
    let picture = Picture.random(width: width, height: height, using: &random)
    #expect(try PNG.decodePicture(PNG.encode(picture)) == picture)
  }

  @Test(arguments: [1, 255, 256, 65_535] as [UInt16])
  func labelsSurviveARoundTrip(greatest: UInt16) throws {
    var random = SeededRandom(seed: 2)
    var values = (0..<(23 * 7)).map { _ in UInt16.random(in: 0...greatest, using: &random) }
    values[5] = greatest
    let labels = LabelMap(width: 23, height: 7, values: values)
    let bytes = try PNG.encode(labels)
    #expect(try PNG.decodeLabels(bytes) == labels)
    let bitDepth = bytes[24]  // ninth byte of the header's data
    #expect(bitDepth == (greatest > 255 ? 16 : 8))
  }

  @Test func paletteFileKeepsIndicesAndShowsColours() throws {
    let palette = (0..<256).map { RGB(UInt8($0), UInt8(255 - $0), 7) }
    let labels = LabelMap(width: 256, height: 1, values: Array(0...255))
    let bytes = try PNG.encode(labels, palette: palette)
    #expect(try PNG.decodeLabels(bytes) == labels)
    let picture = try PNG.decodePicture(bytes)
    for x in 0..<256 { #expect(picture[x, 0] == palette[x]) }
  }

  @Test func labelWithoutAColourIsRefused() {
    let labels = LabelMap(width: 2, height: 1, values: [0, 2])
    let palette = [RGB(1, 2, 3), RGB(4, 5, 6)]
    #expect(
      throws: CodecFailure.unencodable(
        .png, reason: "label 2 has no colour in a palette of 2")
    ) { try PNG.encode(labels, palette: palette) }
    #expect(throws: CodecFailure.self) { try PNG.encode(labels, palette: []) }
    let colours = [RGB](repeating: RGB(0, 0, 0), count: 257)
    #expect(throws: CodecFailure.self) { try PNG.encode(labels, palette: colours) }
  }

  @Test func anEmptyImageCannotBeWritten() {
    #expect(throws: CodecFailure.self) { try PNG.encode(Picture(width: 0, height: 0)) }
    #expect(throws: CodecFailure.self) {
      try PNG.encode(LabelMap(width: 0, height: 4, values: []))
    }
  }

  @Test func pixelsAreCountedBeforeTheyAreRead() throws {
    let bytes = try ImageGoldens.bytes("grey8.png")  // 9×9
    #expect(try PNG.decodePicture(bytes, maxPixels: 81).width == 9)
    let failure = CodecFailure.tooManyPixels(width: 9, height: 9, limit: 80)
    #expect(throws: failure) { try PNG.decodePicture(bytes, maxPixels: 80) }
    #expect(throws: failure) { try PNG.decodeLabels(bytes, maxPixels: 80) }
  }
}
