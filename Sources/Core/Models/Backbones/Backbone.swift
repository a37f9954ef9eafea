/// A network that turns an image into features at output strides 4, 8, 16 and 32; dilated ones stay at 8 or 16, plain transformers
/// have 16 throughout, or 32 from where they halve their grid.
public protocol Backbone: Sendable {
  /// Channels of c2, c3, c4 and c5.
  var channels: PyramidChannels { get }

  /// c2 … c5 of `image` `[n, h, w, 3]`, normalised: `[n, h/stride, w/stride, channels]`, rounded up.
  func callAsFunction(_ image: Value) -> FeaturePyramid
}

/// Features of one image, from fine to coarse.
public struct FeaturePyramid {
  /// Features at output strides 4, 8, 16 and 32, or what the backbone has in their place.
  public let c2, c3, c4, c5: Value

  /// The features from fine to coarse.
  public init(c2: Value, c3: Value, c4: Value, c5: Value) {
    self.c2 = c2
    self.c3 = c3
    self.c4 = c4
    self.c5 = c5
  }

  /// The four of a list, each normalised where there are norms.
  init(_ c: [Value], norms: [Norm]) {
    let c = norms.isEmpty ? c : zip(norms, c).map { $0($1) }
    self.init(c2: c[0], c3: c[1], c4: c[2], c5: c[3])
  }

  /// sg(·) of all four.
  var stoppingGradients: FeaturePyramid {
    FeaturePyramid(
      c2: c2.stoppingGradient, c3: c3.stoppingGradient, c4: c4.stoppingGradient,
      c5: c5.stoppingGradient)
  }
}

/// How many channels a backbone's features have.
public struct PyramidChannels: Sendable, Hashable {
  /// Channels of each.
  public let c2, c3, c4, c5: Int
}

extension PyramidChannels {
  /// The four of a list.
  init(_ c: [Int]) { self.init(c2: c[0], c3: c[1], c4: c[2], c5: c[3]) }
}
