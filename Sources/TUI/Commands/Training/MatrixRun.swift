import Core

/// A run of a table: a row with a seed.
struct MatrixRun {
  let row: TrainingMatrix.Row
  let seed: Int
  let request: TrainingRequest
  /// The files that it follows from.
  var inputs: RunInputs

  /// The name of its folder below that of the table.
  var name: String { TrainingMatrix.folder(of: row, seed: seed) }

  /// What a line of results notes of the files: of weights and checkpoint whether they are asked for, and their digest.
  var files: [JSON.Member] {
    func digest(ofFile path: String?) -> JSON {
      path.flatMap { _ in inputs.start }.map { .string($0) } ?? .null
    }
    return [
      JSON.Member("data", .string(inputs.data)),
      JSON.Member("weights", digest(ofFile: request.weights)),
      JSON.Member("from", digest(ofFile: request.from)),
    ]
  }
}
