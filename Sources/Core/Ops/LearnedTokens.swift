/// Vectors that are learned, not made of the picture: class tokens, embeddings of positions, queries.
///
/// Some rows of a table, which stand for a grid, resized to another and repeated for each picture:
///
///     y[n, i, j] = resized(table[first ..< first + gridHeight · gridWidth])[i, j]
///
/// Input in training: the table `[1, 1, 1, rows·c]`, which else is part of the operation. The result is `[n, height, width, c]`.
/// Resizing is bilinear with half-pixel centres, as timm and mmsegmentation do it.
struct LearnedTokens: Operation {
  /// The first row, and the grid that it and those behind it stand for.
  let first, gridHeight, gridWidth: Int
  /// The result: `[n, height, width, c]`.
  let shape: Shape
  /// The table of a model that is not trained, empty where only sizes are of interest; `nil` where it is an input.
  let table: [Float]?

  init(
    from first: Int = 0, grid: (height: Int, width: Int), to shape: Shape, table: [Float]? = nil
  ) {
    self.first = first
    (gridHeight, gridWidth) = grid
    self.shape = shape
    self.table = table
  }

  static let rule = Resize.Rule.centred

  var summary: String { "learned tokens" }

  func outputShape(for inputs: [Shape]) -> Shape {
    let rows = first + gridHeight * gridWidth
    if let count = table?.count ?? inputs.first?.count, count > 0 {
      precondition(count >= rows * shape.c, "\(count) values have no \(rows) rows of \(shape.c)")
    }
    return shape
  }

  var resize: Resize { Resize(height: shape.h, width: shape.w, rule: Self.rule) }
  var grid: Shape { Shape(h: gridHeight, w: gridWidth, c: shape.c) }
  var isResized: Bool { grid.h != shape.h || grid.w != shape.w }

  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    isResized ? resize.scratchCount(for: [grid], threads: threads) : 0
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    guard let table else {
      return write(inputs[0].base, to: output, scratch, threads)
    }
    precondition(!table.isEmpty, "\(summary) have no weights: they were made for counting only")
    table.withUnsafeBufferPointer { table in
      if let table = table.baseAddress { write(table, to: output, scratch, threads) }
    }
  }

  private func write(
    _ table: UnsafePointer<Float>, to output: MutableTensorView,
    _ scratch: UnsafeMutablePointer<Float>, _ threads: Threads
  ) {
    let tokens = TensorView(shape: grid, base: table + first * shape.c)
    let count = shape.h * shape.w * shape.c
    if isResized {
      let picture = MutableTensorView(
        shape: Shape(h: shape.h, w: shape.w, c: shape.c), base: output.base)
      resize.run([tokens], into: picture, scratch: scratch, threads: threads)
    } else {
      output.base.update(from: tokens.base, count: count)
    }
    for n in 1..<max(1, shape.n) {
      (output.base + n * count).update(from: output.base, count: count)
    }
  }
}

extension LearnedTokens: DifferentiableOperation {
  func gradients(of step: Pullback) -> [Value?] {
    precondition(table == nil, "learned tokens that are part of the operation are not trained")
    return [
      step.gradient(of: 0) {
        step.cotangent.applying(
          LearnedTokensGradient(self, of: step.inputs[0].shape), named: step.name + " ∂table")
      }
    ]
  }
}

/// The gradient of ``LearnedTokens``' table: the sum over the pictures, through the resizing; 0 in all other rows.
///
/// Input: ∂y.
struct LearnedTokensGradient: Operation {
  private let tokens: LearnedTokens
  private let table: Shape

  init(_ tokens: LearnedTokens, of table: Shape) {
    self.tokens = tokens
    self.table = table
  }

  var summary: String { "gradient of learned tokens" }

  func outputShape(for inputs: [Shape]) -> Shape { table }

  private var resize: ResizeGradient {
    ResizeGradient(height: tokens.gridHeight, width: tokens.gridWidth, rule: LearnedTokens.rule)
  }

  private var picture: Shape { Shape(h: tokens.shape.h, w: tokens.shape.w, c: tokens.shape.c) }

  /// The sum over the pictures, and what the resizing needs.
  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    roundedToCacheLine(picture.count) + resize.scratchCount(for: [picture], threads: threads)
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let count = picture.count
    threads.forEach(count, by: 1 << 14) { values, _ in
      for i in values {
        scratch[i] = (0..<tokens.shape.n).reduce(0) { $0 + inputs[0].base[$1 * count + i] }
      }
    }
    output.base.update(repeating: 0, count: table.count)
    let target = output.base + tokens.first * tokens.shape.c
    if tokens.isResized {
      resize.run(
        [TensorView(shape: picture, base: scratch)],
        into: MutableTensorView(shape: tokens.grid, base: target),
        scratch: scratch + roundedToCacheLine(count), threads: threads)
    } else {
      target.update(from: scratch, count: count)
    }
  }
}
