/// Layer norm as its formula says, in double precision: the specification of the fast path.
func layerNormReference(_ x: Tensor, weight: [Float], bias: [Float], epsilon: Double) -> Tensor {
  let c = x.shape.c
  var y = Tensor(x.shape)
  for pixel in 0..<x.shape.pixels {
    let values = x.values[(pixel * c)..<((pixel + 1) * c)].map(Double.init)
    let mean = values.reduce(0, +) / Double(c)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(c)
    for k in 0..<c {
      y.values[pixel * c + k] = Float(
        Double(weight[k]) * (values[k] - mean) / (variance + epsilon).squareRoot()
          + Double(bias[k]))
    }
  }
  return y
}
