@testable import Core

/// Augmentation as the documentation tells it: one step after the other, on whole images, in double precision where it
/// matters.
struct AugmentationReference {
  let draw: Augmentation.Draw
  let crop: Recipe.Crop
  let normalisation: ModelConfiguration.Normalisation

  /// The crop of `picture`, `[1, h, w, 3]`.
  func image(_ picture: Picture) -> Tensor {
    let whole = Tensor(
      Shape(h: picture.height, w: picture.width, c: 3), picture.samples.map { Float($0) })
    var image = resizeReference(whole, height: draw.scaled.height, width: draw.scaled.width)
    if let contrast = draw.contrast {
      let pixels = Double(image.shape.pixels)
      let means = (0..<3).map { c in
        stride(from: c, to: image.values.count, by: 3).reduce(0) { $0 + Double(image.values[$1]) }
          / pixels
      }
      for i in image.values.indices {
        let mean = means[i % 3]
        image.values[i] = Float(
          min(max((Double(image.values[i]) - mean) * Double(contrast) + mean, 0), 256))
      }
    }
    if let saturation = draw.saturation {
      for i in stride(from: 0, to: image.values.count, by: 3) {
        let colour = image.values[i..<(i + 3)].map { Double($0) }
        let (hue, s, value) = hsv(colour)
        let changed = rgb(hue, min(s * Double(saturation), 1), value)
        image.values.replaceSubrange(i..<(i + 3), with: changed.map { Float($0) })
      }
    }
    if let brightness = draw.brightness {
      for i in image.values.indices {
        image.values[i] = min(max(image.values[i] + brightness, 0), 256)
      }
    }
    for i in image.values.indices {
      image.values[i] =
        (image.values[i] - normalisation.mean[i % 3]) / normalisation.std[i % 3]
    }
    return cut(image, padding: 0)
  }

  /// The crop of `labels`, `[1, h, w, 1]`.
  func labels(_ labels: LabelMap, classes: Int, ignored: Int) -> Tensor {
    var scaled = Tensor(Shape(h: draw.scaled.height, w: draw.scaled.width, c: 1))
    func nearest(_ i: Int, _ size: Int, _ resized: Int) -> Int {
      // Halves are rounded up, in whole numbers: ⌊(2·i·(size − 1) + resized − 1) / (2·(resized − 1))⌋.
      resized > 1 ? (2 * i * (size - 1) + resized - 1) / (2 * (resized - 1)) : 0
    }
    for y in 0..<draw.scaled.height {
      for x in 0..<draw.scaled.width {
        let label = Int(
          labels[
            nearest(x, labels.width, draw.scaled.width),
            nearest(y, labels.height, draw.scaled.height)])
        scaled[0, y, x, 0] = label < classes && label != ignored ? Float(label) : -1
      }
    }
    return cut(scaled, padding: -1)
  }

  /// Pads, crops and mirrors.
  private func cut(_ image: Tensor, padding: Float) -> Tensor {
    let (c, shape) = (image.shape.c, image.shape)
    var padded = Tensor(
      Shape(h: max(shape.h, crop.height), w: max(shape.w, crop.width), c: c), filled: padding)
    for y in 0..<shape.h {
      for x in 0..<shape.w { for k in 0..<c { padded[0, y, x, k] = image[0, y, x, k] } }
    }
    var cut = Tensor(Shape(h: crop.height, w: crop.width, c: c))
    for y in 0..<crop.height {
      for x in 0..<crop.width {
        let from = draw.left + (draw.isMirrored ? crop.width - 1 - x : x)
        for k in 0..<c { cut[0, y, x, k] = padded[0, draw.top + y, from, k] }
      }
    }
    return cut
  }

  /// Hue in sixths of the circle, saturation, value.
  private func hsv(_ rgb: [Double]) -> (Double, Double, Double) {
    let (r, g, b) = (rgb[0], rgb[1], rgb[2])
    let (value, low) = (max(r, g, b), min(r, g, b))
    let range = value - low
    guard range > 0 else { return (0, 0, value) }
    let hue =
      value == r
      ? (g - b) / range : value == g ? 2 + (b - r) / range : 4 + (r - g) / range
    return (hue < 0 ? hue + 6 : hue, range / value, value)
  }

  private func rgb(_ hue: Double, _ saturation: Double, _ value: Double) -> [Double] {
    [5.0, 3, 1].map { n in
      let k = (n + hue).truncatingRemainder(dividingBy: 6)
      return value - value * saturation * max(0, min(k, 4 - k, 1))
    }
  }
}
