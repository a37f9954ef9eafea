/// What the values of one tensor are like.
public struct TensorStatistics: Sendable, Equatable {
  /// How many values there are.
  public let count: Int
  /// How many are NaN or infinite; they have no part in the other figures.
  public let nonFinite: Int
  /// How many are zero.
  public let zeros: Int
  /// The smallest and the largest value; 0 where there is none.
  public let minimum, maximum: Float
  /// Mean and standard deviation (of the population).
  public let mean, deviation: Double
  /// How many rows along the first axis, output channels of a kernel, hold nothing but values of less than a millionth of
  /// the tensor's largest; 0 for vectors.
  public let deadChannels: Int

  /// The statistics of values in row-major order of `shape`.
  public init(_ values: UnsafeBufferPointer<Float>, shape: [Int]) {
    count = values.count
    // An empty kernel may claim any number of channels.
    let channels = values.isEmpty ? 0 : shape.count > 1 ? shape[0] : 1
    let width = values.count / max(channels, 1)
    var (nonFinite, zeros) = (0, 0)
    var (minimum, maximum) = (Float.infinity, -Float.infinity)
    var (sum, squares) = (0.0, 0.0)
    var peaks: [Float] = []
    peaks.reserveCapacity(channels)
    for channel in 0..<channels {
      var peak: Float = 0
      // Sums of one channel in double precision: a tensor may have 10⁷ values.
      var (channelSum, channelSquares) = (0.0, 0.0)
      for i in channel * width..<(channel + 1) * width {
        let value = values[i]
        guard value.isFinite else {
          nonFinite += 1
          continue
        }
        if value == 0 { zeros += 1 }
        minimum = min(minimum, value)
        maximum = max(maximum, value)
        peak = max(peak, abs(value))
        channelSum += Double(value)
        channelSquares += Double(value) * Double(value)
      }
      peaks.append(peak)
      sum += channelSum
      squares += channelSquares
    }
    let finite = Double(max(values.count - nonFinite, 1))
    self.nonFinite = nonFinite
    self.zeros = zeros
    self.minimum = minimum.isFinite ? minimum : 0
    self.maximum = maximum.isFinite ? maximum : 0
    mean = sum / finite
    deviation = max(0, squares / finite - mean * mean).squareRoot()
    let threshold = 1e-6 * (peaks.max() ?? 0)
    deadChannels = shape.count > 1 && width > 0 ? peaks.count { $0 <= threshold } : 0
  }
}
