import Core

/// Which colours classes and judgements have.
public enum ColourScheme: String, Sendable, CaseIterable {
  /// Classes as the checkpoint says; right is green and wrong is red.
  case usual
  /// Colours that can be told apart without one kind of cone.
  case safe

  /// The colours of classes whose own are `palette`.
  public func palette(_ palette: [RGB]) -> [RGB] {
    switch self {
    case .usual: palette
    case .safe: palette.indices.map { Self.safeColours[$0 % Self.safeColours.count] }
    }
  }

  /// What is drawn where a value lies below a threshold: a colour that viridis has not, for the eyes that it is for.
  public var mark: RGB {
    switch self {
    case .usual: RGB(255, 64, 160)
    case .safe: RGB(0, 0, 0)
    }
  }

  /// Colours that differ for every kind of vision, the first ones most.
  ///
  /// Seven are those of Okabe and Ito (2008). Each further one is, of a grid of colours, the one that is farthest from
  /// all before it to the eye that sees the difference worst; the three just before it, which are classes that lists
  /// show side by side, must be two and a half times as far away.
  static let safeColours: [RGB] = {
    let levels = stride(from: 0, through: 255, by: 17).map { UInt8($0) }
    var candidates: [RGB] = []
    for red in levels {
      for green in levels {
        for blue in levels { candidates.append(RGB(red, green, blue)) }
      }
    }
    // Darker than that looks black on a dark picture, brighter white on a bright one.
    candidates.removeAll { !(0.30...0.95 ~= Oklab($0).lightness) }
    var colours = [
      RGB(230, 159, 0), RGB(86, 180, 233), RGB(0, 158, 115), RGB(240, 228, 66), RGB(0, 114, 178),
      RGB(213, 94, 0), RGB(204, 121, 167),
    ]
    let seen = candidates.map(ColourSeen.init)
    func distances(to colour: RGB) -> [Float] {
      let place = ColourSeen(colour)
      return seen.map { $0.squaredDistance(to: place) }
    }
    var recent = colours.map(distances)
    var nearest = seen.indices.map { i in recent.map { $0[i] }.min() ?? .infinity }
    while colours.count < 256 {
      recent = recent.suffix(3)
      var best = (place: 0, score: -Float.infinity)
      for i in seen.indices {
        var score = nearest[i]
        for distances in recent { score = min(score, distances[i] * (0.4 * 0.4)) }
        if score > best.score { best = (i, score) }
      }
      colours.append(candidates[best.place])
      recent.append(distances(to: candidates[best.place]))
      for i in seen.indices { nearest[i] = min(nearest[i], recent[recent.count - 1][i]) }
    }
    return colours
  }()
}
