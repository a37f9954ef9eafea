/// What the values in label files say about how they were made.
struct LabelFacts {
  private let survey: LabelSurvey
  private let encoding: LabelEncoding
  private let classes: ClassTable?
  /// The values as they are stored, and after encoding.
  private let stored, encoded: Set<UInt16>
  /// Encoded values that are neither a class nor ignored, in order.
  private let strays: [UInt16]

  init(_ survey: LabelSurvey, encoding: LabelEncoding, classes: ClassTable?) {
    self.survey = survey
    self.encoding = encoding
    self.classes = classes
    stored = Set(survey.values.keys)
    encoded = Set(stored.map { encoding($0) })
    let count = classes?.names.count ?? .max
    strays = encoded.subtracting([LabelColours.unknown])
      .filter { Int($0) >= count && Int($0) != encoding.ignoreIndex }.sorted()
  }

  /// Masks of a single class, as painting programs write them.
  var binary: Finding? {
    guard stored == [0, 255], encoding.mapping == nil else { return nil }
    return Finding(
      problem: .binary,
      sentence: "labels are 0 and 255 only: masks whose 255 means a class, but "
        + (encoding.ignoreIndex == 255 ? "255 is ignored" : "no class has that number"),
      remedy: "make it class 1 with --label-map 255:1", flags: "--label-map 255:1")
  }

  /// Ids of the set's authors, which have gaps, where class numbers are expected.
  var ids: Finding? {
    guard let count = classes?.names.count, encoding.mapping == nil, !strays.isEmpty,
      let top = stored.subtracting([255, LabelColours.unknown]).max().map(Int.init)
    else { return nil }
    func finding(_ what: String, _ flags: String) -> Finding {
      Finding(
        problem: .ids, sentence: "labels are \(what), not class numbers from 0 to \(count - 1)",
        remedy: "translate them with \(flags)", flags: flags)
    }
    switch (count, top) {
    case (19, 20...33) where !encoding.reduceZeroLabel:
      return finding("Cityscapes' ids (0 to 33), not train ids", "--label-map cityscapes-ids")
    case (171, 172...181) where !encoding.reduceZeroLabel:
      return finding("COCO's ids (0 to 181, with gaps)", "--label-map coco-stuff-ids")
    case (171, 182):
      return finding(
        "COCO's ids counted from 1 (to 182, with gaps)",
        "--reduce-zero-label --label-map coco-stuff-ids")
    default: return nil
    }
  }

  /// Classes from 1 on, or one value more than there are classes.
  var offByOne: Finding? {
    guard let classes, encoding.isPlain, strays.map(Int.init) == [classes.names.count] else {
      return nil
    }
    let count = classes.names.count
    let reduce = "--reduce-zero-label"
    if !encoded.contains(0) {
      return Finding(
        problem: .offByOne, sentence: "labels run from 1 to \(count): every class is one too high",
        remedy: "count from 0 with \(reduce)", flags: reduce)
    }
    let sentence = "labels run from 0 to \(count), one more than the \(count) classes"
    if encoded.contains(255) {
      return Finding(
        problem: .offByOne, sentence: "\(sentence), though 255 is there for void: 0 is no class",
        remedy: "leave it out with \(reduce)", flags: reduce)
    }
    return Finding(
      problem: .offByOne,
      sentence: "\(sentence): one of them is no class (0 covers \(share([0])), "
        + "\(count) covers \(share([UInt16(count)])))",
      remedy: "give \(reduce) if that is 0, or --ignore-index \(count) if it is \(count)")
  }

  /// Labels that are class numbers already, in a set whose labels usually begin at 1.
  var reducedTwice: Finding? {
    guard let count = classes?.names.count, encoding.reduceZeroLabel, encoding.mapping == nil,
      stored.isSuperset(of: [0, 255]), stored.allSatisfy({ $0 < count || $0 == 255 })
    else { return nil }
    let flags = "--no-reduce-zero-label"
    return Finding(
      problem: .reducedTwice,
      sentence:
        "labels already run from 0 to \(count - 1) with 255 for void, and would be reduced again",
      remedy: "take them as they are with \(flags)", flags: flags)
  }

  /// Values without an explanation.
  var stray: Finding? {
    guard let count = classes?.names.count, !strays.isEmpty else { return nil }
    let images = strays.count == 1 ? ", in \(self.images(strays[0])) of \(survey.read) labels" : ""
    let sentence =
      "\(LabelRanges.text(strays)) (\(share(strays))\(images)) "
      + (strays.count == 1 ? "is no class" : "are no classes")
      + ": those are 0 to \(count - 1), and \(encoding.ignoreIndex) is ignored"
    if strays.count > 8 {
      return Finding(
        problem: .stray, sentence: sentence,
        remedy:
          "export the labels again as PNG without interpolation, or check that the classes are those of the data set (--dataset)"
      )
    }
    if strays.count == 1 && !encoded.contains(UInt16(encoding.ignoreIndex)) {
      let flags = "--ignore-index \(strays[0])"
      return Finding(
        problem: .stray, sentence: sentence, remedy: "leave it out with \(flags)", flags: flags)
    }
    let entries = strays.map { "\($0):ignore" }.joined(separator: ",")
    guard encoding.mapping == nil, encoding.order == .reduceFirst else {
      return Finding(
        problem: .stray, sentence: sentence,
        remedy: "add to the label map what should become of them")
    }
    let flags = "--label-map \(entries)"
    return Finding(
      problem: .stray, sentence: sentence, remedy: "leave them out with \(flags)", flags: flags)
  }

  /// Colours that the table of the set lacks.
  var unknownColours: Finding? {
    guard stored.contains(LabelColours.unknown), let classes else { return nil }
    return Finding(
      problem: .unknownColours,
      sentence: "\(share([LabelColours.unknown])) of the labels have a colour that none of the "
        + "\(classes.names.count) classes has, or the value 65535",
      remedy:
        "add the colours to label_colors.txt in the data set's folder; name those void that are no class"
    )
  }

  /// Labels of which none would be counted.
  var allIgnored: Finding? {
    guard !encoded.isEmpty, encoded == [UInt16(encoding.ignoreIndex)] else { return nil }
    return Finding(
      problem: .allIgnored,
      sentence:
        "every label that was read is ignored (stored as \(LabelRanges.text(stored.sorted())))",
      remedy: "check --ignore-index and --label-map")
  }

  /// Hints that are no findings.
  var notes: [String] {
    guard let classes else {
      return [
        "which classes there are is not known: name a MODEL, or put classes.txt into the folder"
      ]
    }
    var notes: [String] = []
    let absent = classes.names.indices.filter { !encoded.contains(UInt16($0)) }
    if survey.read > 0 && strays.isEmpty && absent.first == 0 && absent.count < classes.names.count
    {
      notes.append(
        "class 0, \(classes.names[0]), occurs in no label that was read; if labels begin at 1, add --reduce-zero-label"
      )
    }
    return notes
  }

  /// The label maps in which an encoded value occurs.
  private func images(_ value: UInt16) -> Int {
    survey.values.filter { encoding($0.key) == value }.map(\.value.images).max() ?? 0
  }

  /// The share of the pixels that have one of the encoded `values`, in percent.
  private func share(_ values: [UInt16]) -> String {
    let pixels = survey.values.filter { values.contains(encoding($0.key)) }
      .reduce(0.0) { $0 + Double($1.value.pixels) }
    let tenths = (1000 * pixels / max(1, Double(survey.pixels))).rounded()
    return tenths == 0 ? "less than 0.1 %" : "\(tenths / 10) %"
  }
}
