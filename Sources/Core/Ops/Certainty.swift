import Foundation

/// How sure a prediction is, pixel by pixel.
public struct Certainty: Sendable, Equatable {
  /// Size in pixels.
  public let width, height: Int
  /// The softmax probability of the most likely class, in (0, 1].
  public var confidence: [Float]
  /// The softmax's entropy divided by log K, in [0, 1]: 0 is certain, 1 is a guess.
  public var entropy: [Float]

  /// The certainty of each pixel of `grid` over the first image of `logits`.
  ///
  /// The same rows as ``ResizedArgmax``; the K × H × W array of probabilities never exists. With m the largest logit and
  /// s = Σ exp(z − m), the confidence is 1 / s and the entropy log s − Σ (z − m)·exp(z − m) / s.
  init(of logits: TensorView, at grid: ResizedPixels, threads: Threads) {
    let (width, height) = (grid.width, grid.height)
    let classes = logits.shape.c
    var entropy = [Float](repeating: 0, count: width * height)
    let unit = classes > 1 ? 1 / log(Float(classes)) : 1
    confidence = [Float](unsafeUninitializedCapacity: width * height) { confidence, count in
      entropy.withUnsafeMutableBufferPointer { entropy in
        guard let confidence = confidence.baseAddress, let entropy = entropy.baseAddress else {
          return
        }
        grid.forEach(of: logits, threads: threads) { pixel, a, b, share in
          let (_, sum, weighted) = Self.moments(a, b, share, count: classes)
          confidence[pixel] = 1 / sum
          // Rounding may leave the range by a unit in the last place.
          entropy[pixel] = min(max(0, (log(sum) - weighted / sum) * unit), 1)
        }
      }
      count = width * height
    }
    self.entropy = entropy
    self.width = width
    self.height = height
  }

  /// The certainty of the upper left `width` × `height` pixels of `frame`, which the first image of `logits` covers.
  public init(
    of logits: TensorView, frame: InputFrame, height: Int, width: Int, threads: Threads
  ) {
    self.init(
      of: logits,
      at: ResizedPixels(width: width, height: height, frame: frame, over: logits.shape),
      threads: threads)
  }

  /// m, Σ exp(z − m) and Σ (z − m)·exp(z − m) over z = (1 − share)·a + share·b, m the largest of them.
  @inline(__always)
  fileprivate static func moments(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ share: Float, count: Int
  ) -> (largest: Float, sum: Float, weighted: Float) {
    var largest = Lanes(repeating: -.greatestFiniteMagnitude)
    var c = 0
    while c < count {
      let value = Lanes.scores(a + c, b + c, share, left: count - c)
      largest = largest.replacing(with: value, where: value .> largest)
      c += 16
    }
    let m = largest.max()
    var sum = Lanes.zero
    var weighted = Lanes.zero
    c = 0
    while c < count {
      let shifted = Lanes.scores(a + c, b + c, share, left: count - c) - m
      // The lanes past the last class are 0 after the exponential's floor only if they are masked here.
      let e = exponential(shifted).replacing(with: 0, where: Lanes.isPast(count - c))
      sum += e
      weighted += shifted.atLeast(-87) * e
      c += 16
    }
    return (m, sum.sum(), weighted.sum())
  }
}

extension Tensor {
  /// How likely class `k` is at each of the upper left `width` × `height` pixels of `frame`, which these logits cover.
  public func probability(
    of k: Int, in frame: InputFrame, width: Int, height: Int, threads: Threads
  ) -> [Float] {
    precondition(shape.n == 1 && k < shape.c, "class \(k) of logits \(shape) of one picture")
    let grid = ResizedPixels(width: width, height: height, frame: frame, over: shape)
    return [Float](unsafeUninitializedCapacity: width * height) { output, count in
      nonisolated(unsafe) let output = output
      withView { logits in
        grid.forEach(of: logits, threads: threads) { pixel, a, b, share in
          let (largest, sum, _) = Certainty.moments(a, b, share, count: shape.c)
          output[pixel] = exp((1 - share) * a[k] + share * b[k] - largest) / sum
        }
      }
      count = width * height
    }
  }

  /// The class probabilities of pixel (x, y) of a picture whose logits these are, on their own grid.
  ///
  /// The four neighbouring logits are mixed as ``Resize`` does for a picture in `frame`, then softmaxed.
  public func probabilities(x: Int, y: Int, frame: InputFrame) -> [Float] {
    var mixed = mixed(x: x, y: y, frame: frame)
    mixed.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      Softmax.apply(to: base, rows: 1, count: buffer.count)
    }
    return mixed
  }

  /// The channels of pixel (x, y) of a picture in `frame`, which this grid covers: its four neighbours mixed as ``Resize`` does.
  func mixed(x: Int, y: Int, frame: InputFrame) -> [Float] {
    let row = frame.rows.positions(on: shape.h).neighbours(of: y, size: shape.h)
    let column = frame.columns.positions(on: shape.w).neighbours(of: x, size: shape.w)
    return (0..<shape.c).map { c in
      func line(_ x: Int) -> Float {
        let (a, b) = (self[0, row.first, x, c], self[0, row.second, x, c])
        return a + (b - a) * row.share
      }
      let (left, right) = (line(column.first), line(column.second))
      return left + (right - left) * column.share
    }
  }
}
