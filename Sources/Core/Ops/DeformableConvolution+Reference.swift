import Glibc

/// Deformable convolution as its formula says: the specification of the fast path.
func deformableConvolutionReference(
  _ g: DeformableGeometry, weights: [Float], bias: [Float], _ x: Tensor, offsets: Tensor
) -> Tensor {
  /// x between its pixels, zeros around it.
  func value(_ n: Int, _ row: Double, _ column: Double, _ k: Int) -> Double {
    let (top, left) = (Int(row.rounded(.down)), Int(column.rounded(.down)))
    var sum = 0.0
    for r in top...(top + 1) where 0..<x.shape.h ~= r {
      for q in left...(left + 1) where 0..<x.shape.w ~= q {
        sum += (1 - abs(row - Double(r))) * (1 - abs(column - Double(q))) * Double(x[n, r, q, k])
      }
    }
    return sum
  }
  var y = Tensor(x.shape.channels(g.outputs))
  for n in 0..<x.shape.n {
    for i in 0..<x.shape.h {
      for j in 0..<x.shape.w {
        var sums = bias.map { Double($0) }
        for tap in 0..<g.taps {
          for k in 0..<g.inputs {
            let place = k / (g.inputs / g.groups) * g.taps + tap
            let row = i + tap / g.kernel - g.kernel / 2
            let column = j + tap % g.kernel - g.kernel / 2
            let logit = Double(offsets[n, i, j, 2 * g.taps * g.groups + place])
            let sample =
              value(
                n, Double(row) + Double(offsets[n, i, j, 2 * place]),
                Double(column) + Double(offsets[n, i, j, 2 * place + 1]), k) / (1 + exp(-logit))
            for o in 0..<g.outputs {
              sums[o] += Double(weights[(tap * g.inputs + k) * g.outputs + o]) * sample
            }
          }
        }
        for o in 0..<g.outputs { y[n, i, j, o] = Float(sums[o]) }
      }
    }
  }
  return y
}
