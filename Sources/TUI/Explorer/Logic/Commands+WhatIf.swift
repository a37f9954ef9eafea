import Core
import Foundation

/// What other class tokens would predict.
let whatIfCommands: [ExplorerCommand] =
  [
    ExplorerCommand(
      "what-if", "what if: change the class tokens and see what they predict", .whatIf, [Key("w")]
    ) { state, _ in
      state.toggleWhatIf()
      return []
    }
  ]
  + [
    ("less", "lower the class's bias by 0.1", -0.1, [Key(.left), Key("h")]),
    ("more", "raise it by 0.1", 0.1, [Key(.right), Key("l")]),
    ("much-less", "lower it by 1", -1, [Key(.left, .shift), Key("H")]),
    ("much-more", "raise it by 1", 1, [Key(.right, .shift), Key("L")]),
  ].map { (name: String, title: String, step: Float, keys: [Key]) in
    ExplorerCommand("what-if.\(name)", title, .whatIf, keys, in: .whatIf) { state, _ in
      let k = state.classPanel.selected
      state.changeEdit { edit in
        let bias = ((edit.bias[k] + step) * 10).rounded() / 10
        edit.bias[k] = min(max(bias, WhatIf.biases.lowerBound), WhatIf.biases.upperBound)
      }
      return []
    }
  }
  + [
    ExplorerCommand(
      "what-if.mask", "never predict the class, or again", .whatIf, [Key("x")], in: .whatIf
    ) { state, _ in
      let k = state.classPanel.selected
      let isLast = state.edit.masked.count == state.classes.names.count - 1
      if isLast && !state.edit.masked.contains(k) {
        state.complain("a class must be left to predict")
        return []
      }
      state.changeEdit { edit in
        if edit.masked.remove(k) == nil { edit.masked.insert(k) }
      }
      return []
    },
    ExplorerCommand(
      "what-if.merge", "merge the class with the next that is chosen; twice: part its group",
      .whatIf, [Key("m")], in: .whatIf
    ) { state, _ in
      state.mergeSelected()
      return []
    },
    ExplorerCommand(
      "what-if.sum", "merged classes: by labels, or by sums of probabilities", .whatIf, [Key("p")],
      in: .whatIf
    ) { state, _ in
      state.whatIf.isSummed.toggle()
      state.say(
        state.whatIf.isSummed
          ? "merged classes: the largest sum of probabilities"
          : "merged classes: the most likely class, merged")
      return []
    },
    ExplorerCommand(
      "what-if.swap", "the other model's class tokens, or its own", .whatIf, [Key("s")],
      in: .whatIf
    ) { state, _ in
      state.swapTokens()
      return []
    },
    ExplorerCommand("what-if.cooler", "lower temperature", .whatIf, [Key("<")], in: .whatIf) {
      state, _ in
      state.heat(by: 1 / Float(2).squareRoot())
      return []
    },
    ExplorerCommand("what-if.warmer", "higher temperature", .whatIf, [Key(">")], in: .whatIf) {
      state, _ in
      state.heat(by: Float(2).squareRoot())
      return []
    },
    ExplorerCommand(
      "what-if.zero", "leave the class as it was", .whatIf, [Key("0")], in: .whatIf
    ) { state, _ in
      let k = state.classPanel.selected
      state.changeEdit { edit in
        edit.bias[k] = 0
        edit.masked.remove(k)
      }
      state.changeGroups { $0.dissolve(k) }
      return []
    },
    ExplorerCommand(
      "what-if.reset", "leave everything as it was", .whatIf, [Key("r")], in: .whatIf
    ) { state, _ in
      let (slots, classes) = (state.slots.count, state.classes.names.count)
      state.whatIf.edits = WhatIf(slots: slots, classes: classes).edits
      state.whatIf.partner = nil
      return []
    },
    ExplorerCommand(
      "tokens.save", "write a checkpoint with the edited tokens", .whatIf, [], takes: "FILE"
    ) { state, path in state.saveTokens(path) },
  ]

extension ExplorerState {
  fileprivate mutating func toggleWhatIf() {
    guard !whatIf.isOpen else {
      whatIf.isOpen = false
      return
    }
    guard !slots[actingSlot].outputStrides.isEmpty else {
      complain("a folder of predictions has no class tokens; give a model to hfgd explore")
      return
    }
    guard !slots[actingSlot].makesMasks else {
      complain(
        "\(slots[actingSlot].name) has no class tokens to edit, its queries change with the picture"
      )
      return
    }
    uncover()
    whatIf.isOpen = true
    focus = .classes
  }

  /// Changes the acting slot's edit.
  fileprivate mutating func changeEdit(_ change: (inout TokenEdit) -> Void) {
    guard !slots[actingSlot].outputStrides.isEmpty else {
      complain("a folder of predictions has no class tokens; its classes can be merged alone")
      return
    }
    change(&whatIf.edits[actingSlot])
  }

  /// Changes the groups of classes, which all slots share: what is compared has one list of classes.
  fileprivate mutating func changeGroups(_ change: (inout ClassGroups) -> Void) {
    for slot in whatIf.edits.indices { change(&whatIf.edits[slot].groups) }
  }

  fileprivate mutating func mergeSelected() {
    let k = classPanel.selected
    guard let partner = whatIf.partner else {
      whatIf.partner = k
      say("choose the class to merge with \(classes.names[k]), then merge again")
      return
    }
    whatIf.partner = nil
    changeGroups { groups in
      if partner == k { groups.dissolve(k) } else { groups.merge([partner, k]) }
    }
  }

  fileprivate mutating func swapTokens() {
    guard slots.count > 1, let own = tokens[actingSlot], let other = tokens[1 - actingSlot] else {
      complain("there is no other model whose tokens are known; give two to hfgd explore")
      return
    }
    guard own.width == other.width else {
      complain(
        "tokens of \(own.width) and \(other.width) numbers cannot be swapped; models need one width"
      )
      return
    }
    changeEdit { $0.isSwapped.toggle() }
  }

  fileprivate mutating func heat(by factor: Float) {
    changeEdit { edit in
      let reach = WhatIf.temperatures
      // Two steps are a factor of two, without the rounding of a root.
      let step = (2 * log2(edit.temperature * factor)).rounded() / 2
      edit.temperature = min(max(exp2(step), reach.lowerBound), reach.upperBound)
    }
  }

  fileprivate mutating func saveTokens(_ path: String) -> [ExplorerEffect] {
    guard !path.isEmpty else {
      complain("tokens.save takes the name of a file")
      return []
    }
    guard let own = tokens[actingSlot] else {
      complain("the class tokens are not there yet")
      return []
    }
    guard !edit.tokensAreUnchanged else {
      complain("there is nothing to save: the tokens are as they were")
      return []
    }
    let other = edit.isSwapped ? tokens[1 - actingSlot] : nil
    return [
      .saveTokens(
        TokenSaving(
          path: path, slot: actingSlot, file: tokenFiles[actingSlot],
          tokens: edit.tokens(of: own, other: other), edit: edit,
          other: edit.isSwapped ? slots[1 - actingSlot].name : nil))
    ]
  }
}

extension TokenEdit {
  /// Whether nothing is changed but how classes are merged.
  fileprivate var tokensAreUnchanged: Bool {
    var unmerged = self
    unmerged.groups = ClassGroups(count: bias.count)
    return unmerged.isEmpty
  }
}
