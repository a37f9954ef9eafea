import Core

/// The explorer itself.
let programCommands: [ExplorerCommand] = [
  ExplorerCommand(
    "help", "all commands; type to filter, Enter runs", .program, [Key("?"), Key(.function(1))]
  ) {
    state, _ in
    state.dialog = .help(filter: "", selection: 0)
    return []
  },
  ExplorerCommand("palette", "type a command", .program, [Key(":")]) { state, _ in
    state.dialog = .palette(ExplorerState.Palette())
    return []
  },
  ExplorerCommand("focus.next", "next panel", .program, [Key(.tab)]) { state, _ in
    state.moveFocus(by: 1)
    return []
  },
  ExplorerCommand("focus.previous", "panel before", .program, [Key(.backTab)]) { state, _ in
    state.moveFocus(by: -1)
    return []
  },
  ExplorerCommand(
    "back",
    "cancel; leave dialog, bench, matrix, sliders, corruption, loupe, zoom, filter, solo", .program,
    [Key(.escape)]
  ) {
    state, _ in
    if state.exportPath != nil {
      (state.exportPath, state.exportProgress) = (nil, nil)
      state.say("cancelled; nothing was written")
      return [.cancelExport]
    } else if state.message != nil {
      state.message = nil
    } else if state.bench.isOpen {
      state.bench.isOpen = false
    } else if state.confusion != nil {
      state.confusion = nil
    } else if state.scatter.isOpen {
      return state.closeScatter()
    } else if state.whatIf.isOpen && state.focus == .classes {
      state.whatIf.isOpen = false
    } else if !state.alteration.isNone {
      return state.alter { $0 = Alteration() }
    } else if state.reinference != nil {
      return state.dropReinference()
    } else if state.isGridOpen {
      state.isGridOpen = false
    } else if state.isLoupeOpen {
      state.isLoupeOpen = false
    } else if state.classPanel.solo != nil {
      state.classPanel.solo = nil
    } else if state.walk != nil {
      return state.endWalk()
    } else if state.viewport.isZoomed {
      state.viewport.reset()
    } else if !state.gallery.filter.isEmpty {
      return state.open { $0.setFilter("") }
    } else {
      state.cursor = nil
      state.focus = .list
    }
    return []
  },
  ExplorerCommand("open", "go into the picture", .program, [Key(.enter)]) { state, _ in
    if state.bench.isOpen { return state.openBenchPair() }
    if state.confusion != nil { return state.startWalk() }
    state.isGridOpen = false
    state.focus = .picture
    return []
  },
  ExplorerCommand("classes.hide", "hide or show the classes", .program, [Key("c", .alt)]) {
    state, _ in
    state.areClassesHidden.toggle()
    return []
  },
  ExplorerCommand(
    "export", "write what is on screen as PNG or JPEG, with a legend", .program, [Key("e")],
    takes: "FILE"
  ) { state, path in
    guard let request = state.exportRequest(path: path) else {
      state.complain("there is nothing to export yet")
      return []
    }
    guard state.exportPath == nil else {
      state.complain("\(state.exportPath ?? "") is being written; Esc cancels that")
      return []
    }
    state.exportPath = request.path
    return [.export(request)]
  },
  ExplorerCommand(
    "figure", "write a sheet of the marked images, or the open one: truth, predictions, errors",
    .program, [], takes: "FILE"
  ) { state, path in
    guard let request = state.figureRequest(path: path) else {
      state.complain("there is no image")
      return []
    }
    guard state.exportPath == nil else {
      state.complain("\(state.exportPath ?? "") is being written; Esc cancels that")
      return []
    }
    let isNamed = !path.isEmpty && !path.hasSuffix("/")
    guard !isNamed || ImageFile.isImage(path) else {
      state.complain("\(path): the name of a figure ends in .png or .jpg")
      return []
    }
    state.exportPath = isNamed ? path : path + request.name
    return [.figure(request)]
  },
  ExplorerCommand("theme", "light or dark", .program, [Key("T")]) { state, _ in
    state.themeChoice = state.theme == .dark ? .light : .dark
    return [.save]
  },
  ExplorerCommand(
    "meter", "bytes of a frame, speed and delay of the line", .program, [Key("t", .control)]
  ) {
    state, _ in
    state.isMeterOn.toggle()
    return []
  },
  ExplorerCommand("mouse", "mouse for the explorer, or for the terminal", .program, []) {
    state, _ in
    state.isMouseOn.toggle()
    state.say(
      state.isMouseOn
        ? "the mouse points, zooms and drags"
        : "the mouse selects text, as the terminal does; :mouse takes it back")
    return [.setMouse(state.isMouseOn)]
  },
  ExplorerCommand(
    "suspend", "stop in the background (fg brings it back)", .program, [Key("z", .control)]
  ) {
    _, _ in [.suspend]
  },
  ExplorerCommand(
    "quit", "leave; place and marks are kept", .program, [Key("q"), Key("c", .control)]
  ) { _, _ in
    [.save, .quit]
  },
]

extension ExplorerState {
  fileprivate mutating func moveFocus(by offset: Int) {
    let layout = Layout(self)
    let panels = Focus.allCases.filter { panel in
      switch panel {
      case .list: !layout.list.isEmpty
      case .picture: true
      case .classes: !layout.classes.isEmpty
      }
    }
    let place = panels.firstIndex(of: focus) ?? 0
    focus = panels[(place + offset + panels.count) % panels.count]
  }
}
