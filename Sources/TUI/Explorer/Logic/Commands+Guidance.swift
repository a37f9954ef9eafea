/// Teacher and student: what the upsampler makes of the guidance.
let guidanceCommands: [ExplorerCommand] = [
  ExplorerCommand(
    "guidance.next", "teacher and student: disagreement, divergence, split of errors, teacher",
    .lenses, [Key("D")]
  ) { state, _ in
    let hasTruth = state.gallery.current?.label != nil
    let views = PaneView.guidance.filter { hasTruth || !$0.needsTruth }
    let next = views.firstIndex(of: state.views[state.focusedPane]).map { ($0 + 1) % views.count }
    state.show(views[next ?? 0])
    return []
  }
]
