import Viz

/// Which classes are drawn and how their panel is ordered.
let classCommands: [ExplorerCommand] = [
  ExplorerCommand("class.hide", "hide or show the class", .classes, [Key("X")]) { state, _ in
    let k = state.classPanel.selected
    state.classPanel.solo = nil
    if state.classPanel.hidden.remove(k) == nil { state.classPanel.hidden.insert(k) }
    return []
  },
  ExplorerCommand("class.solo", "draw only the class, or all", .classes, [Key("S")]) { state, _ in
    let k = state.classPanel.selected
    state.classPanel.solo = state.classPanel.solo == k ? nil : k
    return []
  },
  ExplorerCommand("class.all", "show all classes", .classes, [Key("A")]) { state, _ in
    state.classPanel.solo = nil
    state.classPanel.hidden = []
    return []
  },
  ExplorerCommand("class.sort", "sort classes by area, IoU, name, order", .classes, [Key("C")]) {
    state, _ in
    let all = ClassPanelState.Sort.allCases
    let place = all.firstIndex(of: state.classPanel.sort) ?? 0
    state.classPanel.sort = all[(place + 1) % all.count]
    state.say("classes by \(state.classPanel.sort.rawValue)")
    return []
  },
  ExplorerCommand(
    "class.follow", "highlight the class under the cursor, or not", .classes, [Key("F")]
  ) { state, _ in
    state.isFollowing.toggle()
    state.say(
      state.isFollowing
        ? "the class under the cursor is highlighted"
        : "the class under the cursor is not highlighted")
    return []
  },
  ExplorerCommand(
    "class.probability", "how likely the class is; with SegViT, first where its query finds it",
    .classes, [Key("U")]
  ) { state, _ in
    let isNext =
      state.views[state.focusedPane] == .mask || !state.slots[state.actingSlot].makesMasks
    state.show(isNext ? .probability : .mask)
    return []
  },
  ExplorerCommand("class.next", "next class", .classes, [Key(".")]) { state, _ in
    state.selectClass(by: 1)
    return []
  },
  ExplorerCommand("class.previous", "previous class", .classes, [Key(",")]) { state, _ in
    state.selectClass(by: -1)
    return []
  },
]

extension ExplorerState {
  /// The class that the focused pane's answer gives the cursor's pixel.
  var classUnderCursor: Int? {
    guard let cursor, let labels = answer(of: focusedPane)?.labels, cursor.x < labels.width,
      cursor.y < labels.height
    else { return nil }
    return Int(labels[cursor.x, cursor.y])
  }

  /// The class whose region stands out in a pane: the panel's while it has the keys, else the cursor's.
  ///
  /// The cursor's only where colours stand for classes: a scale of values that is dimmed in places would mislead.
  func highlightedClass(in pane: Int) -> Int? {
    // What is shown of one class already tells it apart.
    if views[pane].isOfOneClass { return nil }
    // Of sliders, one wants to see what they do everywhere.
    if focus == .classes && !whatIf.isOpen { return classPanel.selected }
    // A blob has its outline, and its surroundings tell why it went wrong.
    return isFollowing && walk == nil && !PaneLegend.isNeeded(for: views[pane])
      ? classUnderCursor : nil
  }

  fileprivate mutating func selectClass(by offset: Int) {
    let order = classOrder
    guard !order.isEmpty else { return }
    let place = order.firstIndex(of: classPanel.selected) ?? 0
    classPanel.selected = order[(place + offset + order.count) % order.count]
  }

  /// One line of the classes panel.
  struct ClassRow: Equatable {
    let classIndex: Int
    /// Share of the area, in [0, 1], that the shown answer gives the class.
    let area: Double
    /// Percent on this image and over all seen so far; `nil` without labels or where the class does not occur.
    let iou: Double?
    let seenIoU: Double?
    /// What the upsampler fixes and breaks, in percent, while that is what the focused pane shows.
    var rates: Rates?
    /// How likely, in percent, its query shows the class and nothing, while masks are what the focused pane shows.
    var query: Query?

    /// Shares of the teacher's errors that are fixed, and of what it has right that is broken; here and over all seen.
    struct Rates: Equatable {
      let rescue, damage, seenRescue, seenDamage: Double?
    }

    /// What a query's mask shows.
    struct Query: Equatable {
      let own, nothing: Double
    }
  }

  /// The rows of the panel, with shares of the area that is in sight.
  var classRows: [ClassRow] { classRows(in: visiblePart) }

  /// The rows of the panel for the focused slot, in the panel's order; classes that occur nowhere come last.
  ///
  /// - Parameter part: what the areas are shares of; `nil` for the whole picture.
  func classRows(in part: Crop?) -> [ClassRow] {
    // Sliders stay where they are while what they change moves.
    let answer = whatIf.isOpen ? ownAnswer(of: actingSlot) : answer(of: focusedPane)
    let areas = answer?.labels.areas(classes: classes.names.count, in: part)
    let pixels = Double(max(1, areas?.reduce(0, +) ?? 1))
    func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? 100 * $0 : nil } }
    let isSplit = views[focusedPane] == .split
    let split = isSplit ? shown.split(of: actingSlot, classes: classes.names.count, answer) : nil
    let masks = views[focusedPane] == .mask ? answer?.masks : nil
    let rows = classes.names.indices.map { k in
      ClassRow(
        classIndex: k, area: Double(areas?[k] ?? 0) / pixels, iou: finite(answer?.counts?.iou(k)),
        seenIoU: seen.indices.contains(actingSlot) ? finite(seen[actingSlot].total.iou(k)) : nil,
        rates: isSplit
          ? ClassRow.Rates(
            rescue: finite(split?.rescueRate(of: k)), damage: finite(split?.damageRate(of: k)),
            seenRescue: finite(seen[actingSlot].split.rescueRate(of: k)),
            seenDamage: finite(seen[actingSlot].split.damageRate(of: k))) : nil,
        query: masks.map { masks in
          let shares = masks.classes(of: k)
          return ClassRow.Query(
            own: 100 * Double(shares[k]), nothing: 100 * Double(shares[shares.count - 1]))
        })
    }
    switch classPanel.sort {
    case .order: return rows
    case .name: return rows.sorted { classes.names[$0.classIndex] < classes.names[$1.classIndex] }
    case .area: return rows.sorted { ($1.area, $0.classIndex) < ($0.area, $1.classIndex) }
    case .iou:
      return rows.sorted {
        ($0.iou ?? .infinity, $0.classIndex) < ($1.iou ?? .infinity, $1.classIndex)
      }
    }
  }

  /// The part of the picture that is in sight; `nil` where that is all of it.
  private var visiblePart: Crop? {
    guard viewport.isZoomed, let picture = shown.picture, let pane = Layout(self).panes.first,
      !pane.isEmpty
    else { return nil }
    return viewport.placement(
      width: picture.width, height: picture.height, columns: pane.width, rows: pane.height
    ).crop
  }

  /// Class indices in the panel's order.
  var classOrder: [Int] { classRows.map(\.classIndex) }
}
