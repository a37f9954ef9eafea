/// How often a prediction is right, by how sure it is: the counts behind the expected calibration error.
///
/// The confidence is the softmax probability of the predicted class. Bin i of 15 holds confidences in (i/15, (i + 1)/15]
/// (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017). Sums of confidences are kept in units of 2⁻²⁴, the
/// spacing of float32 below 1, so that they are whole numbers and add up in any order; a bin takes 2⁴⁰ pixels.
public struct CalibrationCounts: Sendable, Equatable, Counters {
  /// The number of bins.
  public static let bins = 15

  /// A confidence of 1.
  static let one = 16_777_216.0

  /// Per bin: pixels, sum of confidences, pixels that are right.
  var numbers: [UInt64]

  init(classes: Int) { numbers = [UInt64](repeating: 0, count: 3 * Self.bins) }

  /// Pixels in bin `i`.
  public func pixels(_ i: Int) -> UInt64 { numbers[3 * i] }

  /// The mean confidence in bin `i`, in [0, 1]; NaN where it is empty.
  public func confidence(_ i: Int) -> Double {
    Double(numbers[3 * i + 1]) / Self.one / Double(pixels(i))
  }

  /// The share of bin `i` that is predicted right, in [0, 1]; NaN where it is empty.
  public func accuracy(_ i: Int) -> Double { Double(numbers[3 * i + 2]) / Double(pixels(i)) }

  /// ECE: the mean of |accuracy − confidence| over the bins, weighted by their pixels; NaN without a pixel.
  public var expectedError: Double {
    let all = (0..<Self.bins).reduce(UInt64(0)) { $0 + pixels($1) }
    return filled.reduce(0) { $0 + Double(pixels($1)) * gap($1) } / Double(all)
  }

  /// MCE: the largest |accuracy − confidence| of a bin; NaN without a pixel.
  public var maximumError: Double { filled.map(gap).max() ?? .nan }

  private var filled: [Int] { (0..<Self.bins).filter { pixels($0) > 0 } }

  private func gap(_ i: Int) -> Double { abs(accuracy(i) - confidence(i)) }
}
