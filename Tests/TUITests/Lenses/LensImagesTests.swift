import Glibc
import Testing

@testable import Core
@testable import TUI

@Suite("Images of a lens")
struct LensImagesTests {
  private let program = Program()

  /// A picture that needs more memory than there is is told of and left out.
  @Test func tooLargePicturesAreLeftOut() throws {
    try program.makePicture("a.png")
    let preset = try #require(ModelConfiguration.preset(named: "fcn-mobilenet_v2"))
    let segmenter = Segmenter(
      SegmentationModel(preset, Weights(RandomWeights(seed: 1))), threads: Threads(1))
    var images = LensImages(pictures: [program.path("a.png")], truth: nil, ignoreIndex: 255)
    // The signals that it takes are the test's again.
    defer { for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) } }
    let interrupt = Interrupt()
    var seen: [String] = []
    func count(_ images: LensImages) throws -> Int {
      try images.forEach(fitting: segmenter, outputStride: 32, isQuiet: true, interrupt) {
        (name, _, _) throws(Cancelled) in
        seen.append(name)
      }
    }
    #expect(try count(images) == 0)
    #expect(seen.count == 1)
    images.available = { -1 << 30 }
    let failure = #expect(throws: CommandFailure.self) { try count(images) }
    #expect(failure?.message == "no image could be used")
    #expect(seen.count == 1)
  }
}
