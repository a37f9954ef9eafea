import Foundation

/// Class scores of every pixel, summed up: over windows that overlap, or over views of a picture.
///
/// It holds K · height · width floats and is the largest thing in memory where anything is averaged.
final class ScoreMap {
  /// `[1, height, width, classes]`.
  let shape: Shape
  private let base: UnsafeMutablePointer<Float>

  /// Zeros.
  init(_ shape: Shape) {
    self.shape = shape
    base = .allocate(capacity: max(shape.count, 1))
    base.initialize(repeating: 0, count: max(shape.count, 1))
  }

  deinit { base.deallocate() }

  /// The sums, or what became of them, while this map lives.
  var scores: TensorView { TensorView(shape: shape, base: base) }

  /// Adds the scores of the pixels of `grid` over `logits`, each a softmax if `asProbabilities`, to those whose upper left
  /// is (`left`, `top`).
  func add(
    _ logits: TensorView, at grid: ResizedPixels, left: Int = 0, top: Int = 0,
    asProbabilities: Bool, threads: Threads
  ) {
    let (classes, width) = (shape.c, grid.width)
    let (base, row) = (base + (top * shape.w + left) * classes, shape.w * classes)
    grid.forEach(of: logits, threads: threads) { pixel, a, b, share in
      let (y, x) = pixel.quotientAndRemainder(dividingBy: width)
      let sums = base + y * row + x * classes
      if asProbabilities {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: classes) { mixed in
          guard let mixed = mixed.baseAddress else { return }
          for c in 0..<classes { mixed[c] = a[c] + (b[c] - a[c]) * share }
          Softmax.apply(to: mixed, rows: 1, count: classes)
          for c in 0..<classes { sums[c] += mixed[c] }
        }
      } else {
        for c in 0..<classes { sums[c] += a[c] + (b[c] - a[c]) * share }
      }
    }
  }

  /// Divides each pixel's scores by the product of its row's and its column's number.
  func divide(rows: [Int], columns: [Int], threads: Threads) {
    let (classes, width) = (shape.c, shape.w)
    threads.forEach(shape.h, by: 16) { chunk, _ in
      for y in chunk {
        for x in 0..<width where rows[y] * columns[x] > 1 {
          let pixel = base + (y * width + x) * classes
          let share = 1 / Float(rows[y] * columns[x])
          for c in 0..<classes { pixel[c] *= share }
        }
      }
    }
  }

  /// Replaces each score by `transform` of it.
  func apply(threads: Threads, _ transform: (Float) -> Float) {
    let row = shape.w * shape.c
    threads.forEach(shape.h, by: 16) { chunk, _ in
      for i in (chunk.lowerBound * row)..<(chunk.upperBound * row) { base[i] = transform(base[i]) }
    }
  }

  /// The natural logarithms of the scores, which are probabilities.
  func logarithms(threads: Threads) -> Tensor {
    apply(threads: threads) { log(max($0, .leastNormalMagnitude)) }
    return Tensor(copying: scores)
  }

  /// The largest score of each pixel.
  var maxima: [Float] {
    (0..<(shape.h * shape.w)).map { pixel in
      let scores = base + pixel * shape.c
      return (1..<shape.c).reduce(scores[0]) { max($0, scores[$1]) }
    }
  }
}
