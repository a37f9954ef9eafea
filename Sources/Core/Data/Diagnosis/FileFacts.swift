/// What is wrong with the files themselves.
struct FileFacts {
  let survey: LabelSurvey
  /// How many images the data set has.
  let images: Int

  /// All that is wrong.
  var findings: [Finding] { [unreadable, unlabelled, colours, sizes].compactMap { $0 } }

  private var tried: Int { survey.read + survey.coloured.count + survey.unreadable.count }

  private var unreadable: Finding? {
    guard let first = survey.unreadable.first else { return nil }
    return Finding(
      problem: .unreadable,
      sentence: "\(survey.unreadable.count) of \(tried) labels or their images cannot be read",
      remedy: first.reason, examples: survey.unreadable.map(\.name))
  }

  private var unlabelled: Finding? {
    guard let first = survey.unlabelled.first else { return nil }
    return Finding(
      problem: .unlabelled,
      sentence: "\(survey.unlabelled.count) of \(images) images have no label, \(first) for one",
      remedy: "add a PNG of the same name for each, or list the labelled ones in SPLIT.txt",
      examples: survey.unlabelled)
  }

  private var colours: Finding? {
    guard !survey.coloured.isEmpty else { return nil }
    return Finding(
      problem: .colours,
      sentence: "\(survey.coloured.count) of \(tried) labels are colours (RGB), not class numbers",
      remedy:
        "put label_colors.txt into the data set's folder, a line RED GREEN BLUE NAME for each class",
      examples: survey.coloured)
  }

  private var sizes: Finding? {
    guard let first = survey.mismatches.first else { return nil }
    let isTurned = survey.mismatches.allSatisfy { $0.picture == $0.labels.reversed() }
    let sides = { (size: [Int]) in "\(size[0])×\(size[1])" }
    return Finding(
      problem: .sizes,
      sentence:
        "\(survey.mismatches.count) of \(survey.read) labels differ in size from their images: "
        + "\(first.name) has \(sides(first.labels)) labels for \(sides(first.picture)) pixels",
      remedy: isTurned
        ? "turn the labels as the images' Exif orientation says, or remove that from the images"
        : "export the labels at the images' size, without interpolation",
      examples: survey.mismatches.map(\.name))
  }
}
