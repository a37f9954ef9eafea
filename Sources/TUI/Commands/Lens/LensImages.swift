import Core
import Viz

/// The images that a lens command takes in turn: pictures, or all of a data set.
struct LensImages {
  /// An image, read when it is its turn.
  private struct Subject {
    let name: String
    let read: () throws(ImageFailure) -> (picture: Picture, truth: LabelMap?)
  }

  private let subjects: [Subject]
  /// The label that is not counted.
  let ignoreIndex: Int
  private let isDataSet: Bool
  /// How much memory there is, in bytes.
  var available: () -> Int = { WorkingMemory.available }

  /// All of a data set, with labels where it has them.
  init(_ dataSet: DataSet) {
    subjects = dataSet.samples.map { sample in
      Subject(name: sample.name) { () throws(ImageFailure) in
        (try sample.readPicture(), try sample.readLabels())
      }
    }
    ignoreIndex = dataSet.ignoreIndex
    isDataSet = true
  }

  /// Pictures; the file `truth`, if there is one, has the labels of each.
  init(pictures: [String], truth: String?, ignoreIndex: Int) {
    subjects = pictures.map { path in
      Subject(name: path) { () throws(ImageFailure) in
        let picture = try ImageFile.readPicture(at: path)
        guard let truth else { return (picture, nil) }
        return (picture, try ImageFile.readLabels(at: truth))
      }
    }
    self.ignoreIndex = ignoreIndex
    isDataSet = false
  }

  /// Calls `body` for each image that can be read, and returns how many could not.
  ///
  /// What is wrong with an image is told at once, as that `segmenter` has too little memory for it; labels of another size
  /// than their picture are told of and left out. Throws when it is interrupted, as `body` may notice first, and where no
  /// image can be used.
  func forEach(
    fitting segmenter: Segmenter, outputStride: Int, isQuiet: Bool, _ interrupt: Interrupt,
    _ body: (_ name: String, _ picture: Picture, _ truth: LabelMap?) throws(Cancelled) -> Void
  ) throws -> Int {
    var progress = Progress(total: subjects.count, isQuiet: isQuiet || !isDataSet)
    var (used, failures) = (0, 0)
    for subject in subjects where !interrupt.isRequested {
      do {
        var (picture, truth) = try subject.read()
        if let labels = truth, (labels.width, labels.height) != (picture.width, picture.height) {
          progress.interrupt(
            with: "hfgd: \(subject.name.printable): the labels have another size: not used")
          truth = nil
        }
        try segmenter.checkMemory(
          width: picture.width, height: picture.height, outputStride: outputStride,
          available: available())
        try body(subject.name, picture, truth)
        used += 1
      } catch let failure as ImageFailure {
        failures += 1
        progress.interrupt(with: "hfgd: \(failure.description.printable)")
      } catch let failure as TooLittleMemory {
        failures += 1
        progress.interrupt(with: "hfgd: \(subject.name.printable): \(failure)")
      } catch {
        break
      }
      progress.advance(subject.name)
    }
    progress.finish()
    if interrupt.isRequested {
      throw CommandFailure(
        .interrupted, "interrupted after \(used) of \(subjects.count.counted("image"))")
    }
    guard used > 0 else {
      throw CommandFailure(isDataSet ? .dataSet : .someInputsFailed, "no image could be used")
    }
    return failures
  }

  /// Throws where images failed, once the others have been reported.
  func check(failures: Int) throws {
    guard failures == 0 else {
      throw CommandFailure(
        .someInputsFailed, "\(failures) of \(subjects.count.counted("image")) failed")
    }
  }
}
