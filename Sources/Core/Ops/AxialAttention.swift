/// Multi-head attention along columns and then along rows, with its input added.
///
///     t = A_column · value,   y = x + A_row · t,
///     A[a, b] = softmax_b(⟨query_a, key_b⟩ / √(c / heads))
///
/// A_column relates the pixels of one column, A_row those of one row; both are made from the same queries and keys.
/// Head k owns channels [k·c/heads, (k+1)·c/heads). Inputs: x, query, key, value, all `[n, h, w, c]`.
/// HFGD §3.1 names the layer; its form is iSeg's `multihead_axial_attention.py` (no projection after it), the residual
/// our choice.
public struct AxialAttention: Operation {
  /// How many groups of channels attend by themselves.
  public let heads: Int

  /// Axial attention with `heads` heads.
  public init(heads: Int) {
    precondition(heads > 0, "axial attention needs at least one head, not \(heads)")
    self.heads = heads
  }

  /// For example "axial attention, 4 heads".
  public var summary: String { "axial attention, \(heads) heads" }

  /// The shape of x.
  public func outputShape(for inputs: [Shape]) -> Shape {
    precondition(
      inputs.count == 4 && inputs.allSatisfy { $0 == inputs[0] },
      "axial attention takes x, query, key and value of one shape, not \(inputs)")
    precondition(
      inputs[0].c % heads == 0, "\(inputs[0].c) channels cannot be shared by \(heads) heads")
    return inputs[0]
  }

  /// Scores and weighted sums of both passes: 2 · pixels · (h + w) · c.
  public func multiplyAdds(for inputs: [Shape]) -> Int {
    2 * inputs[0].pixels * (inputs[0].h + inputs[0].w) * inputs[0].c
  }

  /// The result of the column pass, and one line's attention per thread.
  public func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    (inputs[0].count + 15) / 16 * 16 + threads.count * room(inputs[0])
  }

  /// The sum is formed in the memory of x.
  public var overwritableInput: Int? { 0 }

  /// Computes the output; see ``Operation/run(_:into:scratch:threads:)``.
  public func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (x, query, key, value) = (inputs[0], inputs[1], inputs[2], inputs[3])
    let shape = x.shape
    let work = scratch + (shape.count + 15) / 16 * 16
    let room = room(shape)
    if x.base != UnsafePointer(output.base) { output.base.update(from: x.base, count: shape.count) }

    threads.forEach(shape.n * shape.w * heads) { task, worker in
      let (column, head) = task.quotientAndRemainder(dividingBy: heads)
      let (n, j) = column.quotientAndRemainder(dividingBy: shape.w)
      attend(
        along: Line(
          start: (n * shape.h * shape.w + j) * shape.c + head * (shape.c / heads),
          stride: shape.w * shape.c, count: shape.h, depth: shape.c / heads),
        query.base, key.base, value.base, accumulates: false, into: scratch,
        scratch: work + worker * room)
    }
    threads.forEach(shape.n * shape.h * heads) { task, worker in
      let (row, head) = task.quotientAndRemainder(dividingBy: heads)
      attend(
        along: Line(
          start: row * shape.w * shape.c + head * (shape.c / heads), stride: shape.c,
          count: shape.w, depth: shape.c / heads),
        query.base, key.base, scratch, accumulates: true, into: output.base,
        scratch: work + worker * room)
    }
  }

  /// The pixels of one row or column, seen by one head: `count` vectors of `depth` values, `stride` floats apart.
  private struct Line {
    let start, stride, count, depth: Int

    var attention: Attention {
      Attention(
        queries: count, keys: count, depth: depth, width: depth,
        scale: 1 / Float(depth).squareRoot())
    }
  }

  /// Scratch memory for one line.
  private func room(_ shape: Shape) -> Int {
    let longest = max(shape.h, shape.w)
    return Line(start: 0, stride: 0, count: longest, depth: shape.c / heads).attention.scratchCount
  }

  /// y ← softmax(query · keyᵀ / √depth) · value along one line, or y plus that.
  private func attend(
    along line: Line, _ query: UnsafePointer<Float>, _ key: UnsafePointer<Float>,
    _ value: UnsafePointer<Float>, accumulates: Bool, into y: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    func vectors<Pointer>(_ base: Pointer) -> PixelVectors<Pointer> {
      PixelVectors(base: base, stride: line.stride)
    }
    line.attention.apply(
      query: vectors(query + line.start), key: vectors(key + line.start),
      value: vectors(value + line.start), into: vectors(y + line.start), accumulates: accumulates,
      scratch: scratch)
  }
}
