/// What augmentation does to the colours of pixels, and their normalisation.
struct ColourChange {
  private let contrast, saturation, brightness: Float?
  /// The mean colour of the scaled picture; 0 where nobody asks.
  private let mean: SIMD3<Float>
  private let shift, scale: SIMD3<Float>

  /// What was drawn for `picture`.
  init(
    _ draw: Augmentation.Draw, of picture: Picture,
    _ normalisation: ModelConfiguration.Normalisation
  ) {
    contrast = draw.contrast
    saturation = draw.saturation
    brightness = draw.brightness
    mean = draw.contrast == nil ? SIMD3() : picture.mean(scaledTo: draw.scaled)
    shift = SIMD3(normalisation.mean)
    scale = SIMD3(normalisation.std)
  }

  /// Changes and normalises `count` pixels of values 0…255.
  func apply(to pixels: UnsafeMutablePointer<Float>, count: Int) {
    let (low, high) = (Augmentation.limits.lowerBound, Augmentation.limits.upperBound)
    for i in 0..<count {
      let pixel = pixels + 3 * i
      var colour = SIMD3(pixel[0], pixel[1], pixel[2])
      if let contrast {
        colour = ((colour - mean) * contrast + mean).clamped(low, high)
      }
      if let saturation { colour = Self.saturated(colour, by: saturation) }
      if let brightness { colour = (colour + brightness).clamped(low, high) }
      colour = (colour - shift) / scale
      (pixel[0], pixel[1], pixel[2]) = (colour.x, colour.y, colour.z)
    }
  }

  /// The colour of the same hue and value whose saturation is `factor` times as large, and at most 1.
  ///
  /// With value V = max and saturation S = (V − min) / V, a channel of HSV is V − S·k for a k of the hue alone, so
  /// S → S·f is c → V − f·(V − c): the round trip through hue is not needed.
  static func saturated(_ colour: SIMD3<Float>, by factor: Float) -> SIMD3<Float> {
    let value = colour.max()
    let range = value - colour.min()
    guard range > 0 else { return colour }
    return value - (value - colour) * min(factor, value / range)
  }
}

extension SIMD3<Float> {
  /// Each channel brought into `low` … `high`.
  @inline(__always)
  fileprivate func clamped(_ low: Float, _ high: Float) -> Self {
    clamped(lowerBound: Self(repeating: low), upperBound: Self(repeating: high))
  }
}

extension Picture {
  /// The mean colour of this picture scaled to `size`, without scaling it: each row and column counts as often as the
  /// scaled picture's pixels look at it.
  fileprivate func mean(scaledTo size: Extent) -> SIMD3<Float> {
    let columns = Self.attention(of: width, scaledTo: size.width)
    let rows = Self.attention(of: height, scaledTo: size.height)
    var total = SIMD3<Double>()
    samples.withUnsafeBufferPointer { samples in
      for (y, weight) in rows.enumerated() where weight > 0 {
        var sum = SIMD3<Float>()
        for x in 0..<width {
          let i = 3 * (y * width + x)
          sum += SIMD3(Float(samples[i]), Float(samples[i + 1]), Float(samples[i + 2])) * columns[x]
        }
        total += SIMD3<Double>(sum) * Double(weight)
      }
    }
    return SIMD3<Float>(total / Double(size.pixels))
  }

  /// How much each sample of a line of `size` counts in the line scaled to `scaled`; `scaled` in all.
  private static func attention(of size: Int, scaledTo scaled: Int) -> [Float] {
    var weights = [Float](repeating: 0, count: size)
    let positions = LinePositions.aligned(size: size, resized: scaled)
    for sample in positions.neighbours(count: scaled, size: size) {
      weights[sample.first] += 1 - sample.share
      weights[sample.second] += sample.share
    }
    return weights
  }
}
