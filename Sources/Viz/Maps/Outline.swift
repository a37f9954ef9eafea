import Core

extension Picture {
  /// The picture with a line of light around a region, which stays as it is, and one of dark around that.
  ///
  /// - Parameters:
  ///   - runs: the region's pixels, within the picture.
  ///   - thickness: of each line, in pixels.
  public func outlined(_ runs: [ConnectedComponents.Run], thickness: Int) -> Picture {
    precondition(thickness > 0, "an outline has at least one pixel, not \(thickness)")
    var outlined = self
    for (colour, reach) in [(RGB(0, 0, 0), 2 * thickness), (RGB(255, 255, 255), thickness)] {
      for run in runs {
        outlined.fill(
          colour, x: run.columns.lowerBound - reach, y: run.y - reach,
          width: run.columns.count + 2 * reach, height: 2 * reach + 1)
      }
    }
    for run in runs {
      let start = 3 * (run.y * width + run.columns.lowerBound)
      let inside = start..<(start + 3 * run.columns.count)
      outlined.samples.replaceSubrange(inside, with: samples[inside])
    }
    return outlined
  }

  /// The same around the part of a region that lies within the picture.
  public func outlined(_ region: PixelRegion, thickness: Int) -> Picture {
    guard let part = region.clamped(toWidth: width, height: height) else { return self }
    return outlined(
      part.y.map { ConnectedComponents.Run(y: $0, columns: part.x, component: 0) },
      thickness: thickness)
  }
}
