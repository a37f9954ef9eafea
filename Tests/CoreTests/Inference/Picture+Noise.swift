import TestSupport

@testable import Core

extension Picture {
  /// Samples that follow from the seed, from the size where there is none.
  static func noise(width: Int, height: Int, seed: UInt64? = nil) -> Picture {
    var random = SeededRandom(seed: seed ?? UInt64(width * height))
    return Picture(
      width: width, height: height,
      samples: (0..<(3 * width * height)).map { _ in UInt8(truncatingIfNeeded: random.next()) })
  }
}
