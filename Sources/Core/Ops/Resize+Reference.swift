/// Resizing as the formulas of its rules say: the specification of the fast path.
func resizeReference(
  _ x: Tensor, height: Int, width: Int, rule: Resize.Rule = .aligned, adding addend: Tensor? = nil
) -> Tensor {
  var y = Tensor(x.shape.resized(h: height, w: width))
  func position(_ i: Int, _ size: Int, _ resized: Int) -> Double {
    switch rule {
    case .aligned: resized > 1 ? Double(i) * Double(size - 1) / Double(resized - 1) : 0
    case .centred:
      min(max(0, (Double(i) + 0.5) * Double(size) / Double(resized) - 0.5), Double(size - 1))
    case .nearest: Double(i * size / resized)
    }
  }
  for n in 0..<x.shape.n {
    for i in 0..<height {
      for j in 0..<width {
        let (row, column) = (position(i, x.shape.h, height), position(j, x.shape.w, width))
        let (top, left) = (Int(row), Int(column))
        let (bottom, right) = (min(top + 1, x.shape.h - 1), min(left + 1, x.shape.w - 1))
        let (beta, alpha) = (row - Double(top), column - Double(left))
        for c in 0..<x.shape.c {
          let value =
            (1 - beta)
            * ((1 - alpha) * Double(x[n, top, left, c]) + alpha * Double(x[n, top, right, c]))
            + beta
            * ((1 - alpha) * Double(x[n, bottom, left, c]) + alpha * Double(x[n, bottom, right, c]))
          y[n, i, j, c] = Float(value + Double(addend?[n, i, j, c] ?? 0))
        }
      }
    }
  }
  return y
}
