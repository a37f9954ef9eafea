import Core

extension Picture {
  /// Values in [0, 1], one a pixel, in the colours of `map`.
  public static func heatmap(_ values: [Float], width: Int, height: Int, _ map: ColourMap)
    -> Picture
  {
    precondition(values.count == width * height, "\(values.count) values for \(width)×\(height)")
    var picture = Picture(width: width, height: height)
    picture.samples.withUnsafeMutableBufferPointer { samples in
      for (pixel, value) in values.enumerated() {
        let colour = map(value)
        samples[3 * pixel] = colour.red
        samples[3 * pixel + 1] = colour.green
        samples[3 * pixel + 2] = colour.blue
      }
    }
    return picture
  }

  /// Draws the pixels whose value, one a pixel, lies below `threshold` in one colour.
  public mutating func mark(_ values: [Float], below threshold: Float, in colour: RGB) {
    precondition(values.count == width * height, "\(values.count) values for \(width)×\(height)")
    samples.withUnsafeMutableBufferPointer { samples in
      for (pixel, value) in values.enumerated() where value < threshold {
        samples[3 * pixel] = colour.red
        samples[3 * pixel + 1] = colour.green
        samples[3 * pixel + 2] = colour.blue
      }
    }
  }
}
