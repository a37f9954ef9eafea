/// A part of the flat parameters that one rule of update holds for.
public struct ParameterSpan: Sendable, Hashable {
  /// Where the values stand.
  public var range: Range<Int>
  /// The weight decay λ.
  public var decay: Float
  /// A factor on the learning rate.
  public var rateFactor: Float
  /// A factor on the gradients: that of clipping.
  public var gradientFactor: Float

  /// The values of `range`, with factors of 1 and no decay unless they are given.
  public init(
    _ range: Range<Int>, decay: Float = 0, rateFactor: Float = 1, gradientFactor: Float = 1
  ) {
    self.range = range
    self.decay = decay
    self.rateFactor = rateFactor
    self.gradientFactor = gradientFactor
  }
}

/// A rule that turns gradients into new weights, with what it remembers of earlier ones.
///
/// Parameters, gradients and memory are flat, with the same offsets. Values outside all spans stay as they are. Every
/// value is updated by itself, so the result is the same to the last bit for any number of threads.
public protocol Optimizer: Sendable {
  /// How many parameters there are.
  var count: Int { get }

  /// What the optimiser remembers.
  var state: OptimizerState { get }

  /// Takes over what an optimiser of the same kind and size remembered.
  mutating func restore(_ state: OptimizerState) throws(OptimizerStateFailure)

  /// Moves the parameters of `spans`, which do not overlap, by one step.
  mutating func step(
    _ parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
    spans: [ParameterSpan], learningRate: Double, threads: Threads)
}

/// What an optimiser remembers, as it stands in a checkpoint.
public struct OptimizerState: Sendable, Equatable {
  /// How many steps were made.
  public var steps: Int
  /// One value per parameter, under each name.
  public var moments: [Moment]

  /// A named value per parameter.
  public struct Moment: Sendable, Equatable {
    /// The name, as PyTorch calls it.
    public let name: String
    /// At the offsets of the parameters.
    public let values: [Float]

    /// The values called `name`.
    public init(_ name: String, _ values: [Float]) {
      self.name = name
      self.values = values
    }
  }

  /// The state after `steps` steps.
  public init(steps: Int, moments: [Moment]) {
    self.steps = steps
    self.moments = moments
  }

  /// The values called `names`, of which there must be `count` each, and no others.
  func values(
    _ names: [String], count: Int
  ) throws(OptimizerStateFailure) -> [[Float]] {
    guard moments.map(\.name) == names, moments.allSatisfy({ $0.values.count == count }), steps >= 0
    else {
      throw OptimizerStateFailure(
        expected: names.map { "\($0) of \(count) values" },
        found: moments.map { "\($0.name) of \($0.values.count) values" })
    }
    return moments.map(\.values)
  }
}

/// A checkpoint's state that belongs to another optimiser or another model.
public struct OptimizerStateFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// What the optimiser remembers, and what the checkpoint has.
  public let expected, found: [String]

  /// What was expected, what was found, and the remedy.
  public var description: String {
    "the optimiser's state should be \(expected.joined(separator: ", ")), found "
      + (found.isEmpty ? "nothing" : found.joined(separator: ", "))
      + "; resume with the model and the optimiser that the run began with"
  }
}
