/// What a pane shows of an image; the raw value is its key.
enum PaneView: Int, Sendable, CaseIterable {
  case image = 1
  case overlay, prediction, truth, errors, hits, confidence, entropy, contours, difference

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
    }
  }

  /// Whether the view means nothing without labels.
  var needsTruth: Bool { self == .truth || self == .errors || self == .hits || self == .difference }
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
