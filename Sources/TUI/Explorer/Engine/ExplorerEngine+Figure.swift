import Dispatch
import Viz

extension ExplorerEngine {
  /// Predicts the images of a contact sheet beside the screen, composes and writes it.
  ///
  /// What is on the screen goes first: an image that is opened interrupts the one being predicted, which is done again.
  func compose(_ request: FigureRequest) {
    step(FigureWork(request), exportGeneration.load(ordering: .relaxed))
  }

  private func step(_ work: FigureWork, _ mine: Int) {
    let isCancelled = { @Sendable [self] in exportGeneration.load(ordering: .relaxed) != mine }
    predictingQueue.async { [self] in
      guard !isCancelled() else { return }
      var work = work
      guard let entry = work.missing.first else {
        if let request = work.finished {
          export(request, mine: mine)
        } else {
          mailbox.post(.exported("none of the images can be used", isError: true))
        }
        return
      }
      mailbox.post(
        .composed(
          done: work.request.entries.count - work.missing.count, total: work.request.entries.count))
      let shows = generation.load(ordering: .relaxed)
      let isStale = { @Sendable [self] in
        generation.load(ordering: .relaxed) != shows || isCancelled()
      }
      let shown = recall(entry, post: { _ in }).map {
        predict($0, [], post: { _ in }, isStale: isStale)
      }
      guard !isStale() else {
        // What was opened stands in line before the next try.
        predictingQueue.asyncAfter(deadline: .now() + .milliseconds(100)) { [self, work] in
          step(work, mine)
        }
        return
      }
      predictor.withLock { work.take(shown, $0.entries[entry].name) }
      step(work, mine)
    }
  }
}

/// A contact sheet under way.
private struct FigureWork {
  let request: FigureRequest
  private var sheet: ContactSheet
  private(set) var missing: ArraySlice<Int>

  /// Pictures of large images are scaled down to this, so that a sheet of a hundred fits into memory.
  private static let longestSide = 960

  init(_ request: FigureRequest) {
    self.request = request
    sheet = request.sheet
    missing = request.entries[...]
  }

  /// Adds the next image; one without a picture or an answer is left out.
  mutating func take(_ shown: Shown?, _ name: String) {
    missing.removeFirst()
    guard let shown, let picture = shown.picture else { return }
    let answers = shown.answers.indices.compactMap {
      shown.answer(of: $0, pinned: request.pinnedStride)
    }
    guard answers.count == sheet.models.count else { return }
    sheet.add(
      name, picture, truth: shown.truth, predictions: answers.map(\.labels),
      opacity: request.opacity, longestSide: Self.longestSide)
  }

  /// What is to be written; `nil` where no image could be used.
  var finished: ExportRequest? {
    guard !sheet.rows.isEmpty else { return nil }
    return ExportRequest(
      path: request.path, name: request.name, sheet: sheet.figure(look: request.look))
  }
}
