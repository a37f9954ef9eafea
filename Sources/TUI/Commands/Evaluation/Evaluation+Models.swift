import Core
import Foundation
import Viz

extension Evaluation {
  /// The evaluations of one or two models on one data set, under the same options; refused where their numbers or
  /// pictures do not belong side by side.
  ///
  /// - Parameters:
  ///   - models: checkpoints, presets, or folders of predictions.
  ///   - seed: that of the presets' weights; files have their own.
  static func of(
    _ models: [String], seed: UInt64?, data: String, _ dataOptions: DataSetOptions,
    _ stage: StageOptions, _ conditions: (ModelConfiguration) -> Conditions, _ threads: Threads,
    store: ResultsStore?
  ) throws -> [Evaluation] {
    let subjects = try models.map { model in
      try EvaluationSubject(
        ModelReference(
          name: model, seed: FileManager.default.fileExists(atPath: model) ? nil : seed),
        stage: stage, conditions, threads: threads)
    }
    let dataSet = try dataOptions.open(data, classes: subjects.lazy.compactMap(\.classes).first)
    let metrics = try MetricOptions.parse([])
    let evaluations = try zip(models, subjects).map { model, subject in
      guard let classes = (subject.classes ?? dataSet.classes)?.names else {
        throw CommandFailure(
          .dataSet, "\(data): nothing names the classes; add a classes.txt, a name on each line")
      }
      return Evaluation(
        subject, model: model, on: dataSet, classes: classes, metrics, shard: nil, store: store)
    }
    for other in evaluations.dropFirst() {
      try ComparisonReport.check(evaluations[0].description, other.description)
    }
    return evaluations
  }

  /// The classes with the model's colours, else the data set's, and the label that this run does not count.
  var classTable: ClassTable {
    ClassTable(
      names: description.classes,
      palette: (subject.classes ?? dataSet.classes)?.palette
        ?? ColourScheme.safe.palette(description.classes.map { _ in RGB(0, 0, 0) }),
      ignoreIndex: description.ignoreIndex)
  }
}
