/// The mouse: select, point, zoom to the pointer, drag the view, the divider or the threshold.
extension ExplorerState {
  mutating func handle(_ mouse: MouseEvent) -> [ExplorerEffect] {
    guard dialog == .none else { return [] }
    let layout = Layout(self)
    if bench.isOpen { return pointAtBench(mouse, layout) }
    if confusion != nil { return pointAtConfusion(mouse, layout) }
    if scatter.isOpen && !layout.classes.contains(column: mouse.column, row: mouse.row) {
      return []
    }
    switch mouse.action {
    case .press(.left): return press(mouse, layout)
    case .press(.right):
      if let (point, pane) = target(mouse, layout), let corner = pixel(point) {
        focus = .picture
        focusedPane = pane
        grip = .region(from: corner)
      }
      return []
    case .drag(.right):
      if let grip { drag(grip, mouse, layout) }
      return []
    case .release:
      grip = nil
      return []
    case .drag(.left):
      if let grip { drag(grip, mouse, layout) }
      return []
    case .wheelUp, .wheelDown:
      let isUp = mouse.action == .wheelUp
      if layout.list.contains(column: mouse.column, row: mouse.row) {
        return open { $0.move(by: isUp ? -1 : 1) }
      }
      if let (point, _) = target(mouse, layout) {
        viewport.zoom(by: isUp ? 1.25 : 0.8, aboutX: point.x, y: point.y)
      }
      return []
    case .move:
      if let (point, _) = target(mouse, layout) { cursor = pixel(point) }
      return []
    default: return []
    }
  }

  /// A click selects a pair of classes, a click on the selected one opens its images; the wheel goes from row to row.
  private mutating func pointAtConfusion(_ mouse: MouseEvent, _ layout: Layout)
    -> [ExplorerEffect]
  {
    switch mouse.action {
    case .press(.left):
      guard
        let pair = ConfusionPanel.pair(
          self, column: mouse.column, row: mouse.row, in: layout.panes[0])
      else { return [] }
      if pair == confusion { return startWalk() }
      confusion = pair
    case .wheelUp: moveConfusion(0, -1)
    case .wheelDown: moveConfusion(0, 1)
    default: break
    }
    return []
  }

  private mutating func press(_ mouse: MouseEvent, _ layout: Layout) -> [ExplorerEffect] {
    grip = nil
    if layout.list.contains(column: mouse.column, row: mouse.row) {
      focus = .list
      let line = (mouse.row - layout.list.y - 1) / ListPanel.rowHeight(self)
      let first = ListPanel.visiblePlaces(self, in: layout.list).lowerBound
      return mouse.row > layout.list.y ? open { $0.open(position: first + line) } : []
    }
    if layout.classes.contains(column: mouse.column, row: mouse.row) {
      focus = .classes
      let row = mouse.row
      if let k = whatIf.isOpen && !isCovered
        ? WhatIfPanel.classIndex(self, row: row, in: layout.classes)
        : ClassesPanel.classIndex(self, row: row, in: layout.classes)
      {
        classPanel.selected = k
      }
      return []
    }
    if isGridOpen {
      if let place = ThumbnailGrid.Page(self, in: layout.panes[0])
        .place(column: mouse.column, row: mouse.row, in: layout.panes[0])
      {
        return open { $0.open(position: place) }
      }
      return []
    }
    if let divider = layout.divider, layout.isNear(mouse, divider) {
      grip = .divider
    } else if let pane = slider(mouse, layout) {
      grip = .threshold(pane: pane)
      drag(.threshold(pane: pane), mouse, layout)
    } else if let (point, pane) = target(mouse, layout) {
      focus = .picture
      focusedPane = pane
      cursor = pixel(point)
      grip = .picture(x: point.x, y: point.y)
    }
    return []
  }

  private mutating func drag(_ grip: Grip, _ mouse: MouseEvent, _ layout: Layout) {
    switch grip {
    case .divider:
      guard let divider = layout.divider else { return }
      let share =
        divider.width == 1
        ? Double(mouse.column - layout.pictures.x) / Double(max(1, layout.pictures.width))
        : Double(mouse.row - layout.panes[0].y) / Double(max(1, layout.pictures.height - 1))
      self.divider = min(max(share, 0.05), 0.95)
    case .threshold(let pane):
      guard let bar = sliderBar(pane, layout) else { return }
      threshold = PaneLegend.threshold(column: mouse.column, in: bar)
    case .region(let corner):
      guard let (point, _) = target(mouse, layout), let opposite = pixel(point) else { return }
      setRegion(from: corner, to: opposite)
      if views[focusedPane] != .similarity { show(.similarity) }
    case .picture(let x, let y):
      // The point that was taken stays under the mouse.
      guard let (point, _) = target(mouse, layout) else { return }
      viewport.pan(x: (x - point.x) * viewport.zoom, y: (y - point.y) * viewport.zoom)
    }
  }

  /// The pane whose slider is under the mouse.
  private func slider(_ mouse: MouseEvent, _ layout: Layout) -> Int? {
    visiblePanes.first { pane in
      sliderBar(pane, layout)?.contains(column: mouse.column, row: mouse.row) == true
    }
  }

  /// Where the slider of a pane is; `nil` where the pane has none or is not seen.
  private func sliderBar(_ pane: Int, _ layout: Layout) -> Rect? {
    guard views[pane] == .confidence else { return nil }
    return PicturePanel.legendRect(self, pane: pane, layout)
      .flatMap { PaneLegend(self, pane: pane)?.sliderBar(in: $0) }
  }

  /// The place in the picture under the mouse, as shares of its sides, and the pane that it is in.
  private func target(_ mouse: MouseEvent, _ layout: Layout)
    -> (point: (x: Double, y: Double), pane: Int)?
  {
    guard !isGridOpen, let picture = shown.picture,
      let place = layout.panes.firstIndex(where: {
        $0.contains(column: mouse.column, row: mouse.row)
      })
    else { return nil }
    let rect = layout.panes[place]
    let placement = viewport.placement(
      width: picture.width, height: picture.height, columns: rect.width, rows: rect.height)
    let (x, y) = placement.pixel(
      column: mouse.column - rect.x - (rect.width - placement.columns) / 2,
      row: mouse.row - rect.y - (rect.height - placement.rows) / 2)
    let pane =
      switch comparison {
      case .single, .blink: focusedPane
      case .sideBySide: place
      case .wipe: mouse.column < layout.divider?.x ?? 0 ? 0 : 1
      }
    return ((x / Double(picture.width), y / Double(picture.height)), pane)
  }

  /// The pixel at shares of the picture's sides, or the one at its edge that is nearest.
  private func pixel(_ point: (x: Double, y: Double)) -> PixelPoint? {
    shown.picture.map { picture in
      PixelPoint(
        x: min(max(Int(point.x * Double(picture.width)), 0), picture.width - 1),
        y: min(max(Int(point.y * Double(picture.height)), 0), picture.height - 1))
    }
  }
}

extension Layout {
  /// Whether the mouse is on a divider or beside it: a drag may run ahead of the line by a cell.
  fileprivate func isNear(_ mouse: MouseEvent, _ divider: Rect) -> Bool {
    pictures.contains(column: mouse.column, row: mouse.row)
      && (divider.width == 1
        ? abs(mouse.column - divider.x) <= 1 : abs(mouse.row - divider.y) <= 1)
  }
}
