import Core
import Foundation

/// A picture that the machine has too little memory to segment.
struct TooLittleMemory: Error, Equatable, CustomStringConvertible {
  /// The picture's size in pixels.
  let width, height: Int
  /// What the run needs and what the machine has, in bytes.
  let needed, available: Int
  /// How it was to be segmented, where the command lets one choose.
  var rules: InferenceProtocol?
  /// What to do, where that is no matter of a command's options.
  var remedy: String?

  /// The size, both amounts, and the remedy.
  var description: String {
    "\(width)×\(height) pixels need \(gibibytes(needed)) GiB of memory, the machine has "
      + "\(gibibytes(available)); " + (remedy ?? "scale the picture down, or give \(remedies)")
  }

  private var remedies: String {
    let slides = rules?.window == nil && rules != nil
    let isEnlarged = rules?.scales.contains { $0 > 1 } ?? false
    return (slides ? "--slide 513x513, " : "") + (isEnlarged ? "smaller --scales, " : "")
      + "a coarser --os or fewer --threads"
  }

  private func gibibytes(_ bytes: Int) -> String {
    (Double(bytes) / 0x1p30).formatted(decimals: 1)
  }
}

extension Segmenter {
  /// Throws where segmenting a picture of this size needs more than `available` bytes.
  ///
  /// The plan knows before memory is taken; past the machine's end the system would end the process without a word.
  /// Logits are counted twice, as a tensor and as the file's bytes. Where the command lets its user choose them, `rules` is
  /// given, and the remedy speaks of them.
  func checkMemory(
    width: Int, height: Int, size: Size? = nil, rules: InferenceProtocol? = nil, outputStride: Int,
    including extras: Set<Segmentation.Extra> = [], available: Int = WorkingMemory.available
  ) throws(TooLittleMemory) {
    let size = size ?? Size(width: width, height: height)
    let peak = peakBytes(
      width: width, height: height, size: (size.width, size.height), rules: rules,
      outputStride: outputStride, including: extras)
    let file =
      extras.contains(.logits) ? 4 * model.configuration.classes.count * width * height : 0
    // The decoded picture and its overlay, three bytes a pixel each.
    let needed = peak + file + 6 * width * height
    // What earlier runs have taken is there for this one.
    let room = available + keptBytes
    guard needed <= room else {
      throw TooLittleMemory(
        width: width, height: height, needed: needed, available: room, rules: rules)
    }
  }
}

/// How much memory the process has taken and may still take.
enum WorkingMemory {
  /// The most that the process has held at once, in bytes.
  ///
  /// `ru_maxrss` would begin with what the parent held when it made this process.
  static var peak: Int { kibibytes("VmHWM:", in: "/proc/self/status") ?? 0 }

  /// The least of what the kernel calls available and what the control group leaves, in bytes.
  static var available: Int {
    let physical = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    let kernel = kibibytes("MemAvailable:", in: "/proc/meminfo") ?? physical
    let group = number("/sys/fs/cgroup/memory.max").map {
      $0 - (number("/sys/fs/cgroup/memory.current") ?? 0)
    }
    return min(physical, kernel, group ?? physical)
  }

  private static func kibibytes(_ name: String, in path: String) -> Int? {
    let lines = (try? String(contentsOfFile: path, encoding: .utf8))?.split(separator: "\n") ?? []
    return lines.first { $0.hasPrefix(name) }?.split(whereSeparator: \.isWhitespace)
      .dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
  }

  /// The number that a file of the control group holds; "max" is none.
  private static func number(_ path: String) -> Int? {
    (try? String(contentsOfFile: path, encoding: .utf8)).flatMap {
      Int($0.trimmingCharacters(in: .whitespacesAndNewlines))
    }
  }
}
