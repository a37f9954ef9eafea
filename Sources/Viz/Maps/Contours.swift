import Core

extension Picture {
  /// The picture with the borders between classes drawn in the classes' colours, `thickness` pixels on each side.
  public func contoured(with labels: LabelMap, colours: [RGB?], thickness: Int = 1) -> Picture {
    precondition(
      labels.width == width && labels.height == height,
      "cannot draw contours of \(labels.width)×\(labels.height) on \(width)×\(height)")
    precondition(thickness > 0, "contours have at least one pixel, not \(thickness)")
    var contoured = self
    for y in 0..<height {
      for x in 0..<width {
        let label = labels[x, y]
        guard Int(label) < colours.count, let colour = colours[Int(label)],
          labels.hasOther(than: label, within: thickness, x: x, y: y)
        else { continue }
        contoured[x, y] = colour
      }
    }
    return contoured
  }
}

extension LabelMap {
  /// Whether another value lies within `reach` pixels to a side.
  fileprivate func hasOther(than label: UInt16, within reach: Int, x: Int, y: Int) -> Bool {
    for step in 1...reach
    where x >= step && self[x - step, y] != label || x + step < width && self[x + step, y] != label
      || y >= step && self[x, y - step] != label || y + step < height && self[x, y + step] != label
    {
      return true
    }
    return false
  }
}
