import Core
import Viz

/// A true class and the one that was predicted in its place.
typealias Confusion = ConfusionChart.Pair

/// The way through the blobs of one confusion: image by image, those with most of its pixels first.
struct ConfusionWalk: Sendable {
  /// Whose predictions they are.
  let slot: Int
  let confusion: Confusion
  /// Whether it began at the token bench, and leads back there, rather than at the confusion matrix.
  var isFromBench = false
  /// What was listed and in sight before, to come back to.
  let filter: String
  let viewport: Viewport
  let cursor: ExplorerState.PixelPoint?
  /// The blobs of the open image, the largest first; `nil` until it is read and answered.
  var blobs: [Blob]?
  /// The blob that is shown.
  var place = 0
  /// Whether the next image is entered from behind, at its smallest blob.
  var entersAtEnd = false

  /// The blob that is shown, if there is one.
  var blob: Blob? { blobs.flatMap { $0.indices.contains(place) ? $0[place] : nil } }
}

/// A connected component of the pixels of one true and one predicted class.
struct Blob: Sendable, Equatable {
  /// Its pixels, row by row.
  let runs: [ConnectedComponents.Run]
  let pixels: Int
  let columns, rows: Range<Int>

  /// The blobs of `confusion` in a prediction, the largest first; both maps have one size.
  ///
  /// K, the number of classes, stands for all values that are no class; what is true as `ignoreIndex` belongs to no blob.
  static func all(
    of confusion: Confusion, truth: LabelMap, prediction: LabelMap, classes: Int, ignoreIndex: Int
  ) -> [Blob] {
    let mask = zip(truth.values, prediction.values).map { truth, prediction -> UInt16 in
      Int(truth) != ignoreIndex && min(Int(truth), classes) == confusion.truth
        && min(Int(prediction), classes) == confusion.prediction ? 1 : 0
    }
    let components = ConnectedComponents(
      of: LabelMap(width: truth.width, height: truth.height, values: mask))
    let inside = components.runs.filter { mask[$0.y * truth.width + $0.columns.lowerBound] == 1 }
    return Dictionary(grouping: inside, by: \.component).sorted { $0.key < $1.key }
      .map { Blob(runs: $0.value) }.sorted { $0.pixels > $1.pixels }
  }

  /// A blob of at least one run, in their order.
  private init(runs: [ConnectedComponents.Run]) {
    self.runs = runs
    pixels = runs.reduce(0) { $0 + $1.columns.count }
    let left = runs.map(\.columns.lowerBound).min() ?? 0
    columns = left..<(runs.map(\.columns.upperBound).max() ?? left)
    rows = (runs.first?.y ?? 0)..<((runs.last?.y ?? 0) + 1)
  }

  /// The pixel of the blob that is nearest to the middle of its bounds.
  var middle: ExplorerState.PixelPoint {
    let centre = (
      x: (columns.lowerBound + columns.upperBound) / 2, y: (rows.lowerBound + rows.upperBound) / 2
    )
    let points = runs.map { run in
      ExplorerState.PixelPoint(
        x: min(max(centre.x, run.columns.lowerBound), run.columns.upperBound - 1), y: run.y)
    }
    func distance(_ point: ExplorerState.PixelPoint) -> Int {
      let (dx, dy) = (point.x - centre.x, point.y - centre.y)
      return dx * dx + dy * dy
    }
    return points.min { distance($0) < distance($1) }
      ?? ExplorerState.PixelPoint(x: centre.x, y: centre.y)
  }
}
