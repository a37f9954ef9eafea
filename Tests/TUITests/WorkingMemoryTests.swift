import Core
import Testing

@testable import TUI

@Suite("Working memory")
struct WorkingMemoryTests {
  private let segmenter: Segmenter

  init() throws {
    let configuration = try #require(ModelConfiguration.preset(named: "fcn-mobilenet_v2"))
    segmenter = Segmenter(
      SegmentationModel(configuration, Weights(RandomWeights(seed: 1))), threads: Threads(1))
  }

  private func rules(_ change: (inout InferenceProtocol) -> Void) -> InferenceProtocol {
    var rules = InferenceProtocol.ours
    change(&rules)
    return rules
  }

  @Test func thePeakCountsWhatWasTouchedAndGivenBack() {
    let bytes = 1 << 26
    let floor = [UInt8](repeating: 1, count: bytes).withUnsafeBytes { $0.count }
    let peak = WorkingMemory.peak
    #expect(peak >= floor && peak < 1 << 40)
    #expect(WorkingMemory.peak >= peak)
  }

  /// Averages cost a map of all classes' scores, windows another one, and windows save activations.
  @Test func protocolsHaveTheirPrice() {
    let (width, height, classes) = (640, 480, 11)
    func bytes(_ change: (inout InferenceProtocol) -> Void) -> Int {
      segmenter.peakBytes(width: width, height: height, rules: rules(change))
    }
    let plain = bytes { _ in }
    let arena = segmenter.program(width: width, height: height, outputStrides: [32]).arenaBytes
    #expect(plain == arena + 24 * 641 * 481 + 2 * width * height)
    #expect(bytes { $0.isFlipped = true } == plain + 4 * classes * width * height)
    let window = bytes { $0.window = SlidingWindow(width: 129, height: 129) }
    let small = segmenter.program(width: 129, height: 129, outputStrides: [32]).arenaBytes
    #expect(window == plain - arena + small + 4 * classes * 641 * 481)
    #expect(bytes { $0.scales = [1, 1.5] } > 2 * plain)
  }

  @Test func whatARunHasTakenIsThereForTheNext() throws {
    let (width, height) = (64, 48)
    let needed =
      segmenter.peakBytes(width: width, height: height, outputStride: 32) + 6 * width * height
    func check(_ available: Int) throws(TooLittleMemory) {
      try segmenter.checkMemory(
        width: width, height: height, outputStride: 32, available: available)
    }
    #expect(throws: TooLittleMemory.self) { try check(needed - 1) }
    _ = try segmenter.labels(of: Picture(width: width, height: height))
    #expect(segmenter.keptBytes > 0 && segmenter.keptBytes < needed)
    try check(needed - segmenter.keptBytes)
    #expect(throws: TooLittleMemory.self) { try check(needed - segmenter.keptBytes - 1) }
  }

  @Test func tooLittleIsAnErrorWithItsRemedies() throws {
    func message(_ rules: InferenceProtocol?) throws -> String {
      let failure = #expect(throws: TooLittleMemory.self) {
        try segmenter.checkMemory(
          width: 4000, height: 3000, rules: rules, outputStride: 32, available: 1 << 20)
      }
      return try #require(failure?.description)
    }
    #expect(try message(nil).hasPrefix("4000×3000 pixels need "))
    #expect(
      try message(nil).hasSuffix(
        " GiB of memory, the machine has 0.0; scale the picture down, or give a coarser --os or fewer --threads"
      ))
    #expect(try message(.ours).contains("or give --slide 513x513, a coarser --os"))
    #expect(
      try message(
        rules {
          $0.window = SlidingWindow(width: 65, height: 65)
          $0.scales = [1, 2]
        }
      ).contains("or give smaller --scales, a coarser --os"))
    try segmenter.checkMemory(
      width: 400, height: 300, rules: .ours, outputStride: 32, available: 1 << 30)
  }
}
