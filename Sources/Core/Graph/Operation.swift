/// One step of a network: a pure function from tensors to a tensor, with what a planner must know beforehand.
///
/// An operation can be called on tensors at once (tests, small jobs) or recorded with ``Value/applying(_:to:named:)``
/// and run later by a ``Program`` in planned memory. Shape errors trap, because only a wrong program makes them.
public protocol Operation: Sendable {
  /// What the step is, for people: "3×3 convolution, stride 2".
  var summary: String { get }

  /// The output's shape; traps where the inputs do not fit the operation.
  func outputShape(for inputs: [Shape]) -> Shape

  /// Multiply-accumulates of matrix products and convolutions; element-wise work counts as nothing.
  func multiplyAdds(for inputs: [Shape]) -> Int

  /// How many floats of scratch memory a run needs.
  func scratchCount(for inputs: [Shape], threads: Threads) -> Int

  /// The input whose memory the output may take over when nobody else needs it any more.
  var overwritableInput: Int? { get }

  /// Computes the output; `scratch` holds ``scratchCount(for:threads:)`` floats of any content, aligned to a cache
  /// line.
  ///
  /// `output` shares its memory either with no input or with ``overwritableInput``.
  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads)
}

extension Operation {
  /// No multiply-accumulates.
  public func multiplyAdds(for inputs: [Shape]) -> Int { 0 }

  /// No scratch memory.
  public func scratchCount(for inputs: [Shape], threads: Threads) -> Int { 0 }

  /// Every output has memory of its own.
  public var overwritableInput: Int? { nil }

  /// The operation's result on `inputs`, in memory of its own.
  public func callAsFunction(_ inputs: Tensor..., threads: Threads = Threads(1)) -> Tensor {
    let shapes = inputs.map(\.shape)
    let arena = Arena()
    let scratch = arena.reserve(scratchCount(for: shapes, threads: threads))
    defer { withExtendedLifetime(arena) {} }
    return withViews(of: inputs[...]) { views in
      Tensor(outputShape(for: shapes)) { base in
        run(
          views, into: MutableTensorView(shape: outputShape(for: shapes), base: base),
          scratch: scratch, threads: threads)
      }
    }
  }
}

/// Calls `body` with a view of every tensor, all valid until it returns.
private func withViews<Result>(
  of tensors: ArraySlice<Tensor>, _ views: [TensorView] = [], _ body: ([TensorView]) -> Result
) -> Result {
  guard let first = tensors.first else { return body(views) }
  return first.values.withUnsafeBufferPointer { buffer in
    guard let base = buffer.baseAddress else { preconditionFailure("empty tensor \(first.shape)") }
    return withViews(
      of: tensors.dropFirst(), views + [TensorView(shape: first.shape, base: base)], body)
  }
}
