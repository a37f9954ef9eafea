extension ExplorerState {
  /// How many thumbnails are kept: a screen of 300×90 shows 88.
  private static let thumbnailLimit = 400

  /// The entries whose small pictures sheet or list show.
  private var illustratedEntries: [Int] {
    guard isGridOpen || isListIllustrated else { return [] }
    let layout = Layout(self)
    if isGridOpen { return ThumbnailGrid.Page(self, in: layout.panes[0]).entries }
    guard !layout.list.isEmpty else { return [] }
    return ListPanel.visiblePlaces(self, in: layout.list).map { gallery.listed[$0] }
  }

  /// Asks for the small pictures that sheet or list miss, unless all of them are on their way.
  ///
  /// What is out of sight is forgotten when there is too much of it.
  mutating func askForThumbnails() -> [ExplorerEffect] {
    let wanted = illustratedEntries
    guard !wanted.isEmpty else { return [] }
    if thumbnails.count > Self.thumbnailLimit {
      thumbnails = thumbnails.filter { wanted.contains($0.key) }
    }
    let missing = wanted.filter { thumbnails[$0] == nil && !failedThumbnails.contains($0) }
    guard !askedThumbnails.isSuperset(of: missing) else { return [] }
    // Those that were asked for before, and are in sight no more, are given up by that.
    askedThumbnails = Set(missing)
    return [.thumbnails(missing)]
  }
}
