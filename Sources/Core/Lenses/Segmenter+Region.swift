extension PixelRegion {
  /// How many pixels around a region a model sees besides, on each side, as far as there are any: two cells of its coarsest
  /// grid.
  public static let context = 64

  /// The region with what a model sees around it in a `width` × `height` picture.
  public func withContext(width: Int, height: Int) -> PixelRegion {
    let context = Self.context
    return PixelRegion(
      x: max(0, x.lowerBound - context)..<min(width, x.upperBound + context),
      y: max(0, y.lowerBound - context)..<min(height, y.upperBound + context))
  }
}

extension Picture {
  /// The pixels of a region.
  public func cropped(to region: PixelRegion) -> Picture {
    precondition(
      region.lies(inWidth: width, height: height),
      "region \(region) of a \(width)×\(height) picture")
    return Picture(
      width: region.x.count, height: region.y.count,
      samples: region.y.flatMap { y in
        samples[3 * (y * width + region.x.lowerBound)..<3 * (y * width + region.x.upperBound)]
      })
  }
}

extension LabelMap {
  /// The values of a region.
  public func cropped(to region: PixelRegion) -> LabelMap {
    precondition(
      region.lies(inWidth: width, height: height),
      "region \(region) of a \(width)×\(height) map")
    return LabelMap(
      width: region.x.count, height: region.y.count,
      values: region.y.flatMap { y in
        values[y * width + region.x.lowerBound..<y * width + region.x.upperBound]
      })
  }

  /// The map with other values in a region.
  public func replacing(_ region: PixelRegion, with part: LabelMap) -> LabelMap {
    precondition(
      part.width == region.x.count && part.height == region.y.count,
      "a part of \(part.width)×\(part.height) for region \(region)")
    var replaced = self
    for (row, y) in region.y.enumerated() {
      let start = y * width + region.x.lowerBound
      replaced.values.replaceSubrange(
        start..<(start + part.width), with: part.values[row * part.width..<(row + 1) * part.width])
    }
    return replaced
  }
}

extension Segmenter {
  /// The classes of a region's pixels, from the region and its context alone, seen `scale` times as large.
  ///
  /// Where they differ from those of the whole picture, the prediction depends on the scale or on what is farther away.
  public func labels(
    of picture: Picture, in region: PixelRegion, scale: Double, outputStride: Int? = nil,
    isCancelled: () -> Bool = { false }
  ) throws(Cancelled) -> LabelMap {
    let seen = region.withContext(width: picture.width, height: picture.height)
    var rules = model.configuration.rules
    rules.scales = [scale]
    let labels = try segment(
      picture.cropped(to: seen), rules: rules, outputStride: outputStride, isCancelled: isCancelled
    ).labels
    let (left, top) = (
      region.x.lowerBound - seen.x.lowerBound, region.y.lowerBound - seen.y.lowerBound
    )
    return labels.cropped(
      to: PixelRegion(x: left..<(left + region.x.count), y: top..<(top + region.y.count)))
  }
}
