/// What a run tells while it goes on.
public enum TrainingReport: Sendable {
  /// A step is done.
  case step(StepReport)
  /// A validation has looked at some of its pictures.
  case validating(done: Int, of: Int)
  /// A validation is done.
  case validated(Validation, isBest: Bool)
  /// A checkpoint was written.
  case saved(path: String)
}

/// One step of a run.
public struct StepReport: Sendable, Equatable {
  /// Updates made, this one included.
  public let step: Int
  /// Updates of the whole run.
  public let steps: Int
  /// The loss, and its summands before their weights.
  public let loss: Float
  /// The summands: "teacher", "student os4", "car intra-c2p".
  public let terms: [Term]
  /// The learning rate of the backbone in this step.
  public let learningRate: Double
  /// The norm of each branch's gradient before clipping.
  public let gradientNorms: [Norm]
  /// What the step took, the wait for its batch included, in seconds.
  public let seconds: Double
  /// Samples of the step.
  public let samples: Int

  /// A summand of the loss.
  public struct Term: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// Its value, not yet weighted.
    public let value: Float
  }

  /// The length of a branch's gradient.
  public struct Norm: Sendable, Equatable {
    /// "teacher", "student" or "refinement".
    public let branch: String
    /// √Σ g².
    public let value: Double
  }

  /// Samples per second.
  public var samplesPerSecond: Double { Double(samples) / seconds }
}
