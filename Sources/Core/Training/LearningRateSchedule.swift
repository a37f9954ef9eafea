import Foundation

/// The learning rate of each step: polynomial decay to 0, after an optional linear warm-up.
///
///     rate(t) = rate · (1 − t / steps)^power · min(1, (t + 1) / warmUp),   t = 0 … steps − 1
///
/// iSeg's `polydecay.py` has the first factor (step by step over the whole run), the usual "poly" rule of
/// DeepLab (arXiv:1606.00915); the second one is 1 without a warm-up.
public struct LearningRateSchedule: Sendable, Equatable {
  /// The learning rate at the start.
  public let rate: Double
  /// Steps in the whole run.
  public let steps: Int
  /// The exponent of the decay.
  public let power: Double
  /// Steps until the full rate; 0 or 1 for no warm-up.
  public let warmUp: Int

  /// The schedule of a run of `steps` steps.
  public init(rate: Double, steps: Int, power: Double, warmUp: Int = 0) {
    precondition(steps > 0, "a schedule needs at least one step, not \(steps)")
    self.rate = rate
    self.steps = steps
    self.power = power
    self.warmUp = warmUp
  }

  /// The learning rate of the update number `step`, counted from 0; 0 once the run is over.
  public func callAsFunction(_ step: Int) -> Double {
    let left = max(0, 1 - Double(step) / Double(steps))
    let warmth = warmUp > 0 ? min(1, Double(step + 1) / Double(warmUp)) : 1
    return rate * pow(left, power) * warmth
  }
}
