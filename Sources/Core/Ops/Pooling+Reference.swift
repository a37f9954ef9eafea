extension Float {
  /// The larger of two values, NaN where one is NaN (IEEE 754-2019's `maximum`).
  fileprivate static func maximumOrNaN(_ a: Float, _ b: Float) -> Float {
    a.isNaN || b.isNaN ? .nan : max(a, b)
  }
}

/// Pooling as its definition says: the specification of the fast path.
func poolingReference(_ pooling: Pooling, _ x: Tensor) -> Tensor {
  let shape = pooling.outputShape(for: [x.shape])
  var y = Tensor(shape)
  for n in 0..<shape.n {
    for i in 0..<shape.h {
      for j in 0..<shape.w {
        for c in 0..<shape.c {
          var values: [Float] = []
          for u in 0..<pooling.kernel {
            for v in 0..<pooling.kernel {
              let row = i * pooling.stride - pooling.padding + u
              let column = j * pooling.stride - pooling.padding + v
              guard 0..<x.shape.h ~= row, 0..<x.shape.w ~= column else { continue }
              values.append(x[n, row, column, c])
            }
          }
          switch pooling.kind {
          case .max: y[n, i, j, c] = values.reduce(-.infinity, Float.maximumOrNaN)
          case .average: y[n, i, j, c] = values.reduce(0, +) / Float(values.count)
          }
        }
      }
    }
  }
  return y
}
