/// A network that turns an image into features at output strides 4, 8, 16 and 32.
public protocol Backbone: Sendable {
  /// Channels of c2, c3, c4 and c5.
  var channels: PyramidChannels { get }

  /// The features of `image` `[n, h, w, 3]`, normalised, on grids of h and w over the stride, rounded up.
  func callAsFunction(_ image: Value) -> FeaturePyramid
}

extension ModelConfiguration.BackboneKind {
  /// The network of this kind, its tensors read below `weights`.
  func network(_ weights: Weights) -> any Backbone {
    switch self {
    case .resnet50Beta: ResNet50Beta(weights)
    case .resnet50: ResNet(weights, .resnet50)
    case .resnet101: ResNet(weights, .resnet101)
    case .resnet50v1c: ResNet(weights, .resnet50v1c)
    case .resnet101v1c: ResNet(weights, .resnet101v1c)
    case .resnet50v1d: ResNet(weights, .resnet50v1d)
    case .mobilenetV2: MobileNetV2(weights)
    }
  }
}

/// Features of one image on four grids, from fine to coarse.
public struct FeaturePyramid {
  /// Features at output strides 4, 8, 16 and 32.
  public let c2, c3, c4, c5: Value

  /// The features from fine to coarse.
  public init(c2: Value, c3: Value, c4: Value, c5: Value) {
    self.c2 = c2
    self.c3 = c3
    self.c4 = c4
    self.c5 = c5
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
  /// Channels at output strides 4, 8, 16 and 32.
  public let c2, c3, c4, c5: Int
}
