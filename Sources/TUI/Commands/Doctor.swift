import ArgumentParser
import Core

/// `hfgd doctor DATASET [MODEL]`: what is wrong with the labels, and which flag mends it.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell what is wrong with the labels of a data set.",
    usage: "hfgd doctor <dataset> [<model>] [<options>]",
    discussion: """
      Reads labels, evenly spread over the data set, and tells in a sentence
      each what is wrong: classes one too high, ids instead of train ids, masks
      of 0 and 255, colours, values that no class has, sizes, missing or
      unreadable files, classes that a model has not. Each names the flag that
      mends it, which eval takes too. The exit status is 0 for a healthy set
      and 4 where something was found.

      EXAMPLES
        hfgd doctor cityscapes
        hfgd doctor camvid model.safetensors --split train --all
        hfgd doctor set.tar --reduce-zero-label --values
      """)

  @Argument(
    help: "The folder or tar archive of the data set, or - for a list on standard input.",
    completion: .directory)
  var dataset: String

  @Argument(
    help: "A checkpoint or preset whose classes the data set should have.",
    completion: .file(extensions: ["safetensors"]))
  var model: String?

  @OptionGroup var dataOptions: DataSetOptions

  @Flag(name: .long, help: "Read all labels, not 100 of them.")
  var all = false

  @Flag(name: .long, help: "List every value with its class, pixels and images.")
  var values = false

  @OptionGroup var report: ReportOptions

  /// How many labels tell enough; a class that is in none of them is rare.
  private static let usualCount = 100

  func run() throws {
    let interrupt = Interrupt()
    let model = try model.map {
      try ModelReference(name: $0, seed: nil).source().configuration.classTable
    }
    let set = try dataOptions.open(dataset, classes: model, needsLabels: false)
    let labelled = set.samples.filter { $0.label != nil }
    let chosen = all ? labelled : labelled.evenlySpread(Self.usualCount)
    var survey = LabelSurvey()
    for sample in set.samples where sample.label == nil { survey.add(sample) }
    var progress = Progress(total: chosen.count, isQuiet: report.quiet)
    for sample in chosen {
      if interrupt.isRequested { break }
      survey.add(sample)
      progress.advance(sample.name)
    }
    progress.finish()
    if interrupt.isRequested {
      throw CommandFailure(
        .interrupted,
        "interrupted after \(survey.read) of \(chosen.count.counted("label")); nothing was reported"
      )
    }
    let diagnosis = Diagnosis(survey, of: set, model: model)
    let result = DoctorReport(data: dataset, set: set, survey: survey, diagnosis: diagnosis)
    try StandardOutput.print(report.json ? result.json.text : result.text(listsValues: values))
    if !diagnosis.findings.isEmpty { throw CommandFailure(.dataSet, "") }
  }
}

extension Array {
  /// At most `count` of the elements, at equal distances, the first among them.
  func evenlySpread(_ count: Int) -> [Element] {
    self.count <= count ? self : (0..<count).map { self[$0 * self.count / count] }
  }
}
