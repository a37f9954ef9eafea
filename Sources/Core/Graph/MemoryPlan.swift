/// Where each buffer of a run lies in one arena, decided before the run.
///
/// A buffer lives from the step that writes it to the last step that reads it; two buffers may share addresses when
/// their lives do not meet. Placed greedily, largest first, each at the lowest address that is free for its whole life
/// (Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net Inference", 2020, §4.2).
struct MemoryPlan: Sendable {
  /// A stretch of memory and the steps during which it must not be touched by others.
  struct Buffer: Sendable {
    /// Size in floats.
    let count: Int
    /// First and last step of its life.
    var life: ClosedRange<Int>
  }

  /// Start of each buffer in floats, in the order given; multiples of 16, so that vectors do not straddle cache lines.
  let offsets: [Int]
  /// The arena's size in floats.
  let count: Int
  /// The largest sum of buffers alive at one step: no plan can need less.
  let lowerBound: Int

  /// A plan for `buffers`.
  init(_ buffers: [Buffer]) {
    let sizes = buffers.map { roundedToCacheLine($0.count) }
    var offsets = [Int](repeating: 0, count: buffers.count)
    var placed: [Int] = []
    let largestFirst = buffers.indices.sorted {
      (sizes[$1], buffers[$0].life.lowerBound) < (sizes[$0], buffers[$1].life.lowerBound)
    }
    for index in largestFirst {
      let neighbours = placed.filter { buffers[$0].life.overlaps(buffers[index].life) }
        .sorted { offsets[$0] < offsets[$1] }
      var offset = 0
      for other in neighbours where offset + sizes[index] > offsets[other] {
        offset = max(offset, offsets[other] + sizes[other])
      }
      offsets[index] = offset
      placed.append(index)
    }
    self.offsets = offsets
    count = buffers.indices.map { offsets[$0] + sizes[$0] }.max() ?? 0
    let lastStep = buffers.map(\.life.upperBound).max() ?? 0
    var alive = [Int](repeating: 0, count: lastStep + 1)
    for (buffer, size) in zip(buffers, sizes) {
      for step in buffer.life { alive[step] += size }
    }
    lowerBound = alive.max() ?? 0
  }
}

/// The next multiple of 16 floats: what follows a stretch of `count` floats starts on a cache line.
func roundedToCacheLine(_ count: Int) -> Int { (count + 15) / 16 * 16 }
