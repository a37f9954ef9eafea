import Core
import Viz

/// Everything on the screen, as a value; only ``ExplorerUpdate`` changes it, and a frame follows from it alone.
struct ExplorerState: Sendable {
  /// Size of the screen in cells.
  var columns: Int, rows: Int
  var gallery: Gallery
  /// What is compared: one or two.
  let slots: [Slot]
  var classes: ClassList
  /// What is known of the open image.
  var shown: Shown
  /// How many answers have come, of whatever image.
  var answerCount = 0
  /// What is not as usual for now.
  var alteration = Alteration()
  /// The part of the open image that is predicted by itself.
  var reinference: Reinference?

  /// What each of the two panes shows.
  var views: [PaneView]
  var comparison: Comparison
  /// The pane that has the keys, and which is shown alone.
  var focusedPane = 0
  /// Which panel the arrows act on.
  var focus = Focus.list
  var viewport = Viewport()
  /// The cursor's pixel.
  var cursor: PixelPoint?
  /// Whether the region of the class under the cursor stands out.
  var isFollowing = true
  /// Whether a magnifier goes with the cursor.
  var isLoupeOpen = false
  /// What the mouse has taken hold of, until its button is released.
  var grip: Grip?
  /// Where the divider stands, as a share of the middle's width.
  var divider = 0.5
  /// Which pane is on top while they blink, and for how many ticks, ten a second.
  var blinkPhase = 0
  var blinkTicks = 6

  /// Opacity of class colours in overlays.
  var opacity = 0.55
  /// Below this confidence a pixel is marked in the confidence view.
  var threshold = 0.5
  var glyphs = GlyphSet.blocks
  /// The output stride that is held, instead of the finest.
  var pinnedStride: Int?
  var classPanel = ClassPanelState()
  /// What every pixel is compared with.
  var similarity = SimilarityLens()
  /// What the views of features and attention are set to.
  var featureLens = FeatureLens()
  /// Features in a plane, in place of the pictures while it is open.
  var scatter = ScatterLens()
  /// The colours of values.
  var heatColours = HeatColours.usual
  /// The class tokens of each slot, once its model is loaded; a folder has none.
  var tokens: [ClassTokens?]
  /// The checkpoints' files that they are from.
  var tokenFiles: [FileStamp?]
  /// Counts over the images seen so far, per slot.
  var seen: [Tally]
  /// How the tokens depend on one another.
  var bench = TokenBench()
  /// What other class tokens would predict.
  var whatIf: WhatIf
  /// The matrix's cursor while the confusion matrix stands in place of the pictures.
  var confusion: Confusion?
  /// The confusion whose images alone are listed, and whose blobs one steps through.
  var walk: ConfusionWalk?

  var dialog = Dialog.none
  var isGridOpen = false
  /// Whether the list shows small pictures beside the names.
  var isListIllustrated = false
  /// Small pictures for sheet and list, by entry, and the entries that have none because they cannot be read.
  var thumbnails: [Int: Picture] = [:]
  var failedThumbnails: Set<Int> = []
  /// The entries whose small pictures were asked for last and have not come yet.
  var askedThumbnails: Set<Int> = []
  var isListHidden = false
  var areClassesHidden = false
  var isSlideshowOn = false
  var message: Message?
  var activity: Activity?
  /// How far the evaluation of all images is; `nil` when there is none under way.
  var evaluation: (done: Int, total: Int)?
  /// The figure that is being written, and how many of its images are predicted where that takes time.
  var exportPath: String?
  var exportProgress: (done: Int, total: Int)?
  /// Counts ticks, for the spinner, blinking and the slide show.
  var ticks = 0
  /// What the terminal can show.
  var features = TerminalFeatures(
    depth: .trueColour, glyphs: [.blocks, .sextants], background: nil, cellPixels: nil)
  var themeChoice = ThemeChoice.auto
  /// What the last frame was to the line to the terminal, and whether the header tells.
  var traffic = Traffic()
  var isMeterOn = false
  /// Bits per channel of picture cells: 8, or fewer on a slow line where the user lets them be rounded.
  var colourBits = 8
  var roundsColours = true
  var bindings = KeyBindings.standard
  /// Whether the mouse is the explorer's; else the terminal selects text with it.
  var isMouseOn = true
  /// Lines typed into the palette, latest last.
  var history: [String] = []
  /// How many of them are kept.
  static let historyLimit = 50

