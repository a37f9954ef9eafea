import Core

extension Picture {
  /// The picture at another size: each pixel is the mean light of the area that it covers.
  public func areaScaled(width scaledWidth: Int, height scaledHeight: Int) -> Picture {
    precondition(
      scaledWidth > 0 && scaledHeight > 0, "cannot scale to \(scaledWidth)×\(scaledHeight)")
    return LightScaler(
      self,
      across: .covering(0, Double(width), of: width, scaled: scaledWidth),
      down: .covering(0, Double(height), of: height, scaled: scaledHeight)
    ).picture(width: scaledWidth, height: scaledHeight)
  }

  /// A part of the picture at another size, in linear light.
  ///
  /// Along an axis that gets shorter a pixel is the mean of the area that it covers, along one that gets longer a
  /// smooth curve through the pixels, so that a magnified photograph has no steps.
  public func scaled(_ crop: Crop, width scaledWidth: Int, height scaledHeight: Int) -> Picture {
    precondition(
      scaledWidth > 0 && scaledHeight > 0, "cannot scale to \(scaledWidth)×\(scaledHeight)")
    return LightScaler(self, crop: crop, width: scaledWidth, height: scaledHeight)
      .picture(width: scaledWidth, height: scaledHeight)
  }
}

extension LightScaler {
  /// All rows as samples for the eye.
  fileprivate func picture(width: Int, height: Int) -> Picture {
    let bandRows = 8
    var picture = Picture(width: width, height: height)
    picture.samples.withUnsafeMutableBufferPointer { samples in
      withUnsafeTemporaryAllocation(of: SIMD4<Float>.self, capacity: bandRows * width) { band in
        guard let band = band.baseAddress else { return }
        for first in stride(from: 0, to: height, by: bandRows) {
          let rows = first..<min(first + bandRows, height)
          write(rows: rows, to: band)
          for i in 0..<(rows.count * width) {
            let colour = LinearLight.colour(band[i])
            let sample = 3 * (first * width + i)
            samples[sample] = colour.red
            samples[sample + 1] = colour.green
            samples[sample + 2] = colour.blue
          }
        }
      }
    }
    return picture
  }
}
