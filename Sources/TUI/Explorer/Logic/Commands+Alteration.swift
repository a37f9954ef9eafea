import Core

/// Trying a model out: corrupted pictures, parts that are left out.
let alterationCommands: [ExplorerCommand] = [
  ExplorerCommand(
    "corrupt", "corrupt the picture: choose kind and severity", .lenses, [Key("I")],
    takes: "KIND:SEVERITY"
  ) { state, text in
    guard !text.isEmpty else {
      state.dialog = .corruption(selection: state.alteration.corruption?.kind.place ?? 0)
      return []
    }
    let corruption = Corruption(description: text)
    guard corruption != nil || text == "off" else {
      let kinds = Corruption.Kind.allCases.map(\.rawValue).joined(separator: ", ")
      state.complain("there is no corruption \(text); give off, or one of \(kinds) as fog:3")
      return []
    }
    return state.alter { $0.corruption = corruption }
  },
  ExplorerCommand(
    "without", "run the models without parts of them (not retrained)", .lenses, [Key("W")],
    takes: "PARTS"
  ) { state, text in
    guard !state.removableParts.isEmpty else {
      let names = state.slots.map(\.name).joined(separator: " or ")
      state.complain("there is nothing that \(names) can be run without")
      return []
    }
    guard !text.isEmpty else {
      state.dialog = .parts(selection: 0)
      return []
    }
    guard let ablation = text == "off" ? [] : Ablation(description: text) else {
      state.complain("there are the parts axial, p2, p3, p4 and p5; one of the last four must stay")
      return []
    }
    return state.alter { $0.ablation = ablation }
  },
]

extension ExplorerState {
  /// What one of the models can be run without.
  var removableParts: [(name: String, part: Ablation)] {
    Ablation.parts.filter { _, part in slots.contains { $0.removableParts.contains(part) } }
  }

  /// Changes what is altered, and asks for the open image as the models then see it.
  mutating func alter(_ change: (inout Alteration) -> Void) -> [ExplorerEffect] {
    let before = alteration
    change(&alteration)
    guard alteration != before, gallery.current != nil else { return [] }
    return dropReinference() + refresh()
  }
}

extension Corruption.Kind {
  /// Its place in the panel.
  var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// Keys of the small panels beside the picture.
enum AlterationUpdate {
  /// Kinds upwards and downwards, severity to the left and right or by its number; Esc turns it off.
  static func corruption(_ state: inout ExplorerState, _ key: Key, _ selection: Int)
    -> [ExplorerEffect]
  {
    let kinds = Corruption.Kind.allCases
    let severity = state.alteration.corruption?.severity ?? 0
    func choose(_ selection: Int, _ severity: Int) -> [ExplorerEffect] {
      let selection = min(max(selection, 0), kinds.count - 1)
      let severity = min(max(severity, 0), Corruption.severities.upperBound)
      state.dialog = .corruption(selection: selection)
      return state.alter {
        $0.corruption =
          severity == 0 ? nil : Corruption(kinds[selection], severity: severity)
      }
    }
    switch key.code {
    case .up, .character("k"): return choose(selection - 1, severity)
    case .down, .character("j"): return choose(selection + 1, severity)
    case .left, .character("h"): return choose(selection, severity - 1)
    case .right, .character("l"): return choose(selection, severity + 1)
    case .character(let character):
      if let number = character.wholeNumberValue, number <= 5 { return choose(selection, number) }
      if character == "I" { state.dialog = .none }
      return []
    case .enter:
      state.dialog = .none
      return []
    case .escape:
      state.dialog = .none
      return state.alter { $0.corruption = nil }
    default: return []
    }
  }

  /// Parts upwards and downwards; Space leaves one out or takes it in again, Esc takes all in.
  static func parts(_ state: inout ExplorerState, _ key: Key, _ selection: Int)
    -> [ExplorerEffect]
  {
    let parts = state.removableParts
    switch key.code {
    case .up, .character("k"): state.dialog = .parts(selection: max(0, selection - 1))
    case .down, .character("j"):
      state.dialog = .parts(selection: min(parts.count - 1, selection + 1))
    case .character(" "), .left, .right:
      let ablation = state.alteration.ablation.symmetricDifference(parts[selection].part)
      guard ablation.leavesABranch else {
        state.complain("one of p2, p3, p4 and p5 must stay")
        return []
      }
      return state.alter { $0.ablation = ablation }
    case .enter, .character("W"): state.dialog = .none
    case .escape:
      state.dialog = .none
      return state.alter { $0.ablation = [] }
    default: break
    }
    return []
  }
}
