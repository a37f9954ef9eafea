import Core

/// The visible part of the open image, predicted by itself and shown in its place.
struct Reinference: Sendable, Equatable {
  let entry: Int
  /// What was in sight when it was asked for.
  let region: PixelRegion
  /// How many times as large the models see it.
  let scale: Int
  /// The output stride of each slot's answer that the part is put into; 0 for a folder, which has none.
  let strides: [Int]
  let alteration: Alteration
  /// What came of it, by slot.
  var results: [Int: Result] = [:]

  /// A slot's answer in whose labels the region's are new, and what that changes.
  struct Result: Sendable {
    let answer: Answer
    let change: LabelChange
  }

  /// Whether both ask for the same, whatever has come of it.
  func isSameRequest(as other: Reinference) -> Bool {
    entry == other.entry && region == other.region && scale == other.scale
      && strides == other.strides && alteration == other.alteration
  }

  static func == (a: Reinference, b: Reinference) -> Bool {
    a.isSameRequest(as: b) && a.results.keys == b.results.keys
  }
}
