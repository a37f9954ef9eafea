import Core

/// The project's own generator under the name that tests use: a failing case can be repeated anywhere.
public typealias SeededRandom = SplitMix64

extension Tensor {
  /// Values in [−1, 1) that follow from the shape's `name`.
  public static func random(_ shape: Shape, _ name: String, seed: UInt64 = 1) -> Tensor {
    Tensor(shape, RandomWeights.uniform(name, seed: seed, count: shape.count))
  }
}
