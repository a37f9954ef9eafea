import Core

/// Reads the entries' pictures and label maps.
struct ImageReader: Sendable {
  let entries: [Sample]
  /// How many slots will answer for a picture.
  let slots: Int
  let classes: ClassList
  /// Whether any image has labels.
  private let hasLabels: Bool

  init(entries: [Sample], slots: Int, classes: ClassList) {
    self.entries = entries
    self.slots = slots
    self.classes = classes
    hasLabels = entries.contains { $0.label != nil }
  }

  /// The picture and the labels of an entry, told to `post` too; `nil` where there is no picture to be had.
  func read(_ index: Int, post: (ExplorerEvent) -> Void) -> Shown? {
    guard entries.indices.contains(index) else { return nil }
    var shown = Shown(entry: index, slots: slots)
    let picture: Picture
    do throws(ImageFailure) {
      picture = try entries[index].readPicture()
    } catch {
      post(.failed(entry: index, message: error.description))
      return nil
    }
    shown.picture = picture
    (shown.truth, shown.note) = truth(of: entries[index], like: picture)
    post(.decoded(entry: index, picture: picture, truth: shown.truth, note: shown.note))
    return shown
  }

  /// The label map of an entry; one that cannot be read or has another size is left out and told about.
  private func truth(of entry: Sample, like picture: Picture) -> (LabelMap?, String?) {
    do throws(ImageFailure) {
      guard let truth = try entry.readLabels() else {
        return (nil, hasLabels ? "this image has no labels, others have" : nil)
      }
      guard truth.width == picture.width && truth.height == picture.height else {
        return (
          nil,
          "labels are \(truth.width)×\(truth.height), the picture \(picture.width)×\(picture.height): not used"
        )
      }
      return (truth, strayLabels(in: truth))
    } catch {
      return (nil, error.description)
    }
  }

  /// Words about labels that no class has, as where the data set is another one than the model's.
  private func strayLabels(in truth: LabelMap) -> String? {
    let count = classes.names.count
    let ignored = UInt16(exactly: classes.ignoreIndex)
    guard let stray = truth.values.lazy.filter({ $0 >= count && $0 != ignored }).max() else {
      return nil
    }
    return "labels go up to \(stray), the model has classes 0 to \(count - 1): "
      + "the rest counts as wrong; hfgd doctor tells which option mends that"
  }
}
