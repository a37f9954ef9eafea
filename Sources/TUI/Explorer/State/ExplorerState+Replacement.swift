extension ExplorerState {
  /// Forgets what a slot's model has told, as another one takes its place, and says what is to be given up for that.
  ///
  /// Its answers stay on the screen until the new one has answered. The images of a confusion stay listed: one wants to see
  /// what becomes of them.
  mutating func forgetModel(of slot: Int) -> [ExplorerEffect] {
    seen[slot] = Tally(classes: classes.names.count)
    gallery.forget(slot: slot)
    learn(nil, of: slot)
    shown.outdated.insert(slot)
    if walk?.slot == slot { walk?.blobs = nil }
    // An empty matrix has no row or column for what is no class.
    moveConfusion(0, 0)
    // Features of two models cannot be compared.
    similarity.pin = nil
    if similarity.probe == .pin { similarity.probe = .cursor }
    featureLens.held = nil
    if scatter.result != nil || scatter.progress != nil {
      (scatter.result, scatter.progress) = (nil, nil)
      scatter.failure = "a newer checkpoint has come; Esc, then :scatter lays out its features"
    }
    return dropReinference()
  }
}
