import Core

extension Picture {
  /// Draws one line of text with its upper left corner at (x, y), clipped at the picture's edges.
  ///
  /// Each pixel of `PixelFont` becomes `scale` × `scale` pixels of `colour`; pixels that smoothed
  /// diagonals cover in part are mixed with the picture in linear light.
  public mutating func draw(_ text: String, x: Int, y: Int, colour: RGB, scale: Int = 1) {
    precondition(scale > 0, "text is drawn at scales from 1, not \(scale)")
    var left = x
    for character in text {
      let glyph = PixelFont.glyph(character)
      let columns = glyph.width * scale
      if left < width, left + columns > 0 {
        for (pixel, share) in glyph.coverage(scale: scale).enumerated() where share > 0 {
          let (px, py) = (left + pixel % columns, y + pixel / columns)
          guard 0..<width ~= px, 0..<height ~= py else { continue }
          self[px, py] = share < 1 ? self[px, py].mixed(with: colour, share: share) : colour
        }
      }
      left += columns + PixelFont.spacing * scale
    }
  }

  /// Draws `picture` with its upper left corner at (x, y), clipped at the edges of this one.
  public mutating func draw(_ picture: Picture, x: Int, y: Int) {
    let columns = max(0, -x)..<max(max(0, -x), min(picture.width, width - x))
    let rows = max(0, -y)..<max(max(0, -y), min(picture.height, height - y))
    guard !columns.isEmpty else { return }
    for row in rows {
      let source = 3 * (row * picture.width + columns.lowerBound)
      let target = 3 * ((y + row) * width + x + columns.lowerBound)
      let count = 3 * columns.count
      samples.replaceSubrange(
        target..<(target + count), with: picture.samples[source..<(source + count)])
    }
  }

  /// Fills a rectangle, clipped at the picture's edges.
  public mutating func fill(_ colour: RGB, x: Int, y: Int, width across: Int, height down: Int) {
    for row in max(0, y)..<max(max(0, y), min(height, y + down)) {
      for column in max(0, x)..<max(max(0, x), min(width, x + across)) {
        self[column, row] = colour
      }
    }
  }

  /// The picture with each pixel repeated `factor` times along both axes.
  public func enlarged(by factor: Int) -> Picture {
    precondition(factor > 0, "a picture is enlarged by factors from 1, not \(factor)")
    guard factor > 1 else { return self }
    var enlarged: [UInt8] = []
    enlarged.reserveCapacity(samples.count * factor * factor)
    for y in 0..<height {
      let start = enlarged.count
      for x in 0..<width {
        let i = 3 * (y * width + x)
        for _ in 0..<factor { enlarged.append(contentsOf: samples[i..<(i + 3)]) }
      }
      let row = enlarged[start...]
      for _ in 1..<factor { enlarged.append(contentsOf: row) }
    }
    return Picture(width: width * factor, height: height * factor, samples: enlarged)
  }
}

extension RGB {
  /// The colour with `share` of its light replaced by that of `other`.
  func mixed(with other: RGB, share: Float) -> RGB {
    func mixed(_ from: UInt8, _ to: UInt8) -> UInt8 {
      let light = LinearLight.ofSample
      return LinearLight.sample(light[Int(from)] * (1 - share) + light[Int(to)] * share)
    }
    return RGB(mixed(red, other.red), mixed(green, other.green), mixed(blue, other.blue))
  }
}
