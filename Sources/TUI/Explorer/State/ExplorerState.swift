import Core
import Viz

/// Everything on the screen, as a value; only ``ExplorerUpdate`` changes it, and a frame follows from it alone.
struct ExplorerState: Sendable {
  /// Size of the screen in cells.
  var columns: Int, rows: Int
  var gallery: Gallery
  /// What is compared: one or two.
  let slots: [Slot]
  let classes: ClassList
  /// What is known of the open image.
  var shown: Shown

  /// What each slot's pane shows.
  var views: [PaneView]
  var comparison: Comparison
  /// The slot whose pane has the keys, and which is shown alone.
  var focusedSlot = 0
  /// Which panel the arrows act on.
  var focus = Focus.list
  var viewport = Viewport()
  /// The cursor's pixel.
  var cursor: PixelPoint?
  /// Where the divider stands, as a share of the middle's width.
  var divider = 0.5
  /// Which slot a blinking pane shows.
  var blinkPhase = 0

  /// How many ticks (ten a second) a blinking pane shows either slot.
  var blinkTicks = 6

  /// Opacity of class colours in overlays.
  var opacity = 0.55
  /// Below this confidence a pixel is marked in the confidence view.
  var threshold = 0.5
  var glyphs = GlyphSet.blocks
  /// The output stride that is held, instead of the finest.
  var pinnedStride: Int?
  var classPanel = ClassPanelState()
  /// Counts over the images seen so far, per slot, and which entries they hold.
  var seen: [ConfusionMatrix]
  var seenEntries: [Set<Int>]

  var dialog = Dialog.none
  var isGridOpen = false
  /// Small pictures for the sheet, by entry, and the entries that have none because they cannot be read.
  var thumbnails: [Int: Picture] = [:]
  var failedThumbnails: Set<Int> = []
  var isListHidden = false
  var areClassesHidden = false
  var isSlideshowOn = false
  var message: Message?
  var activity: Activity?
  /// The figure that is being written.
  var exportPath: String?
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
    views = Array(repeating: .overlay, count: max(1, slots.count))
    comparison = slots.count > 1 ? .sideBySide : .single
    seen = slots.map { _ in ConfusionMatrix(classes: classes.names.count) }
    seenEntries = slots.map { _ in [] }
  }

  /// The panel that has the arrows.
  enum Focus: String, Sendable, Equatable, CaseIterable {
    case list, picture, classes
  }

  /// A pixel of the open picture.
  struct PixelPoint: Sendable, Equatable {
    var x, y: Int
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
    case palette(text: String, selection: Int)
    /// The filter of the list; `previous` comes back with Esc.
    case filter(previous: String)
  }

  /// The colours of text and frames.
  var theme: Theme { themeChoice.theme(isLight: features.hasLightBackground) }

  /// The answer that a slot's pane shows.
  func answer(of slot: Int) -> Answer? { shown.answer(of: slot, pinned: pinnedStride) }
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
