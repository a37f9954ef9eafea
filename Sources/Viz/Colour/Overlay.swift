import Core

extension Picture {
  /// The picture with the colour of each pixel's class laid over it, mixed in linear light.
  ///
  /// - Parameters:
  ///   - labels: classes, of the picture's size; values without a colour leave the picture as it is.
  ///   - palette: one colour per class; classes without one are not drawn.
  ///   - opacity: from 0 (the picture) to 1 (the colours).
  public func overlaid(
    with labels: LabelMap, palette: [RGB?], opacity: Double
  ) -> Picture {
    precondition(
      labels.width == width && labels.height == height,
      "cannot lay labels of \(labels.width)×\(labels.height) over a picture of \(width)×\(height)")
    precondition(0...1 ~= opacity, "opacity is from 0 to 1, not \(opacity)")
    let tables = palette.map { colour -> [[UInt8]] in
      guard let colour else { return [] }
      return [colour.red, colour.green, colour.blue].map { Self.mixed($0, Float(opacity)) }
    }
    var overlay = self
    overlay.samples.withUnsafeMutableBufferPointer { samples in
      for (pixel, label) in labels.values.enumerated() where Int(label) < tables.count {
        let table = tables[Int(label)]
        guard !table.isEmpty else { continue }
        for channel in 0..<3 {
          let i = 3 * pixel + channel
          samples[i] = table[channel][Int(samples[i])]
        }
      }
    }
    return overlay
  }

  /// What becomes of each sample of one channel under `colour`.
  private static func mixed(_ colour: UInt8, _ opacity: Float) -> [UInt8] {
    let over = LinearLight.ofSample[Int(colour)] * opacity
    return (0..<256).map {
      LinearLight.sample(over + LinearLight.ofSample[$0] * (1 - opacity))
    }
  }
}

extension LabelMap {
  /// The map in the colours of `palette`; values without a colour are black.
  public func coloured(_ palette: [RGB]) -> Picture {
    var picture = Picture(width: width, height: height)
    picture.samples.withUnsafeMutableBufferPointer { samples in
      for (pixel, label) in values.enumerated() where Int(label) < palette.count {
        let colour = palette[Int(label)]
        samples[3 * pixel] = colour.red
        samples[3 * pixel + 1] = colour.green
        samples[3 * pixel + 2] = colour.blue
      }
    }
    return picture
  }

  /// How many pixels have each value below `classes`, in a part of the map whose edges count by their pixels' centres.
  public func areas(classes: Int, in part: Crop? = nil) -> [Int] {
    func pixels(_ start: Double, _ length: Double, below extent: Int) -> Range<Int> {
      let first = min(max(Int((start - 0.5).rounded(.up)), 0), extent - 1)
      return first..<max(first + 1, min(Int((start + length - 0.5).rounded(.up)), extent))
    }
    let columns = part.map { pixels($0.x, $0.width, below: width) } ?? 0..<width
    let rows = part.map { pixels($0.y, $0.height, below: height) } ?? 0..<height
    var areas = [Int](repeating: 0, count: classes)
    values.withUnsafeBufferPointer { values in
      for y in rows {
        for label in values[y * width + columns.lowerBound..<y * width + columns.upperBound]
        where Int(label) < classes {
          areas[Int(label)] += 1
        }
      }
    }
    return areas
  }
}
