/// Vectors that are learned, not made of the picture: a class token, positions, queries.
struct Embedding: Sendable {
  private let name: String
  private let width: Int
  private let form: Form

  private enum Form: Sendable {
    case fixed(Deferred<[Float]>)
    case trained(ParameterLayout.Entry)
  }

  /// The tensor `name` at `weights`, stored as `shape`, rows of which have the last extent's length.
  init(_ weights: Weights, _ name: String, _ shape: [Int]) {
    self.name = weights[name].path
    width = shape[shape.count - 1]
    form =
      weights.isTraining
      ? .trained(weights.parameter(name))
      : .fixed(weights.layer { weights.tensor(name, shape, .embedding) })
  }

  /// The whole table, row by row; `nil` in training and where there are no numbers.
  var values: [Float]? {
    guard case .fixed(let table) = form, !table.value.isEmpty else { return nil }
    return table.value
  }

  /// The rows from `first` on, which stand for a `grid`, resized to `height` × `width`: `[n, height, width, c]`, the same for
  /// each of the n pictures of `other`.
  func callAsFunction(
    from first: Int = 0, grid: (height: Int, width: Int), resizedTo size: (height: Int, width: Int),
    forEachOf other: Value
  ) -> Value {
    let shape = Shape(n: other.shape.n, h: size.height, w: size.width, c: width)
    switch form {
    case .fixed(let table):
      return other.trace.constant(
        LearnedTokens(from: first, grid: grid, to: shape, table: table.value), named: name)
    case .trained(let entry):
      return entry.value(in: other.trace).applying(
        LearnedTokens(from: first, grid: grid, to: shape), named: name)
    }
  }
}
