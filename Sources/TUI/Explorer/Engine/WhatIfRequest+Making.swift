import Core

extension WhatIfRequest {
  /// What the edit predicts of the picture.
  func made(threads: Threads) -> WhatIf.Outcome {
    let groups = key.edit.groups
    let truth = truth.map(groups.merging)
    func outcome(_ labelled: Answer, _ summed: Answer) -> WhatIf.Outcome {
      WhatIf.Outcome(
        key: key, labelled: labelled, summed: summed, truth: groups.isTrivial ? nil : truth)
    }
    guard let features = answer.features, let tokens else {
      let merged = edited(groups.merging(answer.labels), truth, answer.logits, answer.certainty)
      return outcome(merged, merged)
    }
    let prediction = key.edit.prediction(
      from: features, tokens: tokens, other: other, threads: threads)
    let certainty = prediction.certainty(of: features, threads: threads)
    let labelled = edited(prediction.merged, truth, prediction.logits, certainty)
    return outcome(
      labelled,
      groups.isTrivial
        ? labelled : edited(prediction.summed, truth, prediction.logits, certainty))
  }

  /// The answer with other labels, logits and what follows from them.
  private func edited(
    _ labels: LabelMap, _ truth: LabelMap?, _ logits: Tensor?, _ certainty: Certainty?
  ) -> Answer {
    Answer(
      outputStride: answer.outputStride, labels: labels, certainty: certainty, logits: logits,
      frame: answer.frame, counts: truth.map { classes.counts(labels, $0) },
      milliseconds: answer.milliseconds, extras: answer.extras, features: answer.features,
      nearest: answer.nearest, divergence: answer.divergence)
  }
}
