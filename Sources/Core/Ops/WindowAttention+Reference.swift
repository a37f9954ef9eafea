/// Attention in windows as its formula says: the specification of ``WindowAttention``.
///
/// The grid is padded and rolled as a whole, and each pair of its tokens tested for whether they share a window and a
/// region.
func windowAttentionReference(
  _ attention: WindowAttention, _ x: Tensor, table: [Float], padding: [Float]
) -> Tensor {
  let (heads, window) = (attention.heads, attention.window)
  let (c, d) = (x.shape.c / 3, x.shape.c / 3 / attention.heads)
  let shift = attention.partition(x.shape).shift
  let height = (x.shape.h + window - 1) / window * window
  let width = (x.shape.w + window - 1) / window * window
  /// Where a place of the rolled grid comes from; `nil` in the padding.
  func origin(_ i: Int, _ j: Int) -> (row: Int, column: Int)? {
    if attention.rule == .timm {
      guard i < x.shape.h && j < x.shape.w else { return nil }
      return ((i + shift.rows) % x.shape.h, (j + shift.columns) % x.shape.w)
    }
    let (row, column) = ((i + shift.rows) % height, (j + shift.columns) % width)
    return row < x.shape.h && column < x.shape.w ? (row, column) : nil
  }
  func rolled(_ n: Int, _ i: Int, _ j: Int, _ channel: Int) -> Double {
    Double(origin(i, j).map { x[n, $0.row, $0.column, channel] } ?? padding[channel])
  }
  /// Which of the three slices of an axis a place of the rolled grid lies in.
  func slice(_ i: Int, of extent: Int, _ shift: Int) -> Int {
    i < extent - window ? 0 : i < extent - shift ? 1 : 2
  }
  var y = Tensor(x.shape.channels(c))
  for n in 0..<x.shape.n {
    for (i, j) in (0..<height).flatMap({ i in (0..<width).map { (i, $0) } }) {
      guard let (row, column) = origin(i, j) else { continue }
      let (top, left) = (i / window * window, j / window * window)
      for head in 0..<heads {
        var scores: [Double] = []
        for (u, v) in (0..<window).flatMap({ u in (0..<window).map { (top + u, left + $0) } }) {
          let product = (0..<d).reduce(0.0) {
            $0 + rolled(n, i, j, head * d + $1) * rolled(n, u, v, c + head * d + $1)
          }
          let relative = (i - u + window - 1) * (2 * window - 1) + j - v + window - 1
          let isApart =
            slice(i, of: height, shift.rows) != slice(u, of: height, shift.rows)
            || slice(j, of: width, shift.columns) != slice(v, of: width, shift.columns)
          scores.append(
            product / Double(d).squareRoot() + Double(table[relative * heads + head])
              + (isApart ? -100 : 0))
        }
        let weights = softmaxReference(scores)
        for k in 0..<d {
          y[n, row, column, head * d + k] = Float(
            weights.enumerated().reduce(0.0) { sum, weight in
              let (u, v) = weight.offset.quotientAndRemainder(dividingBy: window)
              return sum + weight.element * rolled(n, top + u, left + v, 2 * c + head * d + k)
            })
        }
      }
    }
  }
  return y
}
