/// What a model with edited tokens predicts of one picture.
public struct EditedPrediction: Sendable {
  /// `[1, h, w, K]` on the network's grid.
  public let logits: Tensor
  /// The most likely class of each pixel, before any are merged.
  public let labels: LabelMap
  /// The same, merged: classes are replaced by those that stand for their groups.
  public let merged: LabelMap
  /// The most likely group of each pixel by the sum of its classes' probabilities, as the class that stands for it.
  public let summed: LabelMap

  /// How sure each pixel is, before any classes are merged; `map` is what the prediction was made from.
  public func certainty(of map: FeatureMap, threads: Threads) -> Certainty {
    logits.withView {
      Certainty(
        of: $0, frame: map.frame, height: map.height, width: map.width, threads: threads)
    }
  }
}

extension TokenEdit {
  /// The prediction of a picture from its features and the `tokens` of its model, which may be swapped with those of `other`.
  public func prediction(
    from map: FeatureMap, tokens: ClassTokens, other: ClassTokens? = nil, threads: Threads
  ) -> EditedPrediction {
    let edited = self.tokens(of: tokens, other: other)
    let logits = edited.logits(of: map.features, threads: threads)
    let grid = ResizedPixels(
      width: map.width, height: map.height, frame: map.frame, over: logits.shape)
    return logits.withView { view in
      let labels = ResizedArgmax.labels(of: view, at: grid, threads: threads)
      return EditedPrediction(
        logits: logits, labels: labels, merged: groups.merging(labels),
        summed: groups.isTrivial
          ? labels : GroupedArgmax.labels(of: view, groups, at: grid, threads: threads))
    }
  }
}

extension ClassTokens {
  /// W·x + b of each cell's features x, `[1, h, w, K]`.
  func logits(of features: Tensor, threads: Threads) -> Tensor {
    precondition(
      features.shape.c == width, "features of \(features.shape.c), tokens of \(width)")
    let columns = (0..<(width * count)).map { weights[$0 % count * width + $0 / count] }
    let projection = Convolution(
      ConvolutionGeometry(width, count), weights: columns, bias: bias, keepingWeights: false)
    return projection(features, threads: threads)
  }
}

/// The group of classes that is most likely at every pixel by the sum of their probabilities.
enum GroupedArgmax {
  /// The class that stands for the group, for each pixel of `grid` over the first image of `logits`; of equal sums the
  /// lowest wins.
  static func labels(
    of logits: TensorView, _ groups: ClassGroups, at grid: ResizedPixels, threads: Threads
  ) -> LabelMap {
    let count = logits.shape.c
    let representatives = groups.representatives
    precondition(
      representatives.count == count, "groups of \(representatives.count) classes, not \(count)")
    let room = (count + 15) / 16 * 16
    let values = [UInt16](unsafeUninitializedCapacity: grid.width * grid.height) { labels, filled in
      nonisolated(unsafe) let labels = labels
      representatives.withUnsafeBufferPointer { representatives in
        grid.forEachRow(of: logits, threads: threads) { i, row, columns in
          withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * room) { buffer in
            guard let shares = buffer.baseAddress else { return }
            let sums = shares + room
            for j in 0..<grid.width {
              let place = columns[j]
              exponentials(
                row + place.first * count, row + place.second * count, place.share, count,
                into: shares)
              sums.update(repeating: 0, count: count)
              for k in 0..<count { sums[representatives[k]] += shares[k] }
              var best = 0
              for k in 1..<max(1, count) where sums[k] > sums[best] { best = k }
              labels[i * grid.width + j] = UInt16(best)
            }
          }
        }
      }
      filled = grid.width * grid.height
    }
    return LabelMap(width: grid.width, height: grid.height, values: values)
  }

  /// exp(z − max z) of a pixel's scores z, which lie between two neighbours in a row.
  @inline(__always)
  private static func exponentials(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ share: Float, _ count: Int,
    into shares: UnsafeMutablePointer<Float>
  ) {
    var largest = Lanes(repeating: -.greatestFiniteMagnitude)
    for c in stride(from: 0, to: count, by: 16) {
      let scores = Lanes.scores(a + c, b + c, share, left: count - c)
      (shares + c).lanes = scores
      largest = largest.replacing(with: scores, where: scores .> largest)
    }
    let m = largest.max()
    for c in stride(from: 0, to: count, by: 16) {
      (shares + c).lanes = exponential((shares + c).lanes - m)
    }
  }
}
