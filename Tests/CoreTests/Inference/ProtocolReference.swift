import Foundation

@testable import Core

/// Values of every pixel and channel in double precision: `[y][x][c]`.
typealias Planes = [[[Double]]]

/// Protocols as their sources write them, step by step in double precision, around the one thing that is taken as given:
/// the network's logits for an input.
struct ProtocolReference {
  let segmenter: Segmenter
  let rules: InferenceProtocol
  let outputStride: Int

  /// The averaged logits or probabilities of `picture` at `size`.
  func scores(of picture: Picture, size: (width: Int, height: Int)) throws -> Planes {
    var sum: Planes = []
    for scale in rules.scales {
      for isMirrored in rules.isFlipped ? [false, true] : [false] {
        let scores =
          switch rules.convention {
          case .ours: try ours(picture, scale, isMirrored, size)
          case .authors: try authors(picture, scale, isMirrored, size)
          case .mmseg: try mmseg(picture, scale, isMirrored, size)
          }
        let term = rules.average == .probabilities ? softmax(scores) : scores
        sum = sum.isEmpty ? term : combine(sum, term) { $0 + $1 }
      }
    }
    let count = Double(rules.scales.count * (rules.isFlipped ? 2 : 1))
    return sum.map { $0.map { $0.map { $0 / count } } }
  }

  /// Scale, mirror, pad; one resize back where there is one window.
  private func ours(
    _ picture: Picture, _ scale: Double, _ isMirrored: Bool, _ size: (width: Int, height: Int)
  ) throws -> Planes {
    let (w, h) = (
      Int((Double(picture.width) * scale).rounded()),
      Int((Double(picture.height) * scale).rounded())
    )
    var image = resized(normalised(picture), w, h, alignsCorners: true)
    if isMirrored { image = mirrored(image) }
    let input = rules.padding == .none ? image : padded(image, extent(w), extent(h))
    let (isWhole, scores) = try windowed(input, alignsCorners: true)
    // Where the result's pixel lies on the scaled picture, then on the scores.
    return (0..<size.height).map { i in
      (0..<size.width).map { j in
        let y = aligned(i, h, size.height)
        let x = isMirrored ? Double(w - 1) - aligned(j, w, size.width) : aligned(j, w, size.width)
        return isWhole
          ? sample(
            scores, y * Double(scores.count - 1) / Double(max(1, input.count - 1)),
            x * Double(scores[0].count - 1) / Double(max(1, input[0].count - 1)))
          : sample(scores, y, x)
      }
    }
  }

  /// Pad, mirror, scale; the scores go back to the padded picture's size and are cut.
  private func authors(
    _ picture: Picture, _ scale: Double, _ isMirrored: Bool, _ size: (width: Int, height: Int)
  ) throws -> Planes {
    var side = (w: picture.width, h: picture.height)
    if case .size(let width, let height) = rules.padding {
      side = (
        side.w <= width ? width : extent(side.w), side.h <= height ? height : extent(side.h)
      )
    }
    var image = padded(normalised(picture), side.w, side.h)
    if isMirrored { image = mirrored(image) }
    func target(_ side: Int) -> Int {
      let scaled = Int(scale * Double(side))
      return scaled % 2 == 0 && side % 2 != 0 ? scaled + 1 : scaled
    }
    let input = resized(image, target(side.w), target(side.h), alignsCorners: true)
    let (isWhole, scores) = try windowed(input, alignsCorners: true)
    let atInput =
      isWhole ? resized(scores, input[0].count, input.count, alignsCorners: true) : scores
    let back = resized(atInput, side.w, side.h, alignsCorners: true)
    let upright = isMirrored ? mirrored(back) : back
    let cut = upright[0..<picture.height].map { Array($0[0..<picture.width]) }
    return resized(cut, size.width, size.height, alignsCorners: true)
  }

  /// Scale in OpenCV's way, mirror, pad; the scores go to the input's size, are cut, and go to the result's size.
  private func mmseg(
    _ picture: Picture, _ scale: Double, _ isMirrored: Bool, _ size: (width: Int, height: Int)
  ) throws -> Planes {
    let (w, h) = rescaled(Double(picture.width), Double(picture.height), scale)
    var image = normalised(scale == 1 ? picture : picture.resizedInFixedPoint(width: w, height: h))
    if isMirrored { image = mirrored(image) }
    if case .multiple(let divisor) = rules.padding {
      image = padded(
        image, Int((Double(w) / Double(divisor)).rounded(.up)) * divisor,
        Int((Double(h) / Double(divisor)).rounded(.up)) * divisor)
    }
    let (isWhole, scores) = try windowed(image, alignsCorners: false)
    let atInput =
      isWhole ? resized(scores, image[0].count, image.count, alignsCorners: false) : scores
    let cut = atInput[0..<h].map { Array($0[0..<w]) }
    let result = resized(cut, size.width, size.height, alignsCorners: false)
    return isMirrored ? mirrored(result) : result
  }

  /// mmcv: the sides rounded, then the largest picture of the old proportions that fits into them.
  private func rescaled(_ w: Double, _ h: Double, _ scale: Double) -> (Int, Int) {
    if scale == 1 { return (Int(w), Int(h)) }
    let (width, height) = (Double(Int(w * scale + 0.5)), Double(Int(h * scale + 0.5)))
    let factor = min(max(width, height) / max(w, h), min(width, height) / min(w, h))
    return (Int(w * factor + 0.5), Int(h * factor + 0.5))
  }

