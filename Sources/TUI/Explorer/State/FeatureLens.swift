import Core

/// What the views of features and of attention are set to.
struct FeatureLens: Sendable, Equatable {
  /// Components that are held while one goes from image to image.
  struct Held: Sendable, Equatable {
    /// The image that they were fitted to.
    let image: String
    /// Those of each slot that had some.
    let components: [FeatureComponents?]
  }

  /// A layer that tells where it looks.
  enum Attention: String, Sendable, CaseIterable {
    case axial = "axial attention"
    case context = "context attention"
  }

  /// Instead of each image's own components.
  var held: Held?
  var attention = Attention.axial
  /// The head that is shown alone, from 0; `nil` for the mean of all.
  var head: Int?
}

/// Where the attention of a pane looks from the cursor.
struct AttentionReading {
  let map: AttentionMap
  let cell: AttentionMap.GridCell
  let weights: AttentionMap.Weights
  /// The head, from 0; `nil` for their mean.
  let head: Int?
}

extension ExplorerState {
  /// The components that a pane's features are shown in: the held ones, else the image's own.
  func components(of pane: Int) -> FeatureComponents? {
    guard let own = answer(of: pane)?.components else { return nil }
    return featureLens.held?.components[slot(of: pane)] ?? own
  }

  /// The attention layers of a pane's model that are at hand.
  private func attention(of pane: Int) -> [AttentionMap] {
    (answer(of: pane)?.attention ?? []) + (shown.teacher(of: slot(of: pane))?.attention ?? [])
  }

  /// Where a pane's attention looks from the cursor, or from the middle of the picture; `nil` while it is not there.
  func attentionReading(of pane: Int) -> AttentionReading? {
    let map = attention(of: pane).first {
      ($0.layer == .context) == (featureLens.attention == .context)
    }
    guard let map else { return nil }
    let point = cursor ?? PixelPoint(x: map.width / 2, y: map.height / 2)
    let cell = map.cell(x: min(point.x, map.width - 1), y: min(point.y, map.height - 1))
    let heads = map.weights(of: cell)
    let head = featureLens.head.flatMap { heads.indices.contains($0) ? $0 : nil }
    return AttentionReading(
      map: map, cell: cell, weights: head.map { heads[$0] } ?? .mean(heads), head: head)
  }

  /// What a pane that shows attention shows, in words: "axial attention", "axial attention, head 2".
  var attentionWords: String {
    featureLens.attention.rawValue
      + (featureLens.attention == .axial ? featureLens.head.map { ", head \($0 + 1)" } ?? "" : "")
  }
}
