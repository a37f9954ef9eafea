import Core
import Viz

/// What a start takes over from the one before: the place, what the panels show, how it looks.
///
/// Seen counts, results and the cursor are not kept. Every member is read by itself: one that is missing, or that means
/// nothing here, leaves what is there.
extension ExplorerState {
  /// The place as JSON.
  var place: JSON {
    let hiddenClasses = classPanel.hidden.sorted().map { classes.names[$0] }
    var members = [
      JSON.Member("image", .string(gallery.current?.name ?? "")),
      JSON.Member("marks", .strings(gallery.marks.sorted())),
      JSON.Member("sort", .string(gallery.sort.word)),
      JSON.Member("zoom", .number(viewport.zoom, decimals: 4)),
      JSON.Member(
        "centre",
        .array([viewport.centreX, viewport.centreY].map { .number($0, decimals: 5) })),
      JSON.Member("views", .strings(views.map(\.name))),
      JSON.Member("comparison", .string(comparison.rawValue)),
      JSON.Member("divider", .number(divider, decimals: 3)),
      JSON.Member("pane", .number("\(focusedPane)")),
      JSON.Member("focus", .string(focus.rawValue)),
      JSON.Member("follows", .bool(isFollowing)),
      JSON.Member("picturesInList", .bool(isListIllustrated)),
      JSON.Member("hidesList", .bool(isListHidden)),
      JSON.Member("hidesClasses", .bool(areClassesHidden)),
      JSON.Member("sheet", .bool(isGridOpen)),
      JSON.Member("classSort", .string(classPanel.sort.rawValue)),
      JSON.Member("hiddenClasses", .strings(hiddenClasses)),
      JSON.Member("colours", .string(classes.scheme.rawValue)),
      JSON.Member("opacity", .number(opacity, decimals: 2)),
      JSON.Member("threshold", .number(threshold, decimals: 2)),
      JSON.Member("history", .strings(history.suffix(Self.historyLimit))),
    ]
    if classes.names.indices.contains(classPanel.selected) {
      members.append(JSON.Member("class", .string(classes.names[classPanel.selected])))
    }
    if let pinnedStride { members.append(JSON.Member("stage", .number("\(pinnedStride)"))) }
    // A theme that follows the terminal, and glyphs that a poor one asks for, are no choice of the user's.
    if themeChoice != .auto { members.append(JSON.Member("theme", .string(themeChoice.rawValue))) }
    if features.showsBlocks {
      members.append(JSON.Member("glyphs", .string(glyphs.rawValue)))
    }
    return .object(members)
  }

  /// Takes up a place in a fresh state.
  mutating func restore(_ place: JSON) {
    func choice<Choice: RawRepresentable>(_ key: String, _ type: Choice.Type) -> Choice?
    where Choice.RawValue == String {
      place[key]?.string.flatMap(Choice.init(rawValue:))
    }
    func number(_ key: String, in range: ClosedRange<Double>) -> Double? {
      place[key]?.double.flatMap { range.contains($0) ? $0 : nil }
    }
    func strings(_ key: String) -> [String]? { place[key]?.array?.compactMap(\.string) }

    if let marks = strings("marks") { gallery.marks = Set(marks) }
    if let image = place["image"]?.string { gallery.open(named: image) }
    if let selected = place["class"]?.string.flatMap(classes.names.firstIndex(of:)) {
      classPanel.selected = selected
    }
    if let sort = place["sort"]?.string.flatMap({
      Gallery.Sort(word: $0, classIndex: classPanel.selected, classNames: classes.names)
    }), sort != .delta || slots.count > 1 {
      gallery.setSort(sort)
    }
    if let zoom = number("zoom", in: Viewport.zooms) {
      let centre = (place["centre"]?.array ?? []).compactMap(\.double)
      viewport =
        centre.count == 2
        ? Viewport(zoom: zoom, centreX: centre[0], centreY: centre[1]) : Viewport(zoom: zoom)
    }
    for (pane, name) in (strings("views") ?? []).prefix(views.count).enumerated() {
      if let view = PaneView.allCases.first(where: { $0.name == name }),
        reasonAgainst(view, slot: slot(of: pane)) == nil
      {
        views[pane] = view
      }
    }
    comparison = choice("comparison", Comparison.self) ?? comparison
    if let pane = place["pane"]?.int, views.indices.contains(pane) { focusedPane = pane }
    divider = number("divider", in: 0.05...0.95) ?? divider
    focus = choice("focus", Focus.self) ?? focus
    isFollowing = place["follows"]?.bool ?? isFollowing
    isListIllustrated = place["picturesInList"]?.bool ?? isListIllustrated
    isListHidden = place["hidesList"]?.bool ?? isListHidden
    areClassesHidden = place["hidesClasses"]?.bool ?? areClassesHidden
    isGridOpen = place["sheet"]?.bool ?? isGridOpen
    classPanel.sort = choice("classSort", ClassPanelState.Sort.self) ?? classPanel.sort
    let hidden = (strings("hiddenClasses") ?? []).compactMap(classes.names.firstIndex(of:))
    classPanel.hidden.formUnion(hidden)
    if let stage = place["stage"]?.int, slots.contains(where: { $0.outputStrides.contains(stage) })
    {
      pinnedStride = stage
    }
    classes.scheme = choice("colours", ColourScheme.self) ?? classes.scheme
    opacity = number("opacity", in: 0...1) ?? opacity
    threshold = number("threshold", in: 0...1) ?? threshold
    themeChoice = choice("theme", ThemeChoice.self) ?? themeChoice
    glyphs = features.nearest(to: choice("glyphs", GlyphSet.self) ?? glyphs)
    history = strings("history") ?? history
    shown = Shown(entry: gallery.selected, slots: slots.count)
    if let name = gallery.current?.name, gallery.position ?? 0 > 0 {
      say("continued at \(name); Home leads to the first image")
    }
  }
}

extension JSON {
  fileprivate static func strings(_ texts: some Sequence<String>) -> JSON {
    .array(texts.map { .string($0) })
  }
}

extension Gallery.Sort {
  /// The order without the class that an area is of.
  fileprivate var word: String {
    switch self {
    case .name: "name"
    case .meanIoU: "mIoU"
    case .delta: "delta"
    case .entropy: "entropy"
    case .area: "area"
    case .number(let name): name
    }
  }

  fileprivate init?(word: String, classIndex: Int, classNames: [String]) {
    let all: [Self] = [.name, .meanIoU, .delta, .entropy, .area(classIndex: classIndex)]
    let number = Gallery.isNumber(word, classNames: classNames) ? Self.number(word) : nil
    guard let sort = all.first(where: { $0.word == word }) ?? number else { return nil }
    self = sort
  }
}