  /// A state that has an empty screen of the given size.
  init(
    columns: Int, rows: Int, gallery: Gallery, slots: [Slot], classes: ClassList
  ) {
    self.columns = columns
    self.rows = rows
    self.gallery = gallery
    self.slots = slots
    self.classes = classes
    shown = Shown(entry: gallery.selected, slots: slots.count)
    // A model alone is compared with the truth.
    views = [.overlay, slots.count > 1 ? .overlay : .truth]
    comparison = slots.count > 1 ? .sideBySide : .single
    tokens = slots.map { _ in nil }
    tokenFiles = slots.map { _ in nil }
    whatIf = WhatIf(slots: slots.count, classes: classes.names.count)
    bench.show = slots.count > 1 ? .both : .a
    seen = slots.map { _ in Tally(classes: classes.names.count) }
  }

  /// The panel that has the arrows.
  enum Focus: String, Sendable, Equatable, CaseIterable {
    case list, picture, classes
  }

  /// A pixel of the open picture.
  struct PixelPoint: Sendable, Equatable {
    var x, y: Int
  }

  /// Something that is dragged.
  enum Grip: Sendable, Equatable {
    case divider
    /// The point of the picture that was taken, as shares of its sides.
    case picture(x: Double, y: Double)
    /// The threshold's slider of a pane.
    case threshold(pane: Int)
    /// A region that is being marked from this corner.
    case region(from: PixelPoint)
  }

  /// A line for the user, until the next key.
  struct Message: Sendable, Equatable {
    let text: String
    var isError = false
  }

  /// What lies over the panels.
  enum Dialog: Sendable, Equatable {
    case none
    /// The list of commands, those that hold `filter`.
    case help(filter: String, selection: Int)
    /// A command line with completion.
    case palette(Palette)
    /// The filter of the list; `previous` comes back with Esc.
    case filter(previous: String)
    /// What corrupts the picture, the place of a kind being chosen.
    case corruption(selection: Int)
    /// What the models run without, the place of a part being chosen.
    case parts(selection: Int)
  }

  /// A line that is typed into the palette.
  struct Palette: Sendable, Equatable {
    var text = ""
    /// The place of the highlighted command.
    var selection = 0
    /// Whether the arrows have chosen it, rather than the text.
    var isChosen = false
    /// The place in the history of a line that was taken from there, as long as it is not changed.
    var past: Int?
  }

  /// Whether the pictures make room for something else, which has the whole width.
  var isCovered: Bool { isGridOpen || confusion != nil || bench.isOpen || scatter.isOpen }

  /// Gives the pictures their room again.
  mutating func uncover() {
    (confusion, isGridOpen, bench.isOpen, scatter.isOpen) = (nil, false, false, false)
  }

  /// What has keys of its own at the moment.
  var mode: ExplorerCommand.Mode? {
    if bench.isOpen { return .tokens }
    if whatIf.isOpen && focus == .classes && !isCovered { return .whatIf }
    return walk == nil ? nil : .walk
  }

  /// The colours of text and frames.
  var theme: Theme { themeChoice.theme(isLight: features.hasLightBackground) }

  /// The slot that a pane shows: its own, or the only one there is.
  func slot(of pane: Int) -> Int { min(pane, max(0, slots.count - 1)) }

  /// The slot whose pane the keys act on.
  var actingSlot: Int { slot(of: focusedPane) }

  /// What the answers of the open image must have for the views that are seen.
  var extras: Answer.Extras {
    visiblePanes.reduce(into: whatIf.isOpen ? .features : []) { $0.formUnion(views[$1].extras) }
  }

  /// The panes that share the middle of the screen, the first one left, above or before.
  var visiblePanes: [Int] { comparison == .single ? [focusedPane] : [0, 1] }

  /// The answer that a pane shows: its slot's own, or with the edited tokens.
  func answer(of pane: Int) -> Answer? {
    let slot = slot(of: pane)
    let outcome = outcome(of: slot)
    if let edited = whatIf.isSummed ? outcome?.summed : outcome?.labelled { return edited }
    let whole = ownAnswer(of: slot)
    guard let part = reinference?.results[slot]?.answer, part.outputStride == whole?.outputStride
    else { return whole }
    return part
  }
}

/// The classes panel.
struct ClassPanelState: Sendable, Equatable {
  /// What the classes are sorted by.
  enum Sort: String, Sendable, CaseIterable {
    case area
    case iou = "IoU"
    case name
    case order = "class order"
  }

  var sort = Sort.area
  /// The class under the panel's cursor.
  var selected = 0
  /// Classes whose colour is not drawn.
  var hidden: Set<Int> = []
  /// The only class that is drawn.
  var solo: Int?

  /// Whether a class's colour is drawn.
  func isShown(_ k: Int) -> Bool { solo.map { $0 == k } ?? !hidden.contains(k) }
}
