/// The logits of a model on its grids, from coarse to fine.
public struct Prediction {
  /// One set of logits and the features that the class tokens were multiplied with.
  public struct Stage {
    /// What a stage is to the others.
    public enum Role: Sendable {
      /// What the model is for.
      case student
      /// What the class tokens are trained by.
      case teacher
      /// The auxiliary head, which has tokens of its own.
      case auxiliary
    }

    /// What it is to the others.
    public let role: Role
    /// Pixels of the image per pixel of the logits.
    public let outputStride: Int
    /// What the axial attention reads to make the features, of their shape; `nil` without one.
    public let attended: Value?
    /// `[n, h/stride, w/stride, width]`; of masks the keys that queries were compared with, `[n, h/16, w/16, width]`.
    public let features: Value
    /// `[n, h/stride, w/stride, classes]`.
    public let logits: Value
  }

  /// The auxiliary head and the teacher, where there is one, then the students.
  public let stages: [Stage]
  /// How the logits are brought to the image's size.
  let resizing: Resize.Rule
  /// What the context's self-attention reads, `[n, h/stride, w/stride, inner]` of the backbone's stride; `nil` without one.
  var attended: Value?
  /// Where CAR's losses look in training, if the context has such a place.
  let regularised: Value?
  /// What a decoder of masks found, step by step, the last of which makes the prediction; empty without one.
  public var groups: [MaskGroup] = []
  /// Logits that the context starts from, where it guesses; training compares them with the labels, too.
  var guess: Value?

  /// The stage of an output stride, if the model has it.
  public subscript(outputStride: Int) -> Stage? {
    stages.first { $0.outputStride == outputStride }
  }
  /// The last stage and nothing else: what is trained when all before it is there already.
  var finestAlone: Prediction {
    Prediction(stages: stages.suffix(1), resizing: resizing, regularised: nil)
  }
}
