/// Zoom, pan and the cursor.
let moveCommands: [ExplorerCommand] = [
  ExplorerCommand("zoom.in", "zoom in at the cursor", .move, [Key("+"), Key("=")]) { state, _ in
    state.zoom(by: 1.5)
    return []
  },
  ExplorerCommand("zoom.out", "zoom out", .move, [Key("-")]) { state, _ in
    state.zoom(by: 1 / 1.5)
    return []
  },
  ExplorerCommand("zoom.fit", "show the whole picture", .move, [Key("f")]) { state, _ in
    state.viewport.reset()
    return []
  },
  ExplorerCommand(
    "go.left", "left: cursor, or in the list the panel before", .move, [Key(.left), Key("h")]
  ) {
    state, _ in state.go(-1, 0)
  },
  ExplorerCommand("go.right", "right", .move, [Key(.right), Key("l")]) { state, _ in state.go(1, 0)
  },
  ExplorerCommand("go.up", "up: cursor, image or class", .move, [Key(.up), Key("k")]) { state, _ in
    state.go(0, -1)
  },
  ExplorerCommand("go.down", "down", .move, [Key(.down), Key("j")]) { state, _ in state.go(0, 1) },
  ExplorerCommand(
    "pan.left", "move the picture's view left", .move, [Key("H"), Key(.left, .shift)]
  ) {
    state, _ in
    state.viewport.pan(x: -0.2, y: 0)
    return []
  },
  ExplorerCommand("pan.right", "move the view right", .move, [Key("L"), Key(.right, .shift)]) {
    state, _ in
    state.viewport.pan(x: 0.2, y: 0)
    return []
  },
  ExplorerCommand("pan.up", "move the view up", .move, [Key("K"), Key(.up, .shift)]) { state, _ in
    state.viewport.pan(x: 0, y: -0.2)
    return []
  },
  ExplorerCommand("pan.down", "move the view down", .move, [Key("J"), Key(.down, .shift)]) {
    state, _ in
    state.viewport.pan(x: 0, y: 0.2)
    return []
  },
  ExplorerCommand("cursor.hide", "take the cursor off the picture", .move, [Key("x")]) { state, _ in
    state.cursor = nil
    return []
  },
  ExplorerCommand(
    "loupe", "a magnifier at the cursor; arrows go pixel by pixel", .move, [Key("z")]
  ) { state, _ in
    state.isLoupeOpen.toggle()
    state.focus = .picture
    if state.isLoupeOpen && state.cursor == nil { state.moveCursor(0, 0) }
    return []
  },
  ExplorerCommand("copy", "copy the read-out of the cursor", .move, [Key("y")]) { state, _ in
    guard let line = state.readOut?.plain else {
      state.complain("put the cursor on the picture first")
      return []
    }
    state.say("copied")
    return [.copy(line)]
  },
]

extension ExplorerState {
  /// Moves what the bench's, the matrix's or the focused panel's arrows move, by one column or row.
  fileprivate mutating func go(_ dx: Int, _ dy: Int) -> [ExplorerEffect] {
    if bench.isOpen {
      moveBench(dx, dy)
      return []
    }
    if confusion != nil {
      moveConfusion(dx, dy)
      return []
    }
    if isGridOpen {
      let columns = ThumbnailGrid.Page(self, in: Layout(self).panes[0]).columns
      return open { $0.move(by: dx + dy * columns) }
    }
    switch focus {
    case .list:
      if dx > 0 { focus = .picture }
      return open { $0.move(by: dy) }
    case .classes:
      if dx < 0 { focus = .picture }
      let order = classOrder
      guard !order.isEmpty else { return [] }
      let place = (order.firstIndex(of: classPanel.selected) ?? 0) + dy
      classPanel.selected = order[min(max(place, 0), order.count - 1)]
      return []
    case .picture:
      moveCursor(dx, dy)
      return []
    }
  }

  /// Moves the cursor by cells, so that it goes at the same pace at every zoom, or by pixels under the loupe.
  ///
  /// The view follows it; a cursor that is not there yet is put into the middle.
  mutating func moveCursor(_ dx: Int, _ dy: Int) {
    guard let picture = shown.picture else { return }
    guard let cursor, let pane = Layout(self).panes.first else {
      self.cursor = PixelPoint(
        x: Int(viewport.centreX * Double(picture.width - 1)),
        y: Int(viewport.centreY * Double(picture.height - 1)))
      return
    }
    let placement = viewport.placement(
      width: picture.width, height: picture.height, columns: pane.width, rows: pane.height)
    let step =
      isLoupeOpen
      ? (1, 1)
      : (
        max(1, Int((placement.width / Double(placement.columns)).rounded())),
        max(1, Int((placement.height / Double(placement.rows)).rounded()))
      )
    let moved = PixelPoint(
      x: min(max(cursor.x + dx * step.0, 0), picture.width - 1),
      y: min(max(cursor.y + dy * step.1, 0), picture.height - 1))
    self.cursor = moved
    if placement.cell(x: moved.x, y: moved.y) == nil {
      viewport.centre(
        x: (Double(moved.x) + 0.5) / Double(picture.width),
        y: (Double(moved.y) + 0.5) / Double(picture.height))
    }
  }

  fileprivate mutating func zoom(by factor: Double) {
    guard let picture = shown.picture, let cursor else { return viewport.zoom(by: factor) }
    viewport.zoom(
      by: factor, aboutX: (Double(cursor.x) + 0.5) / Double(picture.width),
      y: (Double(cursor.y) + 0.5) / Double(picture.height))
  }
}
