/// One colour, 8 bits per channel, sRGB.
public struct RGB: Sendable, Hashable {
  /// Red, green and blue, `0…255`.
  public var red, green, blue: UInt8

  /// A colour from its three channels, each `0…255`.
  public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }
}

/// An RGB picture: 8 bits per channel, rows from the top, channels interleaved.
public struct Picture: Sendable, Equatable {
  /// Size in pixels.
  public let width, height: Int
  /// `3 · width · height` samples, `0…255`; pixel (x, y) starts at `3 · (y · width + x)`.
  public var samples: [UInt8]

  /// A picture from its samples, of which there must be `3 · width · height`.
  public init(width: Int, height: Int, samples: [UInt8]) {
    precondition(
      samples.count == 3 * width * height,
      "a \(width)×\(height) picture has \(3 * width * height) samples, not \(samples.count)")
    self.width = width
    self.height = height
    self.samples = samples
  }

  /// A picture of a single colour.
  public init(width: Int, height: Int, filled colour: RGB = RGB(0, 0, 0)) {
    self.width = width
    self.height = height
    samples = [UInt8](repeating: 0, count: 3 * width * height)
    for pixel in 0..<(width * height) {
      samples[3 * pixel] = colour.red
      samples[3 * pixel + 1] = colour.green
      samples[3 * pixel + 2] = colour.blue
    }
  }

  /// The pixel in column `x` of row `y`.
  public subscript(x: Int, y: Int) -> RGB {
    get {
      let i = 3 * (y * width + x)
      return RGB(samples[i], samples[i + 1], samples[i + 2])
    }
    set {
      let i = 3 * (y * width + x)
      samples[i] = newValue.red
      samples[i + 1] = newValue.green
      samples[i + 2] = newValue.blue
    }
  }
}
