import Core
import Viz

/// Where the panels stand on a screen of a given size.
///
///     ┌ header ────────────────────────────┐
///     │ list │ pictures           │ classes │
///     │ inspector                           │
///     └ hints ─────────────────────────────┘
///
/// The list appears from 64 columns on, the classes from 96; below 20×5 there is room for a word only.
struct Layout: Equatable {
  let header, list, pictures, classes, inspector, hints: Rect
  /// Where the picture of each pane goes; titles stand in the row above.
  let panes: [Rect]
  /// The line below each picture that tells what its colours mean; empty where they need no words.
  let legends: [Rect]
  /// The line between two panes, or inside a wiped one.
  let divider: Rect?

  /// The smallest screen that anything can be done on.
  static let smallest = (columns: 20, rows: 5)

  /// Whether the screen is too small for panels.
  static func isTooSmall(_ state: ExplorerState) -> Bool {
    state.columns < smallest.columns || state.rows < smallest.rows
  }

  init(_ state: ExplorerState) {
    let screen = Rect(x: 0, y: 0, width: state.columns, height: state.rows)
    let (header, below) = screen.splitTop(1)
    // A line for each model's opinion where there is room, one for both where there is little.
    let inspectorHeight = state.rows < 10 ? 0 : state.rows < 30 ? 1 : max(1, state.slots.count)
    let (middle, footer) = below.splitTop(below.height - inspectorHeight - 1)
    // Sliders go before the list where there is no room for both.
    let hasSliders = state.whatIf.isOpen && state.columns >= 64 && !state.isCovered
    let hasList = state.columns >= (hasSliders ? 96 : 64) && !state.isListHidden && !state.isCovered
    // A scatter's colours are the classes'.
    let hasClasses =
      hasSliders
      || state.columns >= 96 && !state.areClassesHidden
        && (!state.isCovered || state.scatter.isOpen)
    let (list, right) = middle.splitLeft(hasList ? min(28, max(20, state.columns / 6)) : 0)
    let (pictures, classes) = right.splitLeft(right.width - (hasClasses ? 31 : 0))
    self.header = header
    self.list = list
    self.pictures = pictures
    self.classes = classes
    (inspector, hints) = footer.splitTop(inspectorHeight)

    let area = pictures.splitTop(1).1
    let whole: [Rect]
    switch state.isCovered ? .single : state.comparison {
    case .sideBySide where Self.isBetterStacked(state.shown.picture, in: area):
      let (a, below) = area.splitTop(Self.share(area.height, state.divider, least: 3))
      whole = Self.levelled(a, below.splitTop(1).1)
      divider = Rect(x: area.x, y: a.maxY, width: area.width, height: 1)
    case .sideBySide:
      let (a, rest) = area.splitLeft(Self.share(area.width, state.divider, least: 4))
      whole = Self.levelled(a, rest.splitLeft(1).1)
      divider = Rect(x: a.maxX, y: area.y - 1, width: 1, height: area.height + 1)
    case .wipe:
      whole = [area]
      divider = Rect(
        x: area.x + Self.share(area.width, state.divider, least: 1), y: area.y - 1, width: 1,
        height: area.height + 1)
    case .single, .blink:
      whole = [area]
      divider = nil
    }
    // All panes have the line if one needs it, so that pictures that are compared have one size.
    let hasLegend =
      !state.isCovered && whole.allSatisfy { $0.height >= 5 }
      && state.visiblePanes.contains { PaneLegend.isNeeded(for: state.views[$0]) }
    let split = whole.map { $0.splitTop($0.height - (hasLegend ? 1 : 0)) }
    panes = split.map(\.0)
    legends = split.map(\.1)
  }

  /// Whether two pictures come out clearly larger one above the other than side by side.
  private static func isBetterStacked(_ picture: Picture?, in area: Rect) -> Bool {
    guard let picture, !area.isEmpty else { return false }
    let beside = CellGrid.fitting(
      width: picture.width, height: picture.height, columns: max(1, (area.width - 1) / 2),
      rows: area.height)
    let stacked = CellGrid.fitting(
      width: picture.width, height: picture.height, columns: area.width,
      rows: max(1, (area.height - 1) / 2))
    return 5 * stacked.columns > 6 * beside.columns
  }

  /// Two panes without the odd column or row that one has more, so that their pictures have one size.
  private static func levelled(_ a: Rect, _ b: Rect) -> [Rect] {
    var (a, b) = (a, b)
    if abs(a.width - b.width) == 1 {
      (a.width, b.width) = (min(a.width, b.width), min(a.width, b.width))
    }
    if abs(a.height - b.height) == 1 {
      (a.height, b.height) = (min(a.height, b.height), min(a.height, b.height))
    }
    return [a, b]
  }

  /// A share of a length that leaves at least `least` cells on both sides.
  private static func share(_ length: Int, _ share: Double, least: Int) -> Int {
    min(max(Int(Double(length) * share), least), max(least, length - least - 1))
  }
}
