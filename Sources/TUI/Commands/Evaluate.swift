import ArgumentParser
import Core

/// `hfgd eval MODEL --data DIR`: exact IoU over a labelled data set.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Measure a checkpoint on labelled pictures.",
    usage: "hfgd eval <model> --data <data> [<options>]",
    discussion: """
      The data set is a folder or tar archive of a known layout (docs/datasets.md
      lists them), or - for a list of pictures and labels on standard input.
      Counts are exact; a class that is neither true nor predicted
      anywhere is left out of the means. IoU is in percent.

      EXAMPLES
        hfgd eval model.safetensors --data camvid
        hfgd eval model.safetensors --data camvid --split train --os 32 --json
      """)

  @OptionGroup var modelOptions: ModelOptions

  @Option(name: .long, help: "The folder or tar archive of the data set.", completion: .directory)
  var data: String

  @OptionGroup var dataOptions: DataSetOptions

  @OptionGroup var stage: StageOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let interrupt = Interrupt()
    let model = try modelOptions.load()
    let stride = try stage.outputStride(of: model.configuration)
    let dataSet = try dataOptions.open(data, classes: model.configuration.classTable)
    let (pairs, split) = (dataSet.samples, dataSet.split)
    let segmenter = Segmenter(model, threads: threads.budget)
    var progress = Progress(total: pairs.count, isQuiet: report.quiet)
    var matrix = ConfusionMatrix(classes: model.configuration.classes.count)
    var failed: [(name: String, error: String)] = []
    var done = 0

    for pair in pairs {
      if interrupt.isRequested { break }
      do throws(PairFailure) {
        matrix.add(
          try count(pair, segmenter, stride, dataSet.ignoreIndex) { interrupt.isRequested })
        done += 1
      } catch {
        guard case .unusable(let message) = error else { break }
        progress.interrupt(with: "hfgd: \(message.printable)")
        failed.append((pair.name, message))
      }
      progress.advance(pair.name)
    }
    progress.finish()
    if interrupt.isRequested {
      throw CommandFailure(
        .interrupted,
        "interrupted after \(done) of \(pairs.count.counted("image")); nothing was reported")
    }
    if done == 0 {
      throw CommandFailure(.dataSet, "no image of \(data) \(split) could be used")
    }
    if matrix.strayTruth > 0 && !report.quiet {
      let (classes, void) = (matrix.classes, dataSet.ignoreIndex)
      StandardError.print(
        "hfgd: warning: \(Int(matrix.strayTruth).counted("pixel")) of the labels are neither a class, "
          + "0 to \(classes - 1), nor \(void), which is ignored; what is predicted there counts as wrong"
      )
    }
    let result = EvaluationReport(
      model: modelOptions.model, configuration: model.configuration, outputStride: stride,
      data: data, split: split, images: done, failed: failed, matrix: matrix)
    try StandardOutput.print(report.json ? result.json.text : result.text)
    if !failed.isEmpty {
      throw CommandFailure(
        .someInputsFailed, "\(failed.count) of \(pairs.count.counted("image")) failed")
    }
  }

  /// Why a pair was not counted.
  private enum PairFailure: Error {
    case cancelled
    case unusable(String)
  }

  /// The counts of one picture.
  private func count(
    _ pair: Sample, _ segmenter: Segmenter, _ stride: Int, _ ignoreIndex: Int,
    isCancelled: () -> Bool
  ) throws(PairFailure) -> ConfusionMatrix {
    let configuration = segmenter.model.configuration
    let picture: Picture
    let truth: LabelMap
    do throws(ImageFailure) {
      picture = try pair.readPicture()
      guard let labels = try pair.readLabels() else {
        throw ImageFailure.file(.missing(path: "the labels of \(pair.name)"))
      }
      truth = labels
    } catch {
      throw .unusable(error.description)
    }
    guard truth.width == picture.width && truth.height == picture.height else {
      throw .unusable(
        "\(pair.label?.path ?? pair.name): expected labels of \(picture.width)×\(picture.height) like the picture, found \(truth.width)×\(truth.height); export them at the picture's size"
      )
    }
    do throws(TooLittleMemory) {
      try segmenter.checkMemory(
        width: picture.width, height: picture.height, outputStride: stride)
    } catch {
      throw .unusable("\(pair.image.path): \(error)")
    }
    let prediction: LabelMap
    do throws(Cancelled) {
      prediction = try segmenter.labels(of: picture, outputStride: stride, isCancelled: isCancelled)
    } catch {
      throw .cancelled
    }
    var counts = ConfusionMatrix(classes: configuration.classes.count)
    counts.add(prediction: prediction, truth: truth, ignoreIndex: ignoreIndex)
    return counts
  }
}
