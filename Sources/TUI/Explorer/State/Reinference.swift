import Core

/// The visible part of the open image, predicted by itself and shown in its place.
struct Reinference: Sendable, Equatable {
  let entry: Int
  /// What was in sight when it was asked for.
  let region: PixelRegion
  /// How many times as large the models see it.
  let scale: Int
  let alteration: Alteration
  /// What came of it, by slot.
  var results: [Int: Result] = [:]

  /// A slot's answer in whose labels the region's are new, and what that changes.
  struct Result: Sendable {
    let answer: Answer
    let change: LabelChange
  }

  static func == (a: Reinference, b: Reinference) -> Bool {
    a.entry == b.entry && a.region == b.region && a.scale == b.scale
      && a.alteration == b.alteration && a.results.keys == b.results.keys
  }
}
