/// The part of axial attention behind its projections, as training records it: ``AxialAttention`` owns them, this does not.
///
///     t = A_column · value,   y = x + A_row · t,   A[a, b] = softmax_b(⟨query_a, key_b⟩ / √(d / heads))
///
/// Inputs: x `[n, h, w, c]`, query and key `[n, h, w, d]`, value `[n, h, w, c]`.
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
    let (x, query) = (inputs[0], inputs[1])
    precondition(
      inputs[3] == x && inputs[2] == query && query == x.channels(query.c)
        && x.c % heads == 0 && query.c % heads == 0,
      "axial attention with \(heads) heads does not take \(inputs)")
    return x
  }

  /// Scores and weighted sums of both passes.
  func multiplyAdds(for inputs: [Shape]) -> Int {
    inputs[0].pixels * (inputs[0].h + inputs[0].w) * (inputs[0].c + inputs[1].c)
  }

  /// The column pass's result, and what a line takes per thread.
  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    let lines = AxialLines(inputs[0], queryWidth: inputs[1].c, heads: heads, kernels)
    return roundedToCacheLine(inputs[0].count) + threads.count * lines.scratchCount
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let lines = AxialLines(
      output.shape, queryWidth: inputs[1].shape.c, heads: heads, kernels)
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
    let (c, d) = (value.shape.c, query.shape.c)
    return [addsInput ? step.gradient(of: 0) { step.cotangent } : nil]
      + zip(1..., [0..<d, d..<(2 * d), (2 * d)..<(2 * d + c)]).map { position, channels in
        step.gradient(of: position) { all.applying(ChannelRange(channels), named: name) }
      }
  }
}

/// The gradients of ``AxialMixing``'s queries, keys and values: the row pass's, then the column pass's.
///
/// Inputs: query, key, value and ∂y; the result is `[n, h, w, 2·d + c]`: ∂query, ∂key, ∂value. The column pass is run once more,
/// for its result t is the row pass's value.
struct AxialMixingGradient: Operation {
  private let heads: Int
  private let kernels: Kernels

  init(_ mixing: AxialMixing) {
    heads = mixing.heads
    kernels = mixing.kernels
  }

  var summary: String { "gradient of axial attention, \(heads) heads" }

  func outputShape(for inputs: [Shape]) -> Shape {
    inputs[0].channels(2 * inputs[0].c + inputs[2].c)
  }

  /// The column pass, and five products of each pass: three of queries' length and two of values'.
  func multiplyAdds(for inputs: [Shape]) -> Int {
    let (q, v) = (inputs[0], inputs[2])
    return q.pixels * ((4 * q.h + 3 * q.w) * q.c + (3 * q.h + 2 * q.w) * v.c)
  }

  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    let lines = AxialLines(inputs[2], queryWidth: inputs[0].c, heads: heads, kernels)
    return 2 * roundedToCacheLine(inputs[2].count)
      + threads.count * max(lines.scratchCount, lines.gradientScratchCount)
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (shape, d) = (inputs[2].shape, inputs[0].shape.c)
    let lines = AxialLines(shape, queryWidth: d, heads: heads, kernels)
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
      dValue: (output.base + 2 * d, 2 * d + shape.c), accumulates: true, scratch: rest, threads)
  }
}
