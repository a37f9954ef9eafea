extension WindowAttention: DifferentiableOperation {
  /// The three gradients come out of one step, one behind the other, and are cut apart.
  func gradients(of step: Pullback) -> [Value?] {
    precondition(constants == nil, "an attention with a constant bias is not trained")
    let (x, table, padding) = (step.inputs[0], step.inputs[1], step.inputs[2])
    let name = step.name + " ∂attention"
    let all = x.applying(
      WindowAttentionGradient(self), to: table, padding, step.cotangent, named: name)
    func stretch(_ start: Int, _ shape: Shape) -> Value {
      all.applying(Stretch(from: start, shape), named: name)
    }
    return [
      step.gradient(of: 0) { stretch(0, x.shape) },
      step.gradient(of: 1) { stretch(x.shape.count, table.shape) },
      step.gradient(of: 2) { stretch(x.shape.count + table.shape.count, padding.shape) },
    ]
  }
}

/// The gradients of the projections, of the table of relative positions and of the projections' bias, as far as tokens in
/// the padding have it; see ``AttentionGradient``.
///
/// Inputs: projections, table, bias and ∂y; the result has the values of the three, one after the other. The windows are cut into
/// parts whose number depends on the shapes alone; each has sums of its own, which are added in order.
struct WindowAttentionGradient: Operation {
  private let attention: WindowAttention

  init(_ attention: WindowAttention) { self.attention = attention }

  var summary: String { "gradient of \(attention.summary)" }

  func outputShape(for inputs: [Shape]) -> Shape {
    Shape(h: 1, w: 1, c: inputs[0].count + inputs[1].count + inputs[2].count)
  }

  /// Scores twice, and three products with them.
  func multiplyAdds(for inputs: [Shape]) -> Int {
    attention.multiplyAdds(for: Array(inputs[..<3])) / 2 * 5
  }

  /// Parts of the windows of a batch.
  private func parts(_ x: Shape) -> EvenBlocks {
    let windows = x.n * attention.partition(x).count
    return EvenBlocks(windows, of: 1, upTo: (windows + 3) / 4)
  }

  private func gradient(_ x: Shape) -> AttentionGradient {
    AttentionGradient(attention: attention.attention(x))
  }

  /// The gradient of a head's bias, one for each pair of tokens, and of what the padding has of its projections.
  private func sumCount(_ x: Shape) -> Int {
    let inner = attention.attention(x)
    return roundedToCacheLine(inner.queries * inner.paddedKeys + 3 * inner.depth)
  }

  /// A window's projections and their gradients, its result's, its masked bias, and what ``AttentionGradient`` needs.
  private func windowScratch(_ x: Shape) -> Int {
    let inner = attention.attention(x)
    return roundedToCacheLine(inner.queries * 7 * inner.depth)
      + roundedToCacheLine(inner.queries * inner.paddedKeys) + gradient(x).scratchCount
  }

  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    let x = inputs[0]
    return attention.positionCount + parts(x).count * attention.heads * sumCount(x)
      + threads.count * windowScratch(x)
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (x, heads) = (inputs[0], attention.heads)
    let d = attention.depth(x.shape)
    let positions = attention.positions(inputs[1].base, depth: d, in: scratch)
    let sums = scratch + attention.positionCount
    let parts = parts(x.shape)
    let (count, room) = (sumCount(x.shape), windowScratch(x.shape))
    let free = sums + parts.count * heads * count
    threads.forEach(parts.count * heads) { task, worker in
      let (part, head) = task.quotientAndRemainder(dividingBy: heads)
      let place = sums + task * count
      place.update(repeating: 0, count: count)
      for window in parts[part] {
        add(
          inputs, positions.rows(of: head), window: window, head: head, to: output.base,
          sums: place, scratch: free + worker * room)
      }
    }
    let table = output.base + x.shape.count
    gather(sums, parts: parts.count, count: count, x.shape, into: table)
  }

  /// Writes the gradients of a window's projections, and adds those of its bias and its padding to the sums.
  private func add(
    _ inputs: [TensorView], _ positions: UnsafePointer<Float>, window: Int, head: Int,
    to dx: UnsafeMutablePointer<Float>, sums: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let (x, padding, dy) = (inputs[0], inputs[2].base, inputs[3])
    let windows = attention.partition(x.shape)
    let inner = attention.attention(x.shape)
    let (n, index) = window.quotientAndRemainder(dividingBy: windows.count)
    let (d, c, tokens) = (inner.depth, dy.shape.c, windows.tokens)
    let first = n * x.shape.h * x.shape.w
    let projected = scratch
    let (gradients, dOutput) = (projected + tokens * 3 * d, projected + tokens * 6 * d)
    let masked = projected + roundedToCacheLine(tokens * 7 * d)
    attention.gather(
      windows, index, x.base + first * 3 * c + head * d, padding + head * d, channels: c, depth: d,
      into: projected)
    windows.forEachToken(of: index) { token, pixel in
      if let pixel {
        (dOutput + token * d).updateRow(from: dy.base + (first + pixel) * c + head * d, count: d)
      } else {
        (dOutput + token * d).update(repeating: 0, count: d)
      }
    }
    func part(_ base: UnsafeMutablePointer<Float>, _ part: Int)
      -> PixelVectors<UnsafeMutablePointer<Float>>
    {
      PixelVectors(base: base + part * d, stride: 3 * d)
    }
    gradient(x.shape).apply(
      query: part(projected, 0).reading, key: part(projected, 1).reading,
      value: part(projected, 2).reading,
      bias: attention.bias(windows, index, positions, inner, masked),
      dy: PixelVectors(base: UnsafePointer(dOutput), stride: d), dQuery: part(gradients, 0),
      dKey: part(gradients, 1), dValue: part(gradients, 2), dBias: sums, accumulates: false,
      scratch: masked + roundedToCacheLine(tokens * inner.paddedKeys))
    let paddingSums = sums + tokens * inner.paddedKeys
    windows.forEachToken(of: index) { token, pixel in
      for part in 0..<3 {
        let source = gradients + (3 * token + part) * d
        if let pixel {
          (dx + (first + pixel) * 3 * c + part * c + head * d).updateRow(from: source, count: d)
        } else {
          attention.kernels.leaves.add_scaled(source, d, 1, paddingSums + part * d)
        }
      }
    }
  }

  /// Adds up the parts: the gradient of each pair's bias goes to the row of its relative position.
  private func gather(
    _ sums: UnsafeMutablePointer<Float>, parts: Int, count: Int, _ x: Shape,
    into table: UnsafeMutablePointer<Float>
  ) {
    let (heads, window) = (attention.heads, attention.window)
    let inner = attention.attention(x)
    let (tokens, stride, d) = (inner.queries, inner.paddedKeys, inner.depth)
    let padding = table + RelativePositions.tableRows(window: window) * heads
    table.update(repeating: 0, count: RelativePositions.tableRows(window: window) * heads + x.c)
    for part in 0..<parts {
      for head in 0..<heads {
        let place = sums + (part * heads + head) * count
        for query in 0..<tokens {
          for key in 0..<tokens {
            let row = RelativePositions.index(query: query, key: key, window: window)
            // What was summed is of the bias in the units of ⟨query, key⟩.
            table[row * heads + head] += place[query * stride + key] / inner.scale
          }
        }
        for part in 0..<3 {
          for k in 0..<d {
            padding[part * (x.c / 3) + head * d + k] += place[tokens * stride + part * d + k]
          }
        }
      }
    }
  }
}
