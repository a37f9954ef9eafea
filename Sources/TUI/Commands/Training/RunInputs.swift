import Core

/// What tells the files apart that a run follows from, wherever they lie.
struct RunInputs {
  /// ``TrainingPlan/fingerprint``.
  let data: String
  /// The SHA-256 of the starting weights; `nil` for random ones.
  let start: String?

  /// Those of a run by `plan`, whose weights are read.
  init(_ plan: TrainingPlan) throws(TrainingFailure) {
    data = plan.fingerprint
    start = try plan.startDigest()
  }

  /// Those that the record of a run notes; `nil` where it does not note all of them.
  init?(_ record: JSON) {
    guard let data = record["fingerprint"]?.string, let start = record["start"] else { return nil }
    self.data = data
    self.start = start.string
  }

  /// What a record notes of them.
  var members: [JSON.Member] {
    [
      JSON.Member("fingerprint", .string(data)),
      JSON.Member("start", start.map { .string($0) } ?? .null),
    ]
  }
}
