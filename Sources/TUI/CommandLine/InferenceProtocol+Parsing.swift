import Core

extension InferenceProtocol {
  /// The protocol that has this `description`; `nil` for any other text.
  init?(description text: String) {
    let words = text.split(separator: " ").map(String.init)
    guard let convention = words.first.flatMap(Convention.init(rawValue:)) else { return nil }
    self = .preset(convention)
    for word in words.dropFirst() {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { return nil }
      switch parts[0] {
      case "pad": padding = Padding(argument: parts[1]) ?? padding
      case "window": window = SlidingWindow(argument: parts[1])
      case "scales": scales = ProtocolOptions.Scales(argument: parts[1])?.factors ?? scales
      case "flip": isFlipped = parts[1] == "yes"
      case "average": average = Average(rawValue: parts[1]) ?? average
      default: return nil
      }
    }
    guard description == text else { return nil }
  }
}
