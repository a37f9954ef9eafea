/// How like each pixel is to each token: scaled dot products, perhaps added to earlier ones.
///
///     y[n, i, j, k] = s · ⟨key[n, i, j], query[n, k]⟩ + r[n, i, j, k]
///
/// Inputs: keys `[n, h, w, d]`, queries `[n, 1, K, d]` and perhaps r `[n, h, w, K]`; the result is `[n, h, w, K]`: a map for each
/// token. Before a softmax over the pixels these are the scores of an attention, before a sigmoid the masks of SegViT (arXiv:
/// 2210.05844, equation 3).
struct TokenSimilarity: Operation {
  /// s.
  let scale: Float
  var kernels = Kernels.current

  init(scale: Float) { self.scale = scale }

  var summary: String { "similarity to tokens" }

  func outputShape(for inputs: [Shape]) -> Shape {
    let (keys, queries) = (inputs[0], inputs[1])
    precondition(
      keys.n == queries.n && keys.c == queries.c,
      "keys \(keys) and queries \(queries) have no dot products")
    let output = keys.channels(queries.h * queries.w)
    if inputs.count > 2 {
      precondition(inputs[2] == output, "cannot add \(inputs[2]) to \(output)")
    }
    return output
  }

  func multiplyAdds(for inputs: [Shape]) -> Int { outputShape(for: inputs).count * inputs[0].c }

  /// r, each value of which is read before it is written.
  var overwritableInput: Int? { 2 }

  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    let tokens = inputs[1].h * inputs[1].w
    return BatchedProduct(
      rows: inputs[0].h * inputs[0].w, depth: inputs[0].c, columns: tokens, kernels
    ).scratchCount(batch: inputs[0].n, threads)
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (keys, queries) = (inputs[0], inputs[1])
    let (d, tokens) = (keys.shape.c, queries.shape.h * queries.shape.w)
    BatchedProduct(rows: keys.shape.h * keys.shape.w, depth: d, columns: tokens, kernels)
      .multiply(
        keys.base, scale, transposed: queries.base, batch: keys.shape.n,
        adding: inputs.count > 2 ? inputs[2].base : nil, into: output.base, scratch, threads)
  }
}

extension TokenSimilarity: DifferentiableOperation {
  /// ∂key = s · ∂y · Q, ∂query = s · ∂yᵀ · K, ∂r = ∂y.
  func gradients(of step: Pullback) -> [Value?] {
    let (keys, queries, dy) = (step.inputs[0], step.inputs[1], step.cotangent)
    return [
      step.gradient(of: 0) {
        dy.applying(
          TokenMixture(scale: scale, kernels: kernels), to: queries, named: step.name + " ∂key")
      },
      step.gradient(of: 1) {
        keys.applying(
          TokenSums(scale: scale, kernels: kernels), to: dy, named: step.name + " ∂query")
      },
    ] + (step.inputs.count > 2 ? [step.gradient(of: 2) { dy }] : [])
  }
}

/// Sums of tokens with a weight for each pixel and token: y[n, i, j] = s · Σ_k x[n, i, j, k] · token[n, k].
///
/// Inputs: x `[n, h, w, K]` and tokens `[n, 1, K, d]`; the result is `[n, h, w, d]`.
struct TokenMixture: Operation {
  let scale: Float
  let kernels: Kernels

  var summary: String { "mixture of tokens" }

  func outputShape(for inputs: [Shape]) -> Shape { inputs[0].channels(inputs[1].c) }

  func multiplyAdds(for inputs: [Shape]) -> Int { inputs[0].count * inputs[1].c }

  private func product(_ inputs: [Shape]) -> BatchedProduct {
    BatchedProduct(
      rows: inputs[0].h * inputs[0].w, depth: inputs[0].c, columns: inputs[1].c, kernels)
  }

  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    product(inputs).scratchCount(batch: inputs[0].n, threads)
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    product(inputs.map(\.shape)).multiply(
      inputs[0].base, scale, inputs[1].base, batch: output.shape.n, into: output.base, scratch,
      threads)
  }
}

/// Sums of pixels with a weight for each pixel and token: y[n, k] = s · Σ_ij weight[n, i, j, k] · x[n, i, j].
///
/// Inputs: x `[n, h, w, d]` and weights `[n, h, w, K]`; the result is `[n, 1, K, d]`.
struct TokenSums: Operation {
  let scale: Float
  let kernels: Kernels

  var summary: String { "sums of pixels" }

  func outputShape(for inputs: [Shape]) -> Shape { inputs[0].resized(h: 1, w: inputs[1].c) }

  func multiplyAdds(for inputs: [Shape]) -> Int { inputs[0].count * inputs[1].c }

