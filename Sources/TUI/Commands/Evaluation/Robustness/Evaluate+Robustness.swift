import Core

extension Evaluate {
  /// Counts the clean pictures and each corruption as runs of their own, and prints the table of them.
  func measureRobustness(to corruptions: [Corruption], _ interrupt: Interrupt) throws {
    let evaluation = try evaluation(sharedBy: SoleProcess())
    guard case .model = evaluation.subject.source else {
      throw CommandFailure(
        .usage, "predicted label maps cannot be corrupted; give the model that made them")
    }
    var table = RobustnessReport(evaluation.description, corruptions)
    let conditions = [nil] + corruptions.map(Optional.some)
    var missing = 0
    for (place, corruption) in conditions.enumerated() {
      if !report.quiet {
        StandardError.print(
          "hfgd: \(place + 1)/\(conditions.count)  \(corruption.map { "\($0)" } ?? "clean")")
      }
      let images = try evaluation.seeing(corruption).images(isQuiet: report.quiet, interrupt)
      missing = max(missing, evaluation.samples.count - images.count)
      guard !images.isEmpty else {
        throw CommandFailure(
          .dataSet, "no image of \(data) \(evaluation.dataSet.split) could be used")
      }
      table.add(
        EvaluationReport(
          evaluation.description, convention: output.convention, beta: output.beta, images: images),
        of: corruption)
    }
    try StandardOutput.print(table.printed(output, asJSON: report.json))
    if missing > 0 {
      throw CommandFailure(
        .someInputsFailed, "\(missing) of \(evaluation.samples.count.counted("image")) failed")
    }
  }
}

extension Evaluation {
  /// The same evaluation of a subject that sees its pictures corrupted: a run of its own.
  fileprivate func seeing(_ corruption: Corruption?) -> Evaluation {
    var description = description
    let subject = subject.seeing(corruption)
    description.rules = subject.rules
    return Evaluation(self, subject, description)
  }
}
