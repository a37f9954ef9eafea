import CKernels

/// Means over a fixed number of bins that cover the map, whatever its size.
///
///     y[n, i, j, c] = mean of x[n, r, q, c] over ⌊i·h / h'⌋ ≤ r < ⌈(i + 1)·h / h'⌉, q likewise
///
/// PyTorch's `adaptive_avg_pool2d`: bins overlap where the map's sides are no multiples of their number, and repeat pixels
/// where there are more bins than those. One bin is the mean of the map. The pyramid pooling of PSPNet (arXiv:1612.01105,
/// §3.2) has several numbers of bins. `adaptiveMeanReference` is the specification.
public struct AdaptiveMean: Operation {
  /// How many bins there are down and across.
  public let height, width: Int
  var kernels = Kernels.current

  /// The means over `height` × `width` bins.
  public init(height: Int, width: Int) {
    precondition(height > 0 && width > 0, "means over \(height)×\(width) bins")
    self.height = height
    self.width = width
  }

  /// For example "means over 6×6 bins".
  public var summary: String { "means over \(width)×\(height) bins" }

  /// The input's shape on the grid of bins.
  public func outputShape(for inputs: [Shape]) -> Shape { inputs[0].resized(h: height, w: width) }

  /// The pixels of a line of `size` in bin `index` of `count`.
  static func bin(_ index: Int, of count: Int, size: Int) -> Range<Int> {
    (index * size / count)..<(((index + 1) * size + count - 1) / count)
  }

  /// Channels of a task.
  private static let slice = 128

  /// The sum of a row of a bin, for each thread.
  public func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    threads.count * Self.slice
  }

  /// Computes the output; see ``Operation/run(_:into:scratch:threads:)``.
  public func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (x, y, c) = (inputs[0], output, inputs[0].shape.c)
    let slices = EvenBlocks(c, of: 16, upTo: Self.slice)
    threads.forEach(y.shape.pixels * slices.count) { task, worker in
      let (bin, slice) = task.quotientAndRemainder(dividingBy: slices.count)
      let (line, j) = bin.quotientAndRemainder(dividingBy: width)
      let (n, i) = line.quotientAndRemainder(dividingBy: height)
      let rows = Self.bin(i, of: height, size: x.shape.h)
      let columns = Self.bin(j, of: width, size: x.shape.w)
      let (first, count) = (slices[slice].lowerBound, slices[slice].count)
      let mean = y.base + bin * c + first
      mean.update(repeating: 0, count: count)
      let sum = scratch + worker * Self.slice
      // Row by row, so that the sums of a large map keep their digits.
      for row in rows {
        sum.update(repeating: 0, count: count)
        let pixels = x.base + ((n * x.shape.h + row) * x.shape.w) * c + first
        for column in columns { kernels.leaves.add_scaled(pixels + column * c, count, 1, sum) }
        kernels.leaves.add_scaled(sum, count, 1 / Float(rows.count * columns.count), mean)
      }
    }
  }
}
