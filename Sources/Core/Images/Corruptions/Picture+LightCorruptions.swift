import Glibc

extension Picture {
  /// The picture of samples in 0…255, rounded half up and cut off outside.
  init(width: Int, height: Int, rounding values: [Float]) {
    self.init(
      width: width, height: height,
      samples: values.map { UInt8(min(max($0, 0), 255) + 0.5) })
  }

  /// Gaussian noise of a standard deviation, a share of white, on every sample by itself.
  func noisy(deviation: Float, _ random: inout SplitMix64) -> Picture {
    var noise = NormalNumbers(&random)
    let scale = 255 * deviation
    return Picture(
      width: width, height: height, rounding: samples.map { Float($0) + scale * noise.next() })
  }

  /// Brighter by `share` of white: HSV's value grows, hue and saturation stay.
  ///
  /// With saturation S = (V − min) / V a channel is V·(1 − S·k) for a k of the hue alone, so that all channels grow by
  /// one factor; black, which has no hue, becomes grey.
  func brightened(by share: Float) -> Picture {
    var values = samples.map { Float($0) }
    for i in stride(from: 0, to: values.count, by: 3) {
      let value = max(values[i], values[i + 1], values[i + 2])
      let brighter = min(value + 255 * share, 255)
      for channel in i..<(i + 3) {
        values[channel] = value > 0 ? values[channel] * brighter / value : brighter
      }
    }
    return Picture(width: width, height: height, rounding: values)
  }

  /// Each channel brought nearer to its mean over the picture; `share` of the distance is left.
  func withContrast(_ share: Float) -> Picture {
    var sums = [0, 0, 0]
    for (i, sample) in samples.enumerated() { sums[i % 3] += Int(sample) }
    let means = sums.map { Float(Double($0) / Double(width * height)) }
    let tables = means.map { mean in
      (0..<256).map { UInt8(min(max((Float($0) - mean) * share + mean, 0), 255) + 0.5) }
    }
    return Picture(
      width: width, height: height,
      samples: samples.enumerated().map { tables[$0 % 3][Int($1)] })
  }
}

/// Numbers of the standard normal distribution, by the transform of Box and Muller.
struct NormalNumbers {
  private var random: SplitMix64
  private var spare: Float?

  /// Takes the numbers out of `random`, which goes on elsewhere.
  init(_ random: inout SplitMix64) { self.random = SplitMix64(seed: random.next()) }

  /// The next one.
  mutating func next() -> Float {
    if let spare {
      self.spare = nil
      return spare
    }
    // In (0, 1], so that there is a logarithm.
    let u = Float((random.next() >> 40) + 1) / 16_777_216
    let angle = 2 * Float.pi * random.share()
    let radius = (-2 * logf(u)).squareRoot()
    spare = radius * sinf(angle)
    return radius * cosf(angle)
  }
}

extension SplitMix64 {
  /// A number in [0, 1).
  mutating func share() -> Float { Float(next() >> 40) / 16_777_216 }
}
