import Core

/// An image of a data set with its labels and what one or more subjects predict on it, to be drawn.
struct SeenImage {
  /// What the first subject sees.
  let picture: Picture
  let truth: LabelMap
  /// A map for each subject, of the truth's size.
  let predictions: [LabelMap]

  /// Reads `sample` and predicts it by each of `subjects`, at least one, at the size of its labels.
  init(
    _ sample: Sample, by subjects: [EvaluationSubject], isCancelled: () -> Bool
  ) throws(EvaluationSubject.Failure) {
    do throws(ImageFailure) {
      guard let labels = try sample.readLabels() else {
        throw ImageFailure.file(.missing(path: "the labels of \(sample.name)"))
      }
      truth = labels
    } catch {
      throw .unusable(error.description)
    }
    picture = try subjects[0].picture(of: sample)
    var predictions: [LabelMap] = []
    for subject in subjects {
      predictions.append(
        try subject.prediction(
          of: sample, width: truth.width, height: truth.height, isCancelled: isCancelled
        ).labels)
    }
    self.predictions = predictions
  }
}
