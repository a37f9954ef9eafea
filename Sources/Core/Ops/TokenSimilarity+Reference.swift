import Foundation

/// Scaled dot products as their formula says: the specification of ``TokenSimilarity``.
func tokenSimilarityReference(scale: Float, keys: Tensor, queries: Tensor, adding r: Tensor?)
  -> Tensor
{
  let (pixels, d) = (keys.shape.h * keys.shape.w, keys.shape.c)
  let tokens = queries.shape.h * queries.shape.w
  var y = Tensor(keys.shape.channels(tokens))
  for n in 0..<keys.shape.n {
    for p in 0..<pixels {
      for k in 0..<tokens {
        let product = (0..<d).reduce(0.0) {
          $0 + Double(keys.values[(n * pixels + p) * d + $1])
            * Double(queries.values[(n * tokens + k) * d + $1])
        }
        let index = (n * pixels + p) * tokens + k
        y.values[index] = Float(Double(scale) * product + Double(r?.values[index] ?? 0))
      }
    }
  }
  return y
}

/// Class scores of masks as their formula says: the specification of ``MaskClassification``.
func maskClassificationReference(
  _ operation: MaskClassification, masks: Tensor, classes z: Tensor
) -> Tensor {
  let (h, w, queries, classes) = (masks.shape.h, masks.shape.w, masks.shape.c, z.shape.c - 1)
  let shape = Shape(n: masks.shape.n, h: operation.height, w: operation.width, c: classes)
  var y = Tensor(shape)
  /// The two neighbours of a pixel's centre on a line of `size`, and the share of the second.
  func place(_ i: Int, _ size: Int) -> (Int, Int, Double) {
    let position = max(0, (Double(i) + 0.5) / Double(operation.stride) - 0.5)
    let first = min(Int(position), size - 1)
    return (first, min(first + 1, size - 1), position - Double(first))
  }
  for n in 0..<shape.n {
    let shares = (0..<queries).map { q in
      softmaxReference(
        (0...classes).map { Double(z.values[(n * queries + q) * (classes + 1) + $0]) })
    }
    for i in 0..<shape.h {
      let (top, bottom, down) = place(i, h)
      for j in 0..<shape.w {
        let (left, right, across) = place(j, w)
        var scores = [Double](repeating: 0, count: classes)
        for q in 0..<queries {
          func mask(_ y: Int, _ x: Int) -> Double { Double(masks[n, y, x, q]) }
          let x =
            (1 - down) * ((1 - across) * mask(top, left) + across * mask(top, right))
            + down * ((1 - across) * mask(bottom, left) + across * mask(bottom, right))
          for c in 0..<classes { scores[c] += shares[q][c] / (1 + exp(-x)) }
        }
        for c in 0..<classes { y[n, i, j, c] = Float(log(scores[c])) }
      }
    }
  }
  return y
}
