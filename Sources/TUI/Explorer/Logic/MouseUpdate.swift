/// The mouse: select, point, zoom to the pointer, drag the view or the divider.
extension ExplorerState {
  mutating func handle(_ mouse: MouseEvent) -> [ExplorerEffect] {
    guard dialog == .none else { return [] }
    let layout = Layout(self)
    if case .press(.left) = mouse.action, layout.list.contains(column: mouse.column, row: mouse.row)
    {
      focus = .list
      let first = ListPanel.firstVisible(self, in: layout.list)
      return open { $0.open(position: first + mouse.row - layout.list.y - 1) }
    }
    if case .press(.left) = mouse.action,
      layout.classes.contains(column: mouse.column, row: mouse.row)
    {
      focus = .classes
      let order = classOrder
      let place = mouse.row - layout.classes.y - 1
      if order.indices.contains(place) { classPanel.selected = order[place] }
      return []
    }
    if case .drag(.left) = mouse.action, let divider = layout.divider, layout.isNear(mouse, divider)
    {
      let share =
        divider.width == 1
        ? Double(mouse.column - layout.pictures.x) / Double(max(1, layout.pictures.width))
        : Double(mouse.row - layout.pictures.y) / Double(max(1, layout.pictures.height))
      self.divider = min(max(share, 0.05), 0.95)
      return []
    }
    return overPictures(mouse, layout)
  }

  private mutating func overPictures(_ mouse: MouseEvent, _ layout: Layout) -> [ExplorerEffect] {
    guard let picture = shown.picture,
      let pane = layout.panes.first(where: { $0.contains(column: mouse.column, row: mouse.row) })
    else {
      if layout.list.contains(column: mouse.column, row: mouse.row) {
        if mouse.action == .wheelUp { return open { $0.move(by: -1) } }
        if mouse.action == .wheelDown { return open { $0.move(by: 1) } }
      }
      return []
    }
    let placement = viewport.placement(
      width: picture.width, height: picture.height, columns: pane.width, rows: pane.height)
    let origin = (
      pane.x + (pane.width - placement.columns) / 2, pane.y + (pane.height - placement.rows) / 2
    )
    let (x, y) = placement.pixel(column: mouse.column - origin.0, row: mouse.row - origin.1)
    let point = PixelPoint(
      x: min(max(Int(x), 0), picture.width - 1), y: min(max(Int(y), 0), picture.height - 1))
    let share = (x / Double(picture.width), y / Double(picture.height))
    switch mouse.action {
    case .wheelUp: viewport.zoom(by: 1.25, aboutX: share.0, y: share.1)
    case .wheelDown: viewport.zoom(by: 0.8, aboutX: share.0, y: share.1)
    case .press(.left), .move:
      if mouse.action == .press(.left) {
        focus = .picture
        if layout.panes.count > 1 { focusedSlot = layout.panes[1] == pane ? 1 : 0 }
      }
      cursor = point
    case .drag(.left):
      if let cursor {
        viewport.pan(
          x: Double(cursor.x - point.x) / Double(picture.width) * viewport.zoom,
          y: Double(cursor.y - point.y) / Double(picture.height) * viewport.zoom)
      }
    default: break
    }
    return []
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
