/// What makes masks of features, and classes of the masks, in place of context, upsampler and class tokens.
protocol MaskDecoder: Sendable {
  /// A query for each class.
  var queries: QuerySet { get }

  /// What each step of the decoder says; the last one makes the prediction, all are trained.
  func callAsFunction(_ features: FeaturePyramid) -> [MaskGroup]
}

/// What one step of a decoder says of a picture.
public struct MaskGroup {
  /// Where each query's class is, before the sigmoid: `[n, h/16, w/16, K]`.
  public let masks: Value
  /// What each query's mask shows: scores of the classes and, last, of nothing, `[n, 1, K, classes + 1]`.
  public let classes: Value
  /// What the queries were compared with, `[n, h/16, w/16, width]`.
  public let keys: Value

  init(_ step: TapDecoder.Step, classes: Value) {
    masks = step.masks
    self.classes = classes
    keys = step.keys
  }

  /// Class scores of each of `height` × `width` pixels.
  func classified(height: Int, width: Int, named name: String) -> Value {
    masks.applying(
      MaskClassification(height: height, width: width, stride: VisionTransformer.patch),
      to: classes, named: name)
  }
}

extension Prediction {
  /// The prediction of a decoder's last step, at the size of `image`.
  init(_ groups: [MaskGroup], of image: Value) {
    let last = groups[groups.count - 1]
    let scores = last.classified(
      height: image.shape.h, width: image.shape.w, named: "decoder.prediction")
    stages = [
      Stage(role: .student, outputStride: 1, attended: nil, features: last.keys, logits: scores)
    ]
    resizing = .centred
    regularised = nil
    self.groups = groups
  }
}
