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
    var picture = Picture(width: width, height: height)
    picture.samples.withUnsafeMutableBufferPointer { samples in
      forEachBand(of: 8) { rows, light in
        for i in 0..<(rows.count * width) {
          let colour = LinearLight.colour(light[i])
          let sample = 3 * (rows.lowerBound * width + i)
          samples[sample] = colour.red
          samples[sample + 1] = colour.green
          samples[sample + 2] = colour.blue
        }
      }
    }
    return picture
  }
}
