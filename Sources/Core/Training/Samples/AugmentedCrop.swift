/// One sample as the network is to see it: what was drawn for it, and where the crop's pixels lie on the picture.
///
/// Scaling, cutting and mirroring are one map from the crop to the picture, so only the crop's own pixels are made.
struct AugmentedCrop {
  let draw: Augmentation.Draw
  let crop: Recipe.Crop
  /// The neighbours in the picture of each column and row of the crop that is not padded.
  private let columns, rows: [LinePositions.Neighbours]
  /// The columns that are not padded; mirrored images are padded on the left.
  private let filled: Range<Int>

  init(_ draw: Augmentation.Draw, of size: Extent, crop: Recipe.Crop) {
    self.draw = draw
    self.crop = crop
    let width = min(crop.width, draw.scaled.width - draw.left)
    filled = draw.isMirrored ? (crop.width - width)..<crop.width : 0..<width
    let horizontal = LinePositions.aligned(size: size.width, resized: draw.scaled.width)
    columns = filled.map { x in
      let offset = draw.isMirrored ? crop.width - 1 - x : x
      return horizontal.neighbours(of: draw.left + offset, size: size.width)
    }
    let vertical = LinePositions.aligned(size: size.height, resized: draw.scaled.height)
    rows = (0..<min(crop.height, draw.scaled.height - draw.top)).map {
      vertical.neighbours(of: draw.top + $0, size: size.height)
    }
  }

  /// Writes the crop of `picture`, normalised, `[crop.height, crop.width, 3]`; 0 where it is padded.
  func write(
    _ picture: Picture, _ normalisation: ModelConfiguration.Normalisation,
    to output: UnsafeMutablePointer<Float>
  ) {
    let colours = ColourChange(draw, of: picture, normalisation)
    let stride = 3 * crop.width
    var line = [Float](repeating: 0, count: 3 * picture.width)
    picture.samples.withUnsafeBufferPointer { samples in
      for (y, row) in rows.enumerated() {
        let (first, second) = (3 * picture.width * row.first, 3 * picture.width * row.second)
        for i in line.indices {
          let above = Float(samples[first + i])
          line[i] = above + (Float(samples[second + i]) - above) * row.share
        }
        let target = output + y * stride
        target.update(repeating: 0, count: stride)
        let pixels = target + 3 * filled.lowerBound
        Kernels.current.leaves.resize_row(
          line, columns, columns.count, 3, nil, -.infinity, .infinity, pixels)
        colours.apply(to: pixels, count: columns.count)
      }
    }
    (output + rows.count * stride).update(
      repeating: 0, count: (crop.height - rows.count) * stride)
  }

  /// Writes the crop of `labels`, `[crop.height, crop.width, 1]`: the nearest pixel's class number, and −1 where that is
  /// `ignored`, none of `classes`, or padded.
  func write(
    _ labels: LabelMap, classes: Int, ignored: Int, to output: UnsafeMutablePointer<Float>
  ) {
    output.update(repeating: -1, count: crop.width * crop.height)
    labels.values.withUnsafeBufferPointer { values in
      for (y, row) in rows.enumerated() {
        let line = labels.width * row.nearest
        let target = output + y * crop.width + filled.lowerBound
        for (x, column) in columns.enumerated() {
          let label = Int(values[line + column.nearest])
          if label < classes && label != ignored { target[x] = Float(label) }
        }
      }
    }
  }
}

extension LinePositions.Neighbours {
  /// The nearer neighbour; halfway the second, as TensorFlow rounds.
  fileprivate var nearest: Int { share < 0.5 ? first : second }
}
