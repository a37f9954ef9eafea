/// What a pane shows of an image.
enum PaneView: Sendable, CaseIterable {
  case image, overlay, prediction, truth, errors, hits, confidence, entropy, contours, difference
  /// How like its features are to those of a probe: a pixel, a region, a class token.
  case similarity
  /// The class whose token points most in the features' direction.
  case nearest
  /// What the teacher alone predicts.
  case teacher
  /// Where teacher and student disagree, in the student's colours.
  case disagreement
  /// How far the student's probabilities are from its teacher's.
  case divergence
  /// What the upsampler fixes of the teacher's prediction, and what it breaks.
  case split
  /// The first three principal components of its features as red, green and blue.
  case features
  /// Where an attention layer looks from the cursor.
  case attention
  /// Where the query of the chosen class finds it, of a model that makes masks.
  case mask
  /// How likely the chosen class is.
  case probability

  /// The name in titles, commands and the help.
  var name: String {
    switch self {
    case .image: "image"
    case .overlay: "overlay"
    case .prediction: "prediction"
    case .truth: "truth"
    case .errors: "errors"
    case .hits: "hits of a class"
    case .confidence: "confidence"
    case .entropy: "entropy"
    case .contours: "contours"
    case .difference: "difference"
    case .similarity: "similarity"
    case .nearest: "nearest token"
    case .teacher: "teacher"
    case .disagreement: "disagreement with the teacher"
    case .divergence: "divergence from the teacher"
    case .split: "split of the teacher's errors"
    case .features: "features"
    case .attention: "attention"
    case .mask: "mask of a class"
    case .probability: "probability of a class"
    }
  }

  /// The key that shows it; lenses have one for several views.
  var key: Character? {
    switch self {
    case .image: "1"
    case .overlay: "2"
    case .prediction: "3"
    case .truth: "4"
    case .errors: "5"
    case .hits: "6"
    case .confidence: "7"
    case .entropy: "8"
    case .contours: "9"
    case .difference: "0"
    default: nil
    }
  }

  /// Whether the view means nothing without labels.
  var needsTruth: Bool {
    switch self {
    case .truth, .errors, .hits, .difference, .split: true
    default: false
    }
  }

  /// Whether the view means nothing without a teacher and a student.
  var needsTeacher: Bool { Self.guidance.contains(self) }

  /// Whether the view is of the class that is chosen in the panel.
  var isOfOneClass: Bool { [.hits, .mask, .probability].contains(self) }

  /// What its answers must have besides.
  var extras: Answer.Extras {
    switch self {
    case .similarity, .nearest: .features
    case .divergence: .divergence
    case .features: .components
    case .attention: .attention
    case .mask: .masks
    default: []
    }
  }

  /// The views that compare teacher and student, in the order of their key.
  static let guidance: [PaneView] = [.disagreement, .divergence, .split, .teacher]
}

/// How two panes share the middle of the screen: two slots, or two views of the only one.
enum Comparison: String, Sendable, CaseIterable {
  /// The focused pane alone.
  case single
  /// Two panes with one viewport and a divider.
  case sideBySide = "side by side"
  /// One over the other, the first left of the divider and the second right of it.
  case wipe
  /// One after the other in the same place.
  case blink
}
