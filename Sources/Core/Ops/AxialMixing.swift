/// The part of axial attention behind its projections, as training records it: ``AxialAttention`` owns them, this does not.
///
///     t = A_column · value,   y = x + A_row · t,   A[a, b] = softmax_b(⟨query_a, key_b⟩ / √(c / heads))
///
/// Inputs: x, query, key and value, all `[n, h, w, c]`.
struct AxialMixing: DifferentiableOperation {
  let heads: Int
  /// Whether y has x in it.
  let addsInput: Bool
  var kernels = Kernels.current

  init(heads: Int, addsInput: Bool = true) {
    self.heads = heads
    self.addsInput = addsInput
  }

  var summary: String { "axial attention, \(heads) heads" }

  func outputShape(for inputs: [Shape]) -> Shape {
    let x = inputs[0]
    precondition(
      inputs.allSatisfy { $0 == x } && x.c % heads == 0,
      "axial attention with \(heads) heads does not take \(inputs)")
    return x
  }

  /// Scores and weighted sums of both passes.
  func multiplyAdds(for inputs: [Shape]) -> Int {
    2 * inputs[0].pixels * (inputs[0].h + inputs[0].w) * inputs[0].c
  }

  /// The column pass's result, and what a line takes per thread.
  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    let lines = AxialLines(inputs[0], heads: heads, kernels)
    return roundedToCacheLine(inputs[0].count) + threads.count * lines.scratchCount
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let lines = AxialLines(output.shape, heads: heads, kernels)
    let rest = scratch + roundedToCacheLine(output.shape.count)
    let (x, query, key, value) = (
      inputs[0].base, inputs[1].base, inputs[2].base, inputs[3].base
    )
    lines.attend(
      .columns, query, key, value, into: scratch, accumulates: false, scratch: rest, threads)
    if addsInput && UnsafePointer(output.base) != x {
      output.base.update(from: x, count: output.shape.count)
    }
    lines.attend(
      .rows, query, key, scratch, into: output.base, accumulates: addsInput, scratch: rest, threads)
  }

  /// x has the gradient of the sum, if it is added; queries, keys and values have theirs side by side in one map.
  func gradients(of step: Pullback) -> [Value?] {
    let (query, key, value) = (step.inputs[1], step.inputs[2], step.inputs[3])
    let name = step.name + " ∂attention"
    let all = query.applying(
      AxialMixingGradient(self), to: key, value, step.cotangent, named: name)
    let c = query.shape.c
    return [addsInput ? step.gradient(of: 0) { step.cotangent } : nil]
      + (1...3).map { position in
        step.gradient(of: position) {
          all.applying(ChannelRange(((position - 1) * c)..<(position * c)), named: name)
        }
      }
  }
}

/// The gradients of ``AxialMixing``'s queries, keys and values: the row pass's, then the column pass's.
///
/// Inputs: query, key, value and ∂y; the result is `[n, h, w, 3·c]`: ∂query, ∂key, ∂value. The column pass is run once more,
/// for its result t is the row pass's value.
struct AxialMixingGradient: Operation {
  private let heads: Int
  private let kernels: Kernels

  init(_ mixing: AxialMixing) {
    heads = mixing.heads
    kernels = mixing.kernels
  }

  var summary: String { "gradient of axial attention, \(heads) heads" }

  func outputShape(for inputs: [Shape]) -> Shape { inputs[0].channels(3 * inputs[0].c) }

  /// The column pass, and five products of each pass.
  func multiplyAdds(for inputs: [Shape]) -> Int {
    inputs[0].pixels * (7 * inputs[0].h + 5 * inputs[0].w) * inputs[0].c
  }

  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    let lines = AxialLines(inputs[0], heads: heads, kernels)
    return 2 * roundedToCacheLine(inputs[0].count)
      + threads.count * max(lines.scratchCount, lines.gradientScratchCount)
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let shape = inputs[0].shape
    let lines = AxialLines(shape, heads: heads, kernels)
    let (query, key, value, dy) = (
      inputs[0].base, inputs[1].base, inputs[2].base, inputs[3].base
    )
    let t = scratch
    let dt = t + roundedToCacheLine(shape.count)
    let rest = dt + roundedToCacheLine(shape.count)
    lines.attend(.columns, query, key, value, into: t, accumulates: false, scratch: rest, threads)
    lines.addGradients(
      .rows, query, key, t, dy, into: output.base, dValue: (dt, shape.c), accumulates: false,
      scratch: rest, threads)
    lines.addGradients(
      .columns, query, key, value, dt, into: output.base,
      dValue: (output.base + 2 * shape.c, 3 * shape.c), accumulates: true, scratch: rest, threads)
  }
}
