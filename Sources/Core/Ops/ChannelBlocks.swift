/// The pixels of a batch in blocks for sums over each channel: their number depends on the shape alone.
struct ChannelBlocks {
  private let shape: Shape
  /// Pixels of a block.
  let size: Int

  init(_ shape: Shape) {
    self.shape = shape
    size = min(1024, max(16, (1 << 16) / max(1, shape.c)))
  }

  private var count: Int { (shape.pixels + size - 1) / size }

  /// Two sums for each block and channel.
  var scratchCount: Int { count * 2 * shape.c }

  /// The totals of two sums for each channel, of which `add` writes those of a block of pixels.
  func sums(
    _ scratch: UnsafeMutablePointer<Float>, _ threads: Threads,
    _ add: (Range<Int>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) -> (first: [Double], second: [Double]) {
    let c = shape.c
    threads.forEach(shape.pixels, by: size) { pixels, _ in
      let place = scratch + pixels.lowerBound / size * 2 * c
      add(pixels, place, place + c)
    }
    var (first, second) = ([Double](repeating: 0, count: c), [Double](repeating: 0, count: c))
    for block in 0..<count {
      let place = scratch + block * 2 * c
      for channel in 0..<c {
        first[channel] += Double(place[channel])
        second[channel] += Double(place[c + channel])
      }
    }
    return (first, second)
  }
}
