import Core
import Foundation

/// A run's model and data, opened again as they were when it was counted.
struct RunSource {
  let subject: EvaluationSubject
  let dataSet: DataSet

  /// Opens both and makes sure that they are the same.
  ///
  /// - Parameters:
  ///   - model: where the checkpoint or folder lies now; `nil` where it lay.
  ///   - data: the same of the data set.
  ///   - dataOptions: how its labels are read, as the evaluation had it.
  init(
    of run: RunDescription, model: String?, data: String?, _ dataOptions: DataSetOptions,
    threads: Threads
  ) throws {
    let reference = ModelReference(of: run, at: model ?? run.model)
    let conditions = Conditions(description: run.rules)
    if conditions == nil && run.outputStride > 0 {
      throw CommandFailure(.usage, "nothing is known of the protocol '\(run.rules)'")
    }
    subject = try EvaluationSubject(
      reference,
      stage: StageOptions.parse(run.outputStride > 0 ? ["--os", "\(run.outputStride)"] : []),
      { _ in conditions ?? Conditions() }, threads: threads)
    guard subject.identity == run.identity else {
      throw CommandFailure(
        .checkpoint,
        "\(reference.name) is not what was measured: \(subject.identity), not \(run.identity); --model names another"
      )
    }
    var options = dataOptions
    options.kind.dataset = options.kind.dataset ?? run.dataset
    options.kind.ignoreIndex = options.kind.ignoreIndex ?? run.ignoreIndex
    if run.split != DataSet.undivided { options.split = options.split ?? run.split }
    let path = data ?? run.data
    dataSet = try options.open(path, classes: subject.classes)
    guard dataSet.fingerprint == run.fingerprint else {
      throw CommandFailure(
        .dataSet,
        "\(path) \(dataSet.split) is not what was measured: fingerprint \(dataSet.fingerprint), not \(run.fingerprint); --data names another, and options of labels are those of the evaluation"
      )
    }
  }
}

extension ModelReference {
  /// The model of a run, whose checkpoint or folder lies at `path`.
  init(of run: RunDescription, at path: String) {
    let words = run.identity.split(separator: "/").map(String.init)
    self.init(
      name: path,
      seed: FileManager.default.fileExists(atPath: path) || words.count < 2
        ? nil : UInt64(words[1]))
    if words.last == Precision.bfloat16.rawValue { precision = .bfloat16 }
  }
}
