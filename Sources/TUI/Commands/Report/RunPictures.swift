import Core
import Viz

/// The worst and best images of a run, predicted again.
struct RunPictures {
  /// An image as files that a page can hold.
  struct Image {
    let name: String
    /// A share in [0, 1].
    let meanIoU: Double
    /// Whether the prediction counts other than the run's did, as on another processor.
    let differs: Bool
    let picture, truth, prediction, errors: DataURI
  }

  /// What the report calls the images, and the images.
  let groups: [(title: String, images: [Image])]
  /// Names and colours of the classes.
  let classes: ClassTable
  /// The model's class tokens; predictions from files have none.
  let tokens: ClassTokens?

  /// Predicts the `count` worst and the `count` best of `images` again, none twice.
  ///
  /// - Parameter longestSide: to which longer pictures are scaled down.
  init(
    _ count: Int, of images: [StoredImage], _ source: RunSource, classes names: [String],
    longestSide: Int, isQuiet: Bool, _ interrupt: Interrupt
  ) throws {
    let scores = images.map { $0.counts.confusion.meanIoU }
    let worst = ImageChoice.worst.chosen(min(count, (images.count + 1) / 2), from: [scores])
    let best = ImageChoice.best.chosen(images.count, from: [scores])
      .filter { !worst.contains($0) }.prefix(count)
    let samples = Dictionary(
      source.dataSet.samples.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let palette = (source.subject.classes ?? source.dataSet.classes)?.palette
    classes = ClassTable(
      names: names, palette: palette ?? ColourScheme.safe.palette(names.map { _ in RGB(0, 0, 0) }),
      ignoreIndex: source.dataSet.ignoreIndex)
    if case .model(let segmenter, _, _) = source.subject.source {
      tokens = segmenter.model.classTokens
    } else {
      tokens = nil
    }
    let palettes = classes
    var progress = Progress(total: worst.count + best.count, isQuiet: isQuiet)
    defer { progress.finish() }
    func pictured(_ places: [Int]) throws -> [Image] {
      try places.compactMap { place in
        let image = images[place]
        defer { progress.advance(image.name) }
        guard let sample = samples[image.name] else { return nil }
        do throws(EvaluationSubject.Failure) {
          let seen = try SeenImage(sample, by: [source.subject]) { interrupt.isRequested }
          return Image(seen, of: image, palettes, longestSide: longestSide)
        } catch {
          guard case .unusable(let message) = error else {
            throw CommandFailure(.interrupted, "interrupted; nothing was written")
          }
          throw CommandFailure(.dataSet, message)
        }
      }
    }
    groups = [("Worst images", try pictured(worst)), ("Best images", try pictured(Array(best)))]
  }
}

extension RunPictures.Image {
  init(_ seen: SeenImage, of image: StoredImage, _ classes: ClassTable, longestSide: Int) {
    var sheet = ContactSheet(models: [""], classes: classes)
    sheet.add(
      image.name, seen.picture, truth: seen.truth, predictions: seen.predictions,
      longestSide: longestSide)
    let row = sheet.rows[0]
    name = image.name
    meanIoU = image.counts.confusion.meanIoU
    differs = row.counts[0] != image.counts.confusion
    picture = DataURI(photograph: row.picture)
    truth = DataURI(drawing: row.truth ?? row.picture)
    prediction = DataURI(drawing: row.predictions[0])
    errors = DataURI(photograph: row.errors[0])
  }
}
