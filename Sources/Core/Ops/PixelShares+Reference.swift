import Glibc

/// The plain loops that ``TokenSums`` of a map by ``PixelShares`` must agree with.
func regionCentresReference(_ x: Tensor, _ z: Tensor) -> Tensor {
  let (pixels, classes) = (x.shape.h * x.shape.w, z.shape.c)
  var y = Tensor(Shape(n: x.shape.n, h: classes, w: 1, c: x.shape.c))
  for n in 0..<x.shape.n {
    for k in 0..<classes {
      let scores = (0..<pixels).map { Double(z.values[(n * pixels + $0) * classes + k]) }
      let largest = scores.max() ?? 0
      let weights = scores.map { exp($0 - largest) }
      let total = weights.reduce(0, +)
      for c in 0..<x.shape.c {
        var sum = 0.0
        for p in 0..<pixels {
          sum += weights[p] / total * Double(x.values[(n * pixels + p) * x.shape.c + c])
        }
        y[n, k, 0, c] = Float(sum)
      }
    }
  }
  return y
}
