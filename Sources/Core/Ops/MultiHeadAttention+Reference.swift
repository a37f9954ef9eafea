/// Attention with heads as its formula says: the specification of ``MultiHeadAttention``.
func multiHeadAttentionReference(
  heads: Int, query: Tensor, key: Tensor, value: Tensor
) -> Tensor {
  var y = Tensor(query.shape)
  let (queries, keys) = (query.shape.h * query.shape.w, key.shape.h * key.shape.w)
  let (c, depth) = (query.shape.c, query.shape.c / heads)
  for n in 0..<query.shape.n {
    for head in 0..<heads {
      let channels = (head * depth)..<((head + 1) * depth)
      for p in 0..<queries {
        let weights = softmaxReference(
          (0..<keys).map { q in
            channels.reduce(0.0) {
              $0 + Double(query.values[(n * queries + p) * c + $1])
                * Double(key.values[(n * keys + q) * c + $1])
            } / Double(depth).squareRoot()
          })
        for k in channels {
          y.values[(n * queries + p) * c + k] = Float(
            (0..<keys).reduce(0.0) {
              $0 + weights[$1] * Double(value.values[(n * keys + $1) * c + k])
            })
        }
      }
    }
  }
  return y
}
