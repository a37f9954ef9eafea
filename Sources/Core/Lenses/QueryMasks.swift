import Glibc

/// What a decoder of masks makes of one picture: where the query of each class finds it, and what it takes that to be.
///
/// A query's mask is how like its key each pixel is to it: "SegViT", arXiv:2210.05844, equation 3. The model's logits follow
/// from both, see ``MaskClassification``.
public struct QueryMasks: Sendable {
  /// `[1, h/16, w/16, K]`, before the sigmoid.
  public let masks: Tensor
  /// Size of the picture, in the masks' upper left corner.
  public let width, height: Int
  /// A row for each query, of K classes and, last, nothing.
  private let shares: [[Float]]

  /// The masks of a picture of `width` × `height` with the scores of what they show, `[1, 1, K, K + 1]`.
  public init(_ masks: Tensor, classes: Tensor, width: Int, height: Int) {
    precondition(
      masks.shape.n == 1 && classes.shape == Shape(h: 1, w: masks.shape.c, c: masks.shape.c + 1),
      "class scores \(classes.shape) are not of the queries of masks \(masks.shape)")
    self.masks = masks
    self.width = width
    self.height = height
    var values = classes.values
    let count = classes.shape.c
    values.withUnsafeMutableBufferPointer { values in
      guard let base = values.baseAddress else { return }
      Softmax.apply(to: base, rows: masks.shape.c, count: count)
    }
    shares = (0..<masks.shape.c).map { Array(values[($0 * count)..<(($0 + 1) * count)]) }
  }

  /// How likely the query of class `k` shows each class and, last, nothing: K + 1 values whose sum is 1.
  public func classes(of k: Int) -> [Float] { shares[k] }

  /// Where the query of class `k` finds it, in [0, 1], pixel by pixel of the picture.
  public func mask(of k: Int, threads: Threads) -> [Float] {
    let shape = masks.shape
    var mask = Tensor(shape.channels(1))
    for cell in mask.values.indices { mask.values[cell] = masks.values[cell * shape.c + k] }
    return mask.resized(in: frame, width: width, height: height, threads: threads).map {
      1 / (1 + exp(-$0))
    }
  }

  /// The same at one pixel of the picture.
  public func mask(of k: Int, x: Int, y: Int) -> Float {
    1 / (1 + exp(-masks.mixed(x: x, y: y, frame: frame)[k]))
  }

  /// What the masks cover, a patch of the transformer each.
  private var frame: InputFrame {
    let patch = VisionTransformer.patch
    return InputFrame(
      width: masks.shape.w * patch, height: masks.shape.h * patch, rule: .centred)
  }
}
