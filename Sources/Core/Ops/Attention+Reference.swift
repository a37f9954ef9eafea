import Foundation

/// Softmax in double precision: the specification of ``Softmax``.
func softmaxReference(_ row: [Double]) -> [Double] {
  let peak = row.max() ?? 0
  let exponentials = row.map { exp($0 - peak) }
  let total = exponentials.reduce(0, +)
  return exponentials.map { $0 / total }
}

/// Self-attention as its formula says: the specification of ``SelfAttention``.
func selfAttentionReference(
  _ attention: SelfAttention, _ x: Tensor, query: Tensor, key: Tensor, value: Tensor
) -> Tensor {
  var y = x
  let (pixels, c, d) = (x.shape.h * x.shape.w, x.shape.c, query.shape.c)
  for n in 0..<x.shape.n {
    for p in 0..<pixels {
      let scores = (0..<pixels).map { q in
        (0..<d).reduce(0.0) { sum, k in
          sum + Double(query.values[(n * pixels + p) * d + k])
            * Double(key.values[(n * pixels + q) * d + k])
        } * Double(attention.scale)
      }
      let weights = softmaxReference(scores)
      for k in 0..<c {
        let mixed = (0..<pixels).reduce(0.0) {
          $0 + weights[$1] * Double(value.values[(n * pixels + $1) * c + k])
        }
        y.values[(n * pixels + p) * c + k] += Float(mixed)
      }
    }
  }
  return y
}

/// Axial attention as its formula says: the specification of ``AxialAttention``.
func axialAttentionReference(_ attention: AxialAttention, _ x: Tensor) -> Tensor {
  let (depth, width) = (attention.queryWidth / attention.heads, x.shape.c / attention.heads)
  let (query, key) = (
    convolutionReference(attention.query, x), convolutionReference(attention.key, x)
  )
  let value = convolutionReference(attention.value, x)
  func attend(_ value: Tensor, line: [(y: Int, x: Int)], n: Int, head: Int, into out: inout Tensor)
  {
    let (shared, channels) = (
      (head * depth)..<((head + 1) * depth), (head * width)..<((head + 1) * width)
    )
    for a in line {
      let weights = softmaxReference(
        line.map { b in
          shared.reduce(0.0) {
            $0 + Double(query[n, a.y, a.x, $1]) * Double(key[n, b.y, b.x, $1])
          } / Double(depth).squareRoot()
        })
      for c in channels {
        out[n, a.y, a.x, c] += Float(
          zip(line, weights).reduce(0.0) { $0 + $1.1 * Double(value[n, $1.0.y, $1.0.x, c]) })
      }
    }
  }
  var columns = Tensor(x.shape)
  var y = x
  for n in 0..<x.shape.n {
    for head in 0..<attention.heads {
      for j in 0..<x.shape.w {
        attend(value, line: (0..<x.shape.h).map { ($0, j) }, n: n, head: head, into: &columns)
      }
      for i in 0..<x.shape.h {
        attend(columns, line: (0..<x.shape.w).map { (i, $0) }, n: n, head: head, into: &y)
      }
    }
  }
  return y
}
