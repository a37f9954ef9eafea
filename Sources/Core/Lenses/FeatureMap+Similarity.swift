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
      in: frame, width: width, height: height, threads: threads)
  }

  /// The cosine of pixel (x, y) with `vector`, as ``similarity(to:threads:)`` has it.
  public func similarity(to vector: [Float], x: Int, y: Int) -> Float {
    let (h, w) = (features.shape.h, features.shape.w)
    let row = frame.rows.positions(on: h).neighbours(of: y, size: h)
    let column = frame.columns.positions(on: w).neighbours(of: x, size: w)
    let corners = [row.first, row.second].flatMap { y in
      [column.first, column.second].flatMap { x in
        (0..<dimensions).map { features[0, y, x, $0] }
      }
    }
    let four = FeatureMap(
      Tensor(Shape(h: 2, w: 2, c: dimensions), corners), frame: InputFrame(width: 2, height: 2),
      width: 2, height: 2, threads: Threads(1)
    ).cosines(with: vector, threads: Threads(1)).values
    let (left, right) = (
      four[0] + (four[2] - four[0]) * row.share, four[1] + (four[3] - four[1]) * row.share
    )
    return left + (right - left) * column.share
  }

  /// The class whose token each pixel points to most: the largest cosine, bias and lengths left aside.
  ///
  /// Cosines are taken on the grid and resized as logits are; of equal ones the first token wins.
  public func nearestTokens(_ tokens: ClassTokens, threads: Threads) -> LabelMap {
    let projection = Convolution(
      ConvolutionGeometry(dimensions, tokens.count), weights: tokens.directions,
      bias: [Float](repeating: 0, count: tokens.count))
    var cosines = projection(features, threads: threads)
    for cell in inverseNorms.indices {
      for k in 0..<tokens.count { cosines.values[cell * tokens.count + k] *= inverseNorms[cell] }
    }
    return cosines.withView { cosines in
      ResizedArgmax.labels(
        of: cosines,
        at: ResizedPixels(width: width, height: height, frame: frame, over: cosines.shape),
        threads: threads)
    }
  }
}

extension Tensor {
  /// The upper left `width` × `height` values of `frame`, which this one-channel grid covers.
  public func resized(
    in frame: InputFrame, width: Int, height: Int, threads: Threads
  ) -> [Float] {
    precondition(shape.n == 1 && shape.c == 1, "one channel of one picture, not \(shape)")
    let grid = ResizedPixels(width: width, height: height, frame: frame, over: shape)
    return withView { Tensor(of: $0, at: grid, threads: threads).values }
  }
}

extension ClassTokens {
  /// The tokens at length 1, as the columns of a 1×1 convolution `[D, K]`; those that are all zeros stay so.
  fileprivate var directions: [Float] {
    let scales = (0..<count).map { k in
      let square = self[k].reduce(0) { $0 + $1 * $1 }
      return square > 0 ? 1 / square.squareRoot() : 0
    }
    return (0..<(width * count)).map { i in
      let (d, k) = i.quotientAndRemainder(dividingBy: count)
      return weights[k * width + d] * scales[k]
    }
  }
}
