/// Attention along every column, or along every row, of a map `[n, h, w, c]` as it lies: a line's pixels are `w · c` or `c`
/// floats apart.
///
/// Queries and keys have as many channels as `queryWidth` says, values those of the map.
struct AxialLines {
  /// Which pixels see each other.
  enum Direction {
    case columns, rows
  }

  private let shape: Shape
  private let queryWidth: Int
  private let heads: Int
  private let kernels: Kernels

  init(_ shape: Shape, queryWidth: Int, heads: Int, _ kernels: Kernels) {
    self.shape = shape
    self.queryWidth = queryWidth
    self.heads = heads
    self.kernels = kernels
  }

  private var depth: Int { queryWidth / heads }
  private var width: Int { shape.c / heads }

  private func attention(_ direction: Direction) -> Attention {
    let pixels = direction == .columns ? shape.h : shape.w
    return Attention(
      queries: pixels, keys: pixels, depth: depth, width: width,
      scale: 1 / Float(depth).squareRoot(), kernels: kernels)
  }

  /// Floats of scratch memory for one thread.
  var scratchCount: Int { max(attention(.columns).scratchCount, attention(.rows).scratchCount) }

  /// The same for the gradients.
  var gradientScratchCount: Int {
    [.columns, .rows].reduce(0) {
      max($0, AttentionGradient(attention: attention($1)).scratchCount)
    }
  }

  /// Calls `body` with the first pixel of each line, the pixels from one to the next of it, and a thread's number.
  private func forEachLine(
    _ direction: Direction, _ threads: Threads,
    _ body: (_ pixel: Int, _ step: Int, _ worker: Int) -> Void
  ) {
    switch direction {
    case .rows:
      threads.forEach(shape.n * shape.h, by: 4) { lines, worker in
        for line in lines { body(line * shape.w, 1, worker) }
      }
    case .columns:
      threads.forEach(shape.n * shape.w, by: 4) { lines, worker in
        for line in lines {
          let (n, j) = line.quotientAndRemainder(dividingBy: shape.w)
          body(n * shape.h * shape.w + j, shape.w, worker)
        }
      }
    }
  }

  /// y ← A · value, or y + A · value, along every line.
  func attend(
    _ direction: Direction, _ query: UnsafePointer<Float>, _ key: UnsafePointer<Float>,
    _ value: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, accumulates: Bool,
    scratch: UnsafeMutablePointer<Float>, _ threads: Threads
  ) {
    let attention = attention(direction)
    let (c, d, room) = (shape.c, queryWidth, scratchCount)
    forEachLine(direction, threads) { pixel, step, worker in
      for head in 0..<heads {
        let (first, start) = (pixel * d + head * depth, pixel * c + head * width)
        attention.apply(
          query: PixelVectors(base: query + first, stride: step * d),
          key: PixelVectors(base: key + first, stride: step * d),
          value: PixelVectors(base: value + start, stride: step * c),
          into: PixelVectors(base: y + start, stride: step * c), accumulates: accumulates,
          scratch: scratch + worker * room)
      }
    }
  }

  /// Writes or adds ∂query and ∂key, the first 2·d of each pixel's 2·d + c floats at `gradients`, and writes ∂value, whose pixels
  /// lie a stride apart.
  func addGradients(
    _ direction: Direction, _ query: UnsafePointer<Float>, _ key: UnsafePointer<Float>,
    _ value: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
    into gradients: UnsafeMutablePointer<Float>,
    dValue: (base: UnsafeMutablePointer<Float>, stride: Int), accumulates: Bool,
    scratch: UnsafeMutablePointer<Float>, _ threads: Threads
  ) {
    let gradient = AttentionGradient(attention: attention(direction))
    let (c, d, room) = (shape.c, queryWidth, gradientScratchCount)
    forEachLine(direction, threads) { pixel, step, worker in
      for head in 0..<heads {
        let (first, start) = (pixel * d + head * depth, pixel * c + head * width)
        func result(_ base: UnsafeMutablePointer<Float>, _ stride: Int, _ channels: Int)
          -> PixelVectors<UnsafeMutablePointer<Float>>
        {
          PixelVectors(base: base + pixel * stride + head * channels, stride: step * stride)
        }
        gradient.apply(
          query: PixelVectors(base: query + first, stride: step * d),
          key: PixelVectors(base: key + first, stride: step * d),
          value: PixelVectors(base: value + start, stride: step * c),
          dy: PixelVectors(base: dy + start, stride: step * c),
          dQuery: result(gradients, 2 * d + c, depth),
          dKey: result(gradients + d, 2 * d + c, depth),
          dValue: result(dValue.base, dValue.stride, width), accumulates: accumulates,
          scratch: scratch + worker * room)
      }
    }
  }
}
