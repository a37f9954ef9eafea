extension MultiHeadAttention: DifferentiableOperation {
  /// Of projections that lie together the gradients do, too; those of three inputs come out of one step and are cut apart.
  func gradients(of step: Pullback) -> [Value?] {
    let name = step.name + " ∂attention"
    let others = Array(step.inputs.dropFirst()) + [step.cotangent]
    let all = step.inputs[0].applying(
      MultiHeadAttentionGradient(self), to: others, named: name)
    if step.inputs.count == 1 { return [step.gradient(of: 0) { all }] }
    var start = 0
    return step.inputs.indices.map { position in
      let shape = step.inputs[position].shape
      defer { start += shape.count }
      return step.gradient(of: position) {
        all.applying(Stretch(from: start, shape), named: name)
      }
    }
  }
}

/// The gradients of ``MultiHeadAttention``'s queries, keys and values, see ``AttentionGradient``.
///
/// Inputs: those of the attention and ∂y. The result has the shape of a single input, or the values of all three, one after the
/// other.
struct MultiHeadAttentionGradient: Operation {
  private let attention: MultiHeadAttention

  init(_ attention: MultiHeadAttention) { self.attention = attention }

  var summary: String { "gradient of \(attention.summary)" }

  func outputShape(for inputs: [Shape]) -> Shape {
    let operands = inputs.dropLast()
    return operands.count == 1
      ? inputs[0] : Shape(h: 1, w: 1, c: operands.reduce(0) { $0 + $1.count })
  }

  /// Scores twice, and three products with them.
  func multiplyAdds(for inputs: [Shape]) -> Int {
    attention.multiplyAdds(for: inputs.dropLast()) / 2 * 5
  }

  private func gradient(_ operands: [Shape]) -> AttentionGradient {
    AttentionGradient(attention: attention.attention(operands))
  }

  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    threads.count * gradient(inputs.dropLast()).scratchCount
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let operands = Array(inputs.dropLast())
    let dy = inputs[operands.count]
    let gradient = gradient(operands.map(\.shape))
    let (c, depth, room) = (dy.shape.c, gradient.attention.depth, gradient.scratchCount)
    // ∂query, ∂key and ∂value lie as what they belong to does.
    var starts = [0]
    for operand in operands { starts.append(starts[starts.count - 1] + operand.shape.count) }
    let results = operands.enumerated().map {
      TensorView(shape: $1.shape, base: UnsafePointer(output.base) + starts[$0])
    }
    threads.forEach(dy.shape.n * attention.heads) { task, worker in
      let (n, head) = task.quotientAndRemainder(dividingBy: attention.heads)
      func part(_ part: Int) -> PixelVectors<UnsafePointer<Float>> {
        MultiHeadAttention.vectors(operands, part, image: n, channel: head * depth)
      }
      func result(_ part: Int) -> PixelVectors<UnsafeMutablePointer<Float>> {
        let place = MultiHeadAttention.vectors(results, part, image: n, channel: head * depth)
        return PixelVectors(
          base: UnsafeMutablePointer(mutating: place.base), stride: place.stride)
      }
      gradient.apply(
        query: part(0), key: part(1), value: part(2),
        dy: PixelVectors(
          base: dy.base + n * dy.shape.h * dy.shape.w * c + head * depth, stride: c),
        dQuery: result(0), dKey: result(1), dValue: result(2), accumulates: false,
        scratch: scratch + worker * room)
    }
  }
}
