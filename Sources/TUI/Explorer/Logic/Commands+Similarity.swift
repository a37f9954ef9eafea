import Core
import Viz

/// What is like what: features compared with a probe.
let similarityCommands: [ExplorerCommand] = [
  ExplorerCommand(
    "similarity.next", "what is like the cursor's pixel, a class token, a region, a pin", .lenses,
    [Key("a")]
  ) { state, _ in
    state.nextProbe()
    return []
  },
  ExplorerCommand(
    "similarity.pin", "pin the cursor's pixel, to find its like in other images; or let go",
    .lenses, [Key("Y")]
  ) { state, _ in
    state.pinOrLetGo()
    return []
  },
  ExplorerCommand(
    "similarity.region", "a corner of a region, then the other (or drag with the right button)",
    .lenses, [Key("R")]
  ) { state, _ in
    state.markCorner()
    return []
  },
  ExplorerCommand(
    "heat.colours", "colours of values: each view's own, viridis, cividis, turbo, grey", .lenses,
    [Key("O")]
  ) { state, _ in
    let all = HeatColours.allCases
    let place = all.firstIndex(of: state.heatColours) ?? 0
    state.heatColours = all[(place + 1) % all.count]
    state.say("colours of values: \(state.heatColours.rawValue)")
    return [.save]
  },
]

extension ExplorerState {
  /// Opens the lens; where it is open, goes to the next probe, and after the last to the nearest tokens.
  fileprivate mutating func nextProbe() {
    let probes = probes
    switch views[focusedPane] {
    case .nearest:
      similarity.probe = probes[0]
      show(.similarity)
    case .similarity:
      let next = (probes.firstIndex(of: similarity.probe) ?? 0) + 1
      if next == probes.count { return show(.nearest) }
      similarity.probe = probes[next]
    default:
      if !probes.contains(similarity.probe) { similarity.probe = .cursor }
      show(.similarity)
      if cursor == nil { moveCursor(0, 0) }
    }
    if views[focusedPane] == .similarity { say("similarity to \(probeWords)") }
  }

  fileprivate mutating func pinOrLetGo() {
    if similarity.probe == .pin, similarity.pin != nil {
      similarity.pin = nil
      similarity.probe = .cursor
      say("the pin is gone")
      return
    }
    guard views[focusedPane] == .similarity, let cursor, let image = gallery.current?.name else {
      complain("show the similarity lens and put the cursor on a pixel to pin it")
      return
    }
    let vectors = slots.indices.map { slot in
      shown.answers[slot].compactMapValues { $0.features?.vector(x: cursor.x, y: cursor.y) }
    }
    guard vectors.contains(where: { !$0.isEmpty }) else {
      complain("the features are not there yet")
      return
    }
    similarity.pin = SimilarityLens.Pin(image: image, x: cursor.x, y: cursor.y, vectors: vectors)
    similarity.probe = .pin
    say("pinned \(probeWords): it goes along to other images")
  }

  fileprivate mutating func markCorner() {
    guard let cursor else {
      complain("put the cursor on a corner of the region first")
      return
    }
    guard let corner = similarity.corner else {
      similarity.corner = cursor
      say(
        "the region begins at (\(cursor.x),\(cursor.y)); go to the opposite corner and mark it too")
      return
    }
    similarity.corner = nil
    setRegion(from: corner, to: cursor)
    show(.similarity)
    say("similarity to \(probeWords)")
  }

  /// Makes the pixels between two corners the probe.
  mutating func setRegion(from a: PixelPoint, to b: PixelPoint) {
    similarity.region = PixelRegion(from: (a.x, a.y), to: (b.x, b.y))
    similarity.probe = .region
  }
}
