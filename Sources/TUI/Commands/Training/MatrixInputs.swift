import Core

/// The files that the rows of a table follow from: contents are looked at once, however many rows name them.
struct MatrixInputs {
  /// All of a request that decides which samples its run has, and how their labels are read.
  struct Samples: Hashable {
    let data: [String]
    let kind: String?
    let split: String
    let validationSplit: String?
    let ignoreIndex: Int?
    let reducesZeroLabel: Bool?
    let from: String?

    init(of request: TrainingRequest) {
      data = request.data
      kind = request.kind
      split = request.split
      validationSplit = request.validationSplit
      ignoreIndex = request.ignoreIndex
      reducesZeroLabel = request.reducesZeroLabel
      // A checkpoint's classes are those of data that name none.
      from = request.from
    }
  }

  private var fingerprints: [Samples: String] = [:]
  private var digests: [[String]: String] = [:]

  /// The files that runs by `request` follow from; throws where the request makes no run that a table can compare.
  mutating func inputs(of request: TrainingRequest) throws -> RunInputs {
    guard !request.data.isEmpty else {
      throw CommandFailure(.usage, "data is missing; name the data set in base, or by --data")
    }
    let plan = try request.plan()
    guard plan.validation != nil else {
      let reason =
        request.validationSplit == nil
        ? "\(request.data[0]) has no part val" : "val_split is \(TrainingRequest.noSplit)"
      throw CommandFailure(
        .usage,
        "\(reason), and a table compares validations; name a part to validate on as val_split")
    }
    let samples = Samples(of: request)
    let data = fingerprints[samples] ?? plan.fingerprint
    fingerprints[samples] = data
    let start = try digests[plan.startFiles] ?? plan.startDigest()
    digests[plan.startFiles] = start
    return RunInputs(data: data, start: start)
  }
}

extension RunInputs {
  fileprivate init(data: String, start: String?) {
    self.data = data
    self.start = start
  }
}
