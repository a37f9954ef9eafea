import Core

extension Picture {
  /// The first three components of features, three values in [0, 1] a pixel, as red, green and blue; NaN is 0.
  public static func components(_ values: [Float], width: Int, height: Int) -> Picture {
    precondition(
      values.count == 3 * width * height, "\(values.count) values for \(width)×\(height)")
    return Picture(
      width: width, height: height,
      samples: values.map { UInt8(($0 > 0 ? min($0, 1) : 0) * 255 + 0.5) })
  }

  /// The picture in the dark, with the colour of each value in [0, 1] over it, the stronger the larger it is.
  ///
  /// Where the value is NaN the picture stays as dark as it is; elsewhere a little of the darkest colour shows where
  /// there is something to read.
  public func lit(by values: [Float], _ map: ColourMap) -> Picture {
    precondition(values.count == width * height, "\(values.count) values for \(width)×\(height)")
    var lit = self
    lit.samples.withUnsafeMutableBufferPointer { samples in
      for (pixel, value) in values.enumerated() {
        let i = 3 * pixel
        let grey = (Int(samples[i]) + Int(samples[i + 1]) + Int(samples[i + 2])) / 6
        let share = value.isNaN ? 0 : 0.35 + 0.65 * min(max(value, 0), 1)
        let colour = map(value)
        func mixed(_ sample: UInt8) -> UInt8 {
          UInt8(Float(grey) * (1 - share) + Float(sample) * share + 0.5)
        }
        samples[i] = mixed(colour.red)
        samples[i + 1] = mixed(colour.green)
        samples[i + 2] = mixed(colour.blue)
      }
    }
    return lit
  }

  /// Draws a cross of `arm` pixels to each side about a pixel, white in black.
  public mutating func draw(crossAt x: Int, y: Int, arm: Int) {
    let thickness = max(1, arm / 6)
    for (colour, extra) in [(RGB(0, 0, 0), thickness), (RGB(255, 255, 255), 0)] {
      fill(
        colour, x: x - arm - extra, y: y - thickness / 2 - extra,
        width: 2 * (arm + extra) + 1, height: thickness + 2 * extra)
      fill(
        colour, x: x - thickness / 2 - extra, y: y - arm - extra,
        width: thickness + 2 * extra, height: 2 * (arm + extra) + 1)
    }
  }
}
