import Core
import Foundation

/// A picture that the machine has too little memory to segment.
struct TooLittleMemory: Error, Equatable, CustomStringConvertible {
  /// The picture's size in pixels.
  let width, height: Int
  /// What the run needs and what the machine has, in bytes.
  let needed, available: Int

  /// The size, both amounts, and the remedy.
  var description: String {
    "\(width)×\(height) pixels need \(gibibytes(needed)) GiB of memory, the machine has "
      + "\(gibibytes(available)); scale the picture down, or give a coarser --os or fewer --threads"
  }

  private func gibibytes(_ bytes: Int) -> String {
    (Double(bytes) / 0x1p30).formatted(decimals: 1)
  }
}

extension Segmenter {
  /// Throws where segmenting a picture of this size needs more than `available` bytes.
  ///
  /// The plan knows before memory is taken; past the machine's end the system would end the process without a word.
  /// Logits at the picture's size are held twice, as a tensor and as the file's bytes.
  func checkMemory(
    width: Int, height: Int, outputStride: Int, needsLogits: Bool = false,
    available: Int = Int(clamping: ProcessInfo.processInfo.physicalMemory)
  ) throws(TooLittleMemory) {
    let activations = program(width: width, height: height, outputStrides: [outputStride])
      .arenaBytes
    let logits = needsLogits ? 2 * 4 * model.configuration.classes.count * width * height : 0
    let needed = activations + logits + 8 * width * height
    guard needed <= available else {
      throw TooLittleMemory(width: width, height: height, needed: needed, available: available)
    }
  }
}
