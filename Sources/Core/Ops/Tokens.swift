/// Some tokens of each picture, perhaps on a grid: a transformer's patches without its class token.
///
/// Input: x `[n, h, w, c]`, whose pixels count as h·w tokens; the result is `[n, height, width, c]`, the tokens from `first` on.
struct TokenSlice: Operation {
  let first, height, width: Int

  /// The tokens from `first` on that fill a grid of `height` × `width`.
  init(from first: Int, height: Int, width: Int) {
    self.first = first
    self.height = height
    self.width = width
  }

  private var range: Range<Int> { first..<(first + height * width) }

  var summary: String { "tokens \(range)" }

  func outputShape(for inputs: [Shape]) -> Shape {
    let x = inputs[0]
    precondition(range.upperBound <= x.h * x.w, "\(x) has no \(summary)")
    return x.resized(h: height, w: width)
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let x = inputs[0].shape
    let count = range.count * x.c
    threads.forEach(x.n) { n, _ in
      (output.base + n * count).update(
        from: inputs[0].base + (n * x.h * x.w + first) * x.c, count: count)
    }
  }
}

/// The tokens of several maps one behind the other: a class token, then the patches.
///
/// Inputs: `[n, h, w, c]` of any grids; the result is `[n, 1, Σ h·w, c]`.
struct TokenSequence: Operation {
  var summary: String { "sequence of tokens" }

  func outputShape(for inputs: [Shape]) -> Shape {
    let first = inputs[0]
    precondition(
      inputs.allSatisfy { $0.n == first.n && $0.c == first.c }, "\(inputs) make no sequence")
    return first.resized(h: 1, w: inputs.reduce(0) { $0 + $1.h * $1.w })
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    threads.forEach(output.shape.n) { n, _ in
      var target = output.base + n * output.shape.w * output.shape.c
      for input in inputs {
        let count = input.shape.h * input.shape.w * input.shape.c
        target.update(from: input.base + n * count, count: count)
        target += count
      }
    }
  }
}

extension TokenSlice: DifferentiableOperation {
  /// ∂x is 0 where nothing was taken.
  func gradients(of step: Pullback) -> [Value?] {
    [
      step.gradient(of: 0) {
        step.cotangent.applying(
          TokensInZeros(self, of: step.inputs[0].shape), named: step.name + " ∂x")
      }
    ]
  }
}

extension TokenSequence: DifferentiableOperation {
  /// Each input's part.
  func gradients(of step: Pullback) -> [Value?] {
    var first = 0
    return step.inputs.indices.map { position in
      let x = step.inputs[position].shape
      defer { first += x.h * x.w }
      return step.gradient(of: position) {
        step.cotangent.applying(
          TokenSlice(from: first, height: x.h, width: x.w), named: step.name + " ∂x")
      }
    }
  }
}

/// Tokens where they were taken from, all others being 0: the gradient of a ``TokenSlice``.
struct TokensInZeros: Operation {
  private let slice: TokenSlice
  private let shape: Shape

  init(_ slice: TokenSlice, of shape: Shape) {
    self.slice = slice
    self.shape = shape
  }

  var summary: String { "\(slice.summary) among zeros" }

  func outputShape(for inputs: [Shape]) -> Shape { shape }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let count = slice.height * slice.width * shape.c
    let all = shape.h * shape.w * shape.c
    threads.forEach(shape.n) { n, _ in
      let target = output.base + n * all
      target.update(repeating: 0, count: all)
      (target + slice.first * shape.c).update(from: inputs[0].base + n * count, count: count)
    }
  }
}
