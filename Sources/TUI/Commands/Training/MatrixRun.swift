import Core

/// A run of a table: a row with a seed.
struct MatrixRun {
  let row: TrainingMatrix.Row
  let seed: Int
  let request: TrainingRequest
  /// The files that it follows from; `nil` where they were not opened.
  var inputs: RunInputs?

  /// The name of its folder below that of the table.
  var name: String { TrainingMatrix.folder(of: row, seed: seed) }

  /// What people call it.
  var title: String { "\(row.name), seed \(seed)" }

  /// What a line of results notes of the files: their digests, null for weights and checkpoint where none is asked for.
  var files: [JSON.Member]? {
    guard let inputs else { return nil }
    let start = inputs.start.map { JSON.string($0) } ?? .null
    return [
      JSON.Member("data", .string(inputs.data)),
      JSON.Member("weights", request.weights == nil ? .null : start),
      JSON.Member("from", request.from == nil ? .null : start),
    ]
  }
}
