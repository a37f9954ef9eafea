import Core

/// What is not as usual while one tries a model out: the pictures that it sees, the parts that it runs without.
struct Alteration: Sendable, Equatable {
  var corruption: Corruption?
  /// What each model has of these parts is left out.
  var ablation: Ablation = []

  /// Whether all is as usual.
  var isNone: Bool { self == Alteration() }

  /// What is altered, in words for the header: "fog 3", "without axial,p2 · not retrained".
  var words: [String] {
    (corruption.map { ["\($0.kind.rawValue) \($0.severity)"] } ?? [])
      + (ablation.isEmpty ? [] : ["without \(ablation) · not retrained"])
  }
}
