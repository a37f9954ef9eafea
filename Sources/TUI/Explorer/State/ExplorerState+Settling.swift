extension ExplorerState {
  /// Whether the open image has been read, every slot has given its last answer with all that the screen needs of it, or never
  /// will, and nothing else that was asked for is under way: what a script's `wait` waits for.
  var isSettled: Bool {
    guard exportPath == nil, evaluation == nil, scatter.progress == nil else { return false }
    guard gallery.current != nil else { return true }
    guard activity == nil else { return false }
    if shown.failure != nil { return true }
    guard shown.picture != nil, shown.alteration == alteration else { return false }
    return slots.indices.allSatisfy { hasAnswered($0) }
  }

  /// Whether a slot's last answer is there, and all that is made of it for the screen.
  private func hasAnswered(_ slot: Int) -> Bool {
    guard !shown.outdated.contains(slot),
      let answer = shown.answers[slot][slots[slot].finestStride],
      answer.extras.isSuperset(of: extras)
    else { return false }
    let isModel = !slots[slot].outputStrides.isEmpty
    if let reinference, isModel, reinference.results[slot] == nil { return false }
    guard whatIf.isOpen, !whatIf.edits[slot].isEmpty, let asked = whatIf.asked[slot] else {
      return true
    }
    return whatIf.outcomes[slot]?.key == asked
  }
}
