extension FeatureMap {
  /// The cosine of each cell's features with `vector`, in [−1, 1], `[1, h, w, 1]`.
  ///
  /// 0 where either is all zeros.
  public func cosines(with vector: [Float], threads: Threads) -> Tensor {
    precondition(
      vector.count == dimensions, "a vector of \(vector.count), features of \(dimensions)")
    let shape = features.shape
    let values = Tensor(Shape(h: 1, w: 1, c: shape.c), vector).withView { vector in
      features.withView { features in
        let square = DotProducts.dot(vector.base, vector.base, shape.c)
        let scale = square > 0 ? 1 / square.squareRoot() : 0
        return DotProducts.each(shape, threads: threads) { place in
          let product = DotProducts.dot(features.base + place, vector.base, shape.c)
          let cosine = product * scale * inverseNorms[place / shape.c]
          // Rounding may leave the range by a unit in the last place.
          return min(max(cosine, -1), 1)
        }
      }
    }
    return Tensor(Shape(h: shape.h, w: shape.w, c: 1), values)
  }

  /// The cosine of each pixel with `vector`, one a pixel: ``cosines(with:threads:)`` resized to the picture.
  public func similarity(to vector: [Float], threads: Threads) -> [Float] {
    cosines(with: vector, threads: threads).resized(
      padded: padded, width: width, height: height, threads: threads)
  }

  /// The token that each pixel points to most, of `tokens` `[K, D]`: the largest cosine, bias and lengths left aside.
  ///
  /// Cosines are taken on the grid and resized as logits are; of equal ones the first token wins.
  public func nearestTokens(_ tokens: [[Float]], threads: Threads) -> LabelMap {
    let shape = features.shape
    var cosines = Tensor(Shape(h: shape.h, w: shape.w, c: tokens.count))
    for (k, token) in tokens.enumerated() {
      let values = self.cosines(with: token, threads: threads).values
      for cell in values.indices { cosines.values[cell * tokens.count + k] = values[cell] }
    }
    return cosines.withView { cosines in
      ResizedArgmax.labels(
        of: cosines,
        at: ResizedPixels(width: width, height: height, padded: padded, over: cosines.shape),
        threads: threads)
    }
  }
}

extension Tensor {
  /// The upper left `width` × `height` values of a one-channel grid resized (aligned corners) to `padded`.
  public func resized(
    padded: (height: Int, width: Int), width: Int, height: Int, threads: Threads
  ) -> [Float] {
    precondition(shape.n == 1 && shape.c == 1, "one channel of one picture, not \(shape)")
    let grid = ResizedPixels(width: width, height: height, padded: padded, over: shape)
    return withView { Tensor(of: $0, at: grid, threads: threads).values }
  }
}
