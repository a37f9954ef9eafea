/// Which image is open, and how the list is ordered.
let browseCommands: [ExplorerCommand] = [
  ExplorerCommand("image.next", "next image", .browse, [Key("n"), Key(.pageDown)]) { state, _ in
    state.open { $0.move(by: 1) }
  },
  ExplorerCommand("image.previous", "previous image", .browse, [Key("p"), Key(.pageUp)]) {
    state, _ in
    state.open { $0.move(by: -1) }
  },
  ExplorerCommand("image.first", "first image", .browse, [Key(.home)]) { state, _ in
    state.open { $0.open(position: 0) }
  },
  ExplorerCommand("image.last", "last image", .browse, [Key(.end)]) { state, _ in
    state.open { $0.open(position: $0.listed.count - 1) }
  },
  ExplorerCommand("image.open", "open the image of a name", .browse, [], takes: "NAME") {
    state, name in
    guard state.gallery.entries.contains(where: { $0.name == name }) else {
      state.complain("there is no image \(name)")
      return []
    }
    return state.open { $0.open(named: name) }
  },
  ExplorerCommand(
    "list.filter", "list only names that hold a text", .browse, [Key("/")], takes: "TEXT"
  ) {
    state, text in
    if !text.isEmpty { return state.open { $0.setFilter(text) } }
    state.dialog = .filter(previous: state.gallery.filter)
    return []
  },
  ExplorerCommand(
    "list.sort", "sort by name, mIoU, Δ, entropy, area; or by IoU.CLASS",
    .browse, [Key("s")], takes: "BY"
  ) {
    state, text in
    if !text.isEmpty { return state.sort(by: text) }
    let sorts: [Gallery.Sort] =
      [.name, .meanIoU] + (state.slots.count > 1 ? [.delta] : [])
      + [.entropy, .area(classIndex: state.classPanel.selected)]
    let next = ((sorts.firstIndex(of: state.gallery.sort) ?? -1) + 1) % sorts.count
    state.gallery.setSort(sorts[next])
    state.say("sorted by \(state.sortName)")
    return []
  },
  ExplorerCommand("list.mark", "mark the image", .browse, [Key("m")]) { state, _ in
    guard let (name, isMarked) = state.gallery.toggleMark() else { return [] }
    return [.mark(name: name, isMarked), .save]
  },
  ExplorerCommand("list.marked", "list the marked images, or all", .browse, [Key("M")]) {
    state, _ in
    state.open { $0.setFilter($0.filter == "*" ? "" : "*") }
  },
  ExplorerCommand("list.hide", "hide or show the list", .browse, [Key("l", .alt)]) { state, _ in
    state.isListHidden.toggle()
    return []
  },
  ExplorerCommand(
    "list.pictures", "small pictures in the list, or names only", .browse, [Key("i")]
  ) { state, _ in
    state.isListIllustrated.toggle()
    return []
  },
  ExplorerCommand("sheet", "a sheet of small pictures", .browse, [Key("G")]) { state, _ in
    let isOpen = state.isGridOpen
    state.uncover()
    state.isGridOpen = !isOpen
    state.focus = .list
    return []
  },
  ExplorerCommand("slideshow", "start or stop the slide show", .browse, [Key(" ")]) { state, _ in
    state.isSlideshowOn.toggle()
    state.say(state.isSlideshowOn ? "slide show: Space stops it" : "slide show stopped")
    return []
  },
]

extension ExplorerState {
  /// What the list is sorted by, in words.
  var sortName: String {
    if gallery.narrowed != nil { return "pixels ↓" }
    return switch gallery.sort {
    case .name: "name"
    case .meanIoU: "mIoU ↑"
    case .delta: "Δ mIoU ↓"
    case .entropy: "entropy ↓"
    case .number(let name): "\(name) ↑"
    case .area(let k): "area of \(classes.names.indices.contains(k) ? classes.names[k] : "?") ↓"
    }
  }

  /// Sorts the list by a number that the palette was given.
  fileprivate mutating func sort(by name: String) -> [ExplorerEffect] {
    guard name.lowercased() == "name" || Gallery.isNumber(name, classNames: classes.names) else {
      complain(
        "images have no \(name); sort by name, mIoU, aAcc, delta, entropy, IoU.CLASS or area.CLASS")
      return []
    }
    gallery.setSort(name.lowercased() == "name" ? .name : .number(name))
    say("sorted by \(sortName)")
    return []
  }

  /// Changes the gallery; where that opens another image, everything about the old one goes and the engine is asked.
  mutating func open(_ change: (inout Gallery) -> Void) -> [ExplorerEffect] {
    let before = gallery.selected
    change(&gallery)
    guard gallery.selected != before, gallery.current != nil else { return [] }
    return reload()
  }

  /// Asks the engine for the open image and, after it, for the ones that are likely to follow.
  mutating func reload() -> [ExplorerEffect] {
    shown = Shown(entry: gallery.selected, slots: slots.count)
    walk?.blobs = nil
    return dropReinference() + refresh()
  }

  /// The same for the open image as it stands: what is on the screen stays until something newer comes.
  mutating func refresh() -> [ExplorerEffect] {
    // What went wrong before is told again where it still does.
    shown.failure = nil
    guard alteration.isNone else {
      return [.showAltered(entry: gallery.selected, extras, alteration)]
    }
    let place = gallery.position ?? 0
    let neighbours = [place + 1, place - 1, place + 2].filter(gallery.listed.indices.contains)
    return [
      .show(entry: gallery.selected, neighbours: neighbours.map { gallery.listed[$0] }, extras)
    ]
  }

  /// A message that all is well.
  mutating func say(_ text: String) { message = Message(text: text) }

  /// A message beside the one that is there.
  mutating func note(_ text: String) {
    message = Message(text: [message?.text, text].compactMap { $0 }.joined(separator: " · "))
  }

  /// A message that something is not.
  mutating func complain(_ text: String) { message = Message(text: text, isError: true) }
}
