import Core

/// What the similarity lens compares every pixel with.
struct SimilarityLens: Sendable, Equatable {
  /// Where the features come from that all others are compared with.
  enum Probe: String, Sendable, CaseIterable {
    /// The pixel under the cursor.
    case cursor = "the cursor's pixel"
    /// The token of the selected class.
    case token = "the class token"
    /// The mean of a region.
    case region
    /// A pixel that was pinned, perhaps in another image.
    case pin = "the pinned pixel"
  }

  /// Features that go along from image to image.
  struct Pin: Sendable, Equatable {
    /// The image, and the pixel in it.
    let image: String
    let x, y: Int
    /// The features of each slot that had some, by output stride.
    let vectors: [[Int: [Float]]]
  }

  var probe = Probe.cursor
  /// The first corner of a region that is being marked.
  var corner: ExplorerState.PixelPoint?
  var region: PixelRegion?
  var pin: Pin?
}

extension ExplorerState {
  /// The probes that there are.
  var probes: [SimilarityLens.Probe] {
    SimilarityLens.Probe.allCases.filter { probe in
      switch probe {
      case .cursor: true
      case .token: tokens.contains { $0 != nil }
      case .region: similarity.region != nil
      case .pin: similarity.pin != nil
      }
    }
  }

  /// The features that a pane's are compared with; `nil` while there is nothing to compare.
  func probe(of pane: Int) -> [Float]? {
    let slot = slot(of: pane)
    guard let answer = answer(of: pane), let features = answer.features else { return nil }
    switch similarity.probe {
    case .cursor:
      guard let cursor, cursor.x < features.width, cursor.y < features.height else { return nil }
      return features.vector(x: cursor.x, y: cursor.y)
    case .token: return tokens[slot].map { Array($0[classPanel.selected]) }
    case .region:
      // An image of another size may have a part of it only.
      return similarity.region?.clamped(toWidth: features.width, height: features.height)
        .map(features.mean)
    case .pin:
      // All stages of a model share one space: another stage's features will do.
      guard let vectors = similarity.pin?.vectors, vectors.indices.contains(slot) else {
        return nil
      }
      return vectors[slot][answer.outputStride] ?? vectors[slot].min { $0.key < $1.key }?.value
    }
  }

  /// The probe in words, such as "token of Pole".
  var probeWords: String {
    switch similarity.probe {
    case .cursor: cursor.map { "(\($0.x),\($0.y))" } ?? "the cursor, which is on no pixel"
    case .token: "token of \(classes.names[classPanel.selected])"
    case .region: similarity.region.map { "region \($0)" } ?? "no region"
    case .pin: similarity.pin.map { "(\($0.x),\($0.y)) of \($0.image)" } ?? "no pin"
    }
  }
}
