/// What is wrong with the labels of a data set, told from the values that occur in them.
public struct Diagnosis: Sendable {
  /// What is wrong, files first, then labels, then classes; empty for a healthy set.
  public let findings: [Finding]
  /// What is no fault by itself but worth a look.
  public let notes: [String]

  /// The diagnosis of a data set whose labels were surveyed; `model` has the classes of the model that will be judged.
  public init(_ survey: LabelSurvey, of set: DataSet, model: ClassTable? = nil) {
    self.init(
      survey, encoding: set.encoding, classes: set.classes, images: set.samples.count, model: model)
  }

  /// The diagnosis of labels that are stored by `encoding`, of `classes` where they are known.
  init(
    _ survey: LabelSurvey, encoding: LabelEncoding, classes: ClassTable?, images: Int,
    model: ClassTable? = nil
  ) {
    let labels = LabelFacts(survey, encoding: encoding, classes: classes)
    // One cause explains all odd values: only where none is recognised are they listed one by one.
    let cause =
      labels.binary ?? labels.ids ?? labels.offByOne ?? labels.reducedTwice ?? labels.stray
    let mismatch = classes.flatMap { classes in
      model.flatMap { ClassMatch(model: $0, data: classes, encoding: encoding).finding }
    }
    findings =
      FileFacts(survey: survey, images: images).findings
      + [labels.unknownColours, cause, labels.allIgnored, mismatch].compactMap { $0 }
    notes = labels.notes
  }
}
