/// Means over bins as the formula says: the specification of ``AdaptiveMean``.
func adaptiveMeanReference(_ mean: AdaptiveMean, _ x: Tensor) -> Tensor {
  var y = Tensor(mean.outputShape(for: [x.shape]))
  func bin(_ index: Int, of count: Int, size: Int) -> [Int] {
    let (start, end) = (
      Double(index * size) / Double(count), Double((index + 1) * size) / Double(count)
    )
    return Array(Int(start.rounded(.down))..<Int(end.rounded(.up)))
  }
  for n in 0..<y.shape.n {
    for i in 0..<mean.height {
      for j in 0..<mean.width {
        let rows = bin(i, of: mean.height, size: x.shape.h)
        let columns = bin(j, of: mean.width, size: x.shape.w)
        for c in 0..<y.shape.c {
          var sum = 0.0
          for row in rows {
            for column in columns { sum += Double(x[n, row, column, c]) }
          }
          y[n, i, j, c] = Float(sum / Double(rows.count * columns.count))
        }
      }
    }
  }
  return y
}
