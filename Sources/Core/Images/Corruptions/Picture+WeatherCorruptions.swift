import Glibc

extension Corruption {
  /// How thick fog is.
  struct Fog {
    /// What the thickest place adds, in units of white.
    let density: Float
    /// By what each finer octave of its texture is weaker.
    let decay: Float
  }

  /// What falls.
  struct Snow {
    /// The mean of the noise that flakes are cut out of; its standard deviation is 0.3.
    let mean: Float
    /// How many pixels a flake is wide.
    let zoom: Float
    /// The noise below it is no flake.
    let threshold: Float
    /// Length in pixels and standard deviation of the flakes' motion.
    let radius: Int
    let deviation: Float
    /// What is left of the picture's own colours.
    let share: Float
  }
}

extension Picture {
  /// (x + density · plasma) · white / (white + density), white being the picture's brightest sample.
  func inFog(_ fog: Corruption.Fog, _ random: inout SplitMix64) -> Picture {
    let plasma = Plasma.values(width: width, height: height, decay: fog.decay, &random)
    let white = Float(samples.max() ?? 0)
    let density = 255 * fog.density
    let scale = white / (white + density)
    return Picture(
      width: width, height: height,
      rounding: samples.enumerated().map { i, sample in
        (Float(sample) + density * plasma[i / 3]) * scale
      })
  }

  /// Flakes of enlarged noise, blurred along a slanted way down, added once as they are and once turned by 180°; behind
  /// them the picture's share and, of the rest, what is brighter of it and of its whitened grey.
  func inSnow(_ snow: Corruption.Snow, _ random: inout SplitMix64) -> Picture {
    let flakes = flakes(snow, &random)
    // Straight down, and up to 45° to either side.
    let angle = Float.pi * (0.25 + 0.5 * random.share())
    let layer = Self.moved(flakes, width: width, snow, across: cosf(angle), down: sinf(angle))
    var values = [Float](repeating: 0, count: samples.count)
    for pixel in 0..<(width * height) {
      let colour = (0..<3).map { Float(samples[3 * pixel + $0]) }
      let grey = 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]
      let whitened = 1.5 * grey + 127.5
      let fallen = 255 * (layer[pixel] + layer[layer.count - 1 - pixel])
      for channel in 0..<3 {
        let own = colour[channel]
        values[3 * pixel + channel] =
          snow.share * own + (1 - snow.share) * max(own, whitened) + fallen
      }
    }
    return Picture(width: width, height: height, rounding: values)
  }

  /// Noise on a coarser grid, resized linearly, of which what exceeds the threshold is left; in [0, 1].
  private func flakes(_ snow: Corruption.Snow, _ random: inout SplitMix64) -> [Float] {
    var noise = NormalNumbers(&random)
    let (columns, rows) = (
      Int(Float(width) / snow.zoom) + 2, Int(Float(height) / snow.zoom) + 2
    )
    let grid = (0..<(columns * rows)).map { _ in snow.mean + 0.3 * noise.next() }
    return (0..<(width * height)).map { pixel in
      let value = Plasma.interpolated(
        grid, columns: columns, x: Float(pixel % width) / snow.zoom,
        y: Float(pixel / width) / snow.zoom)
      return value < snow.threshold ? 0 : min(max(value, 0), 1)
    }
  }

  /// Each pixel the mean of those behind it along a direction, nearer ones weighing more; nothing comes from outside.
  private static func moved(
    _ values: [Float], width: Int, _ snow: Corruption.Snow, across: Float, down: Float
  ) -> [Float] {
    let height = values.count / width
    let weights = (0...(2 * snow.radius)).map { i in
      expf(-Float(i * i) / (2 * snow.deviation * snow.deviation))
    }
    let sum = weights.reduce(0, +)
    var moved = [Float](repeating: 0, count: values.count)
    for (i, weight) in weights.enumerated() {
      let (dx, dy) = (
        Int((Float(i) * across).rounded()), Int((Float(i) * down).rounded())
      )
      for y in max(0, dy)..<max(max(0, dy), height) {
        for x in max(0, dx)..<max(max(0, dx), min(width, width + dx)) {
          moved[y * width + x] += weight / sum * values[(y - dy) * width + x - dx]
        }
      }
    }
    return moved
  }
}