  /// The network's grid where one window holds all; else scores at the input's size, divided by a map of hits.
  private func windowed(_ input: Planes, alignsCorners: Bool) throws -> (
    isWhole: Bool, scores: Planes
  ) {
    let (height, width) = (input.count, input[0].count)
    guard let window = rules.window else { return (true, try logits(input)) }
    let rows = starts(height, window.height, window.verticalStride)
    let columns = starts(width, window.width, window.horizontalStride)
    if rows.count * columns.count == 1 { return (true, try logits(input)) }
    let crop = (min(window.height, height), min(window.width, width))
    let classes = segmenter.model.configuration.classes.count
    var sum = Planes(
      repeating: Array(repeating: Array(repeating: 0, count: classes), count: width), count: height)
    var hits = Array(repeating: Array(repeating: 0.0, count: width), count: height)
    for top in rows {
      for left in columns {
        let window = input[top..<(top + crop.0)].map { Array($0[left..<(left + crop.1)]) }
        let scores = resized(try logits(window), crop.1, crop.0, alignsCorners: alignsCorners)
        for y in 0..<crop.0 {
          for x in 0..<crop.1 {
            for c in 0..<classes { sum[top + y][left + x][c] += scores[y][x][c] }
            hits[top + y][left + x] += 1
          }
        }
      }
    }
    return (
      false, zip(sum, hits).map { zip($0, $1).map { pixel, n in pixel.map { $0 / n } } }
    )
  }

  /// Where windows begin: the loop of mmsegmentation's `slide_inference`.
  private func starts(_ length: Int, _ crop: Int, _ stride: Int) -> [Int] {
    (0..<(max(length - crop + stride - 1, 0) / stride + 1)).map { i in
      let end = min(i * stride + crop, length)
      return max(end - crop, 0)
    }
  }

  private func logits(_ input: Planes) throws -> Planes {
    let values = input.flatMap { $0.flatMap { $0.map(Float.init) } }
    let tensor = try segmenter.run(
      height: input.count, width: input[0].count, outputs: [.logits(outputStride: outputStride)],
      isCancelled: { false }, write: { $0.base.update(from: values, count: values.count) },
      read: { Tensor(copying: $0[0]) })
    return (0..<tensor.shape.h).map { y in
      (0..<tensor.shape.w).map { x in
        (0..<tensor.shape.c).map { Double(tensor[0, y, x, $0]) }
      }
    }
  }

  private func normalised(_ picture: Picture) -> Planes {
    let input = segmenter.model.configuration.input
    return (0..<picture.height).map { y in
      (0..<picture.width).map { x in
        (0..<3).map { c in
          let sample = picture.samples[3 * (y * picture.width + x) + c]
          return (Double(sample) - Double(input.mean[c])) / Double(input.std[c])
        }
      }
    }
  }

  private func extent(_ side: Int) -> Int {
    var extent = 1
    while extent < side { extent += 32 }
    return extent
  }

  private func padded(_ image: Planes, _ width: Int, _ height: Int) -> Planes {
    (0..<height).map { y in
      (0..<width).map { x in
        y < image.count && x < image[0].count ? image[y][x] : image[0][0].map { _ in 0 }
      }
    }
  }

  private func mirrored(_ image: Planes) -> Planes { image.map { $0.reversed() } }

  private func aligned(_ i: Int, _ size: Int, _ resized: Int) -> Double {
    resized > 1 ? Double(i) * Double(size - 1) / Double(resized - 1) : 0
  }

  private func resized(_ image: Planes, _ width: Int, _ height: Int, alignsCorners: Bool) -> Planes
  {
    func position(_ i: Int, _ size: Int, _ resized: Int) -> Double {
      alignsCorners
        ? aligned(i, size, resized)
        : max(0, (Double(i) + 0.5) * Double(size) / Double(resized) - 0.5)
    }
    return (0..<height).map { i in
      (0..<width).map { j in
        sample(image, position(i, image.count, height), position(j, image[0].count, width))
      }
    }
  }

  /// Between the four neighbours of (y, x).
  private func sample(_ image: Planes, _ y: Double, _ x: Double) -> [Double] {
    // Positions are computed in doubles here: what is meant to be whole may fall short of it by a rounding.
    let (top, left) = (min(Int(y + 1e-9), image.count - 1), min(Int(x + 1e-9), image[0].count - 1))
    let (bottom, right) = (min(top + 1, image.count - 1), min(left + 1, image[0].count - 1))
    let (beta, alpha) = (y - Double(top), x - Double(left))
    return image[top][left].indices.map { c in
      (1 - beta) * ((1 - alpha) * image[top][left][c] + alpha * image[top][right][c])
        + beta * ((1 - alpha) * image[bottom][left][c] + alpha * image[bottom][right][c])
    }
  }

  private func softmax(_ scores: Planes) -> Planes { scores.map { $0.map(softmaxReference) } }

  private func combine(_ a: Planes, _ b: Planes, _ operation: (Double, Double) -> Double) -> Planes
  {
    zip(a, b).map { zip($0, $1).map { zip($0, $1).map(operation) } }
  }
}