  private func panelCount(_ x: Shape) -> Int { x.h * x.w * kernels.padded(x.c) }

  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    inputs[0].n * panelCount(inputs[0])
  }

  /// Tokens of a task.
  private static let block = 48

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (x, weights) = (inputs[0], inputs[1])
    let (pixels, d, tokens) = (x.shape.h * x.shape.w, x.shape.c, weights.shape.c)
    let room = panelCount(x.shape)
    threads.forEach(x.shape.n) { n, _ in
      kernels.leaves.pack(x.base + n * pixels * d, d, pixels, d, scratch + n * room)
    }
    let blocks = EvenBlocks(tokens, of: kernels.rows, upTo: Self.block)
    threads.forEach(x.shape.n * blocks.count) { task, _ in
      let (n, index) = task.quotientAndRemainder(dividingBy: blocks.count)
      let block = blocks[index]
      let target = output.base + (n * tokens + block.lowerBound) * d
      kernels.multiplyTransposed(
        PixelVectors(base: weights.base + n * pixels * tokens + block.lowerBound, stride: tokens),
        block.count, depth: pixels, scratch + n * room, columns: d,
        into: PixelVectors(base: target, stride: d), accumulates: false)
      kernels.leaves.scale(target, block.count * d, scale, target)
    }
  }
}

extension TokenSums: DifferentiableOperation {
  /// ∂x = s · weight · ∂y, ∂weight = s · ⟨x, ∂y⟩.
  func gradients(of step: Pullback) -> [Value?] {
    let (x, weights, dy) = (step.inputs[0], step.inputs[1], step.cotangent)
    return [
      step.gradient(of: 0) {
        weights.applying(
          TokenMixture(scale: scale, kernels: kernels), to: dy, named: step.name + " ∂x")
      },
      step.gradient(of: 1) {
        var similarity = TokenSimilarity(scale: scale)
        similarity.kernels = kernels
        return x.applying(similarity, to: dy, named: step.name + " ∂weight")
      },
    ]
  }
}

/// A product of matrices for each picture of a batch: `rows` × `depth` times `depth` × `columns`.
struct BatchedProduct {
  private let rows, depth, columns: Int
  private let kernels: Kernels

  init(rows: Int, depth: Int, columns: Int, _ kernels: Kernels) {
    self.rows = rows
    self.depth = depth
    self.columns = columns
    self.kernels = kernels
  }

  private var panelCount: Int { depth * kernels.padded(columns) }

  /// Rows of a task.
  private static let block = 112

  private var rowRoom: Int { (min(Self.block, rows) + kernels.rows) * Kernels.row }

  /// Every picture's panels and a scaled right side, and a block of rows for each thread.
  func scratchCount(batch: Int, _ threads: Threads) -> Int {
    batch * panelCount + roundedToCacheLine(batch * depth * columns) + threads.count * rowRoom
  }

  /// c ← scale · a · b + residual, for `batch` matrices of each one behind the other.
  func multiply(
    _ a: UnsafePointer<Float>, _ scale: Float, _ b: UnsafePointer<Float>, batch: Int,
    adding residual: UnsafePointer<Float>? = nil, into c: UnsafeMutablePointer<Float>,
    _ scratch: UnsafeMutablePointer<Float>, _ threads: Threads
  ) {
    multiply(a, scale, b, batch, residual, c, scratch, threads) { matrix, panels in
      kernels.pack(
        PixelVectors(base: matrix, stride: columns), depth: depth, columns: columns, into: panels)
    }
  }

  /// The same where b is stored transposed: `columns` rows of `depth`.
  func multiply(
    _ a: UnsafePointer<Float>, _ scale: Float, transposed b: UnsafePointer<Float>, batch: Int,
    adding residual: UnsafePointer<Float>? = nil, into c: UnsafeMutablePointer<Float>,
    _ scratch: UnsafeMutablePointer<Float>, _ threads: Threads
  ) {
    multiply(a, scale, b, batch, residual, c, scratch, threads) { matrix, panels in
      kernels.packTransposed(
        PixelVectors(base: matrix, stride: depth), depth: depth, columns: columns, into: panels)
    }
  }

  private func multiply(
    _ a: UnsafePointer<Float>, _ scale: Float, _ b: UnsafePointer<Float>, _ batch: Int,
    _ residual: UnsafePointer<Float>?, _ c: UnsafeMutablePointer<Float>,
    _ scratch: UnsafeMutablePointer<Float>, _ threads: Threads,
    pack: (UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) {
    let matrix = depth * columns
    let scaled = scratch + batch * panelCount
    let free = scaled + roundedToCacheLine(batch * matrix)
    threads.forEach(batch) { n, _ in
      // The smaller side is scaled.
      kernels.leaves.scale(b + n * matrix, matrix, scale, scaled + n * matrix)
      pack(scaled + n * matrix, scratch + n * panelCount)
    }
    let blocks = EvenBlocks(rows, of: kernels.rows, upTo: Self.block)
    threads.forEach(batch * blocks.count) { task, worker in
      let (n, index) = task.quotientAndRemainder(dividingBy: blocks.count)
      let block = blocks[index]
      let first = n * rows + block.lowerBound
      kernels.multiply(
        PixelVectors(base: a + first * depth, stride: depth), block.count, depth: depth,
        scratch + n * panelCount, columns: columns, rows: free + worker * rowRoom,
        adding: residual.map { $0 + first * columns },
        into: PixelVectors(base: c + first * columns, stride: columns))
    }
  }
}
