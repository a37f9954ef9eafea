import Foundation
import Testing

@testable import Core

/// What the plan says, a process takes: nothing of a picture's size is allocated beside the arena.
@Suite("Peak memory")
struct PeakMemoryTests {
  /// The process that the measurement is for does nothing else; a small picture first wakes threads and OpenBLAS.
  @Test func aRunTakesWhatIsPlanned() async {
    await #expect(processExitsWith: .success) {
      let configuration = try #require(ModelConfiguration.preset(named: "hfgd-mobilenet_v2-os4"))
      let segmenter = Segmenter(
        SegmentationModel(configuration, Weights(RandomWeights(seed: 1))), threads: Threads(2))
      func segment(width: Int, height: Int) throws {
        let picture = Picture(
          width: width, height: height,
          samples: [UInt8](repeating: 90, count: 3 * width * height))
        _ = try segmenter.labels(of: picture)
      }
      try segment(width: 65, height: 65)
      let before = try #require(residentPeak())
      try segment(width: 1281, height: 961)
      let taken = try #require(residentPeak()) - before
      let planned = segmenter.program(width: 1281, height: 961, outputStrides: [4]).arenaBytes
      // Beside the arena there are the picture and its labels, 6 MB, and the rows that are resized last.
      #expect(abs(taken - planned) < 16_000_000, "\(taken) bytes taken, \(planned) planned")
    }
  }
}

/// The most memory that this process has held so far, in bytes; absent where the kernel does not tell.
private func residentPeak() -> Int? {
  let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
  return status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }?
    .split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
}
