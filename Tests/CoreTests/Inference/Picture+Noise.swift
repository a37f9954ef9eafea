import TestSupport

@testable import Core

extension Picture {
  /// Samples that follow from the size.
  static func noise(width: Int, height: Int) -> Picture {
    var random = SeededRandom(seed: UInt64(width * height))
    return Picture(
      width: width, height: height,
      samples: (0..<(3 * width * height)).map { _ in UInt8(truncatingIfNeeded: random.next()) })
  }
}
