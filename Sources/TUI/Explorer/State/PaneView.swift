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

/// How two slots share the middle of the screen.
enum Comparison: String, Sendable, CaseIterable {
  /// One pane with the focused slot.
  case single
  /// Two panes with one viewport and a divider.
  case sideBySide = "side by side"
  /// One pane, A left of the divider and B right of it.
  case wipe
  /// One pane that changes between A and B.
  case blink
}
