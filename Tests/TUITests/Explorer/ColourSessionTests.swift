import Core
import Foundation
import TestSupport
import Testing
import Viz

@testable import TUI

/// What the panes of label maps look like on terminals of all kinds, cell by cell.
@Suite(
  "Colour session", .serialized,
  .enabled(if: TmuxSession.isInstalled, "needs tmux"))
struct ColourSessionTests {
  /// A folder with one picture, labels of all eleven classes and void for it, and what `hfgd predict` makes of it.
  private struct World {
    let program = Program()
    let picture: Picture
    let truth: LabelMap
    let prediction: LabelMap

    init() throws {
      let (width, height) = (66, 50)
      picture = try program.makePicture("in/a.png", width: width, height: height)
      truth = LabelMap(
        width: width, height: height,
        values: (0..<(width * height)).map { place in
          let region = (place % width + place / width / 3) / 6 + 5 * (place / width / 7)
          return region % 12 == 11 ? 255 : UInt16(region % 12)
        })
      try Folder.create(program.path("truth"))
      try ImageFile.write(truth, to: program.path("truth/a.png"))
      let outcome = try program.run(
        ["predict"] + Program.model + ["in", "-o", "out", "--format", "id"])
      try #require(outcome.status == 0, "\(outcome.errors)")
      prediction = try ImageFile.readLabels(at: program.path("out/a.id.png"))
    }

    func start(_ environment: String, _ options: String = "") -> ExplorerSession {
      let session = ExplorerSession(program)
      session.start(
        "fcn-mobilenet_v2 --random 1 --data in --labels truth \(options)", environment: environment)
      return session
    }

    /// The explorer's own picture of `labels` in its pane, and where that is on the screen.
    func pane(_ labels: LabelMap, _ features: TerminalFeatures) -> (grid: CellGrid, pane: Rect) {
      let classes = ClassTable.camVid
      var state = ExplorerState(
        columns: 100, rows: 30, gallery: Gallery([ExplorerFixture.sample("a", hasLabel: true)]),
        slots: [Slot(name: "fcn-mobilenet_v2", outputStrides: [32])],
        classes: ClassList(names: classes.names, palette: classes.palette, ignoreIndex: 255))
      state.features = features
      state.restore(.object([]))
      state.shown.picture = picture
      state.shown.truth = labels
      state.show(.truth)
      return (ExplorerScreen.draw(state, PaneRasters()), Layout(state).panes[0])
    }
  }

  /// Shows truth and prediction, and compares every cell of the pane with what it should be.
  ///
  /// - Parameter name: how tmux tells a colour.
  private func expectExact(
    _ world: World, _ session: ExplorerSession, _ features: TerminalFeatures,
    _ name: (RGB?) -> String
  ) throws {
    for (key, view, labels) in [
      ("4", "truth", world.truth), ("3", "prediction", world.prediction),
    ] {
      session.terminal.press(key)
      #expect(session.hasPane(view))
      let (grid, pane) = world.pane(labels, features)
      // A frame may have arrived in part.
      var wrong: [String] = []
      let isExact = session.terminal.waitUntil {
        wrong = wrongCells(session.terminal.cells, grid, pane, name)
        return wrong.isEmpty
      }
      #expect(isExact, "\(view): \(wrong.prefix(4))")
    }
    try session.quit()
  }

  private func wrongCells(
    _ captured: [[CapturedCell]], _ grid: CellGrid, _ pane: Rect, _ name: (RGB?) -> String
  ) -> [String] {
    var wrong: [String] = []
    for y in pane.y..<pane.maxY {
      for x in pane.x..<pane.maxX {
        let cell = grid[x, y]
        // Cells that nobody ever wrote to are not captured.
        let isCaptured = y < captured.count && x < captured[y].count
        let found = isCaptured ? captured[y][x] : CapturedCell(glyph: " ")
        let (foreground, background) = (name(cell.foreground), name(cell.background))
        let isAlike =
          found.glyph == cell.glyph
          && (cell.glyph == " "
            ? found.background == background
            : (found.foreground, found.background) == (foreground, background))
        if !isAlike { wrong.append("(\(x),\(y)) \(cell) is \(found)") }
      }
    }
    return wrong
  }

  private func features(_ depth: ColourDepth, _ glyphs: GlyphSupport = .blocks)
    -> TerminalFeatures
  {
    TerminalFeatures(depth: depth, glyphs: glyphs, background: nil, cellPixels: nil)
  }

  /// 24 bits under any name that has a description or is unknown, and in any locale where the terminal reads UTF-8.
  @Test(arguments: [
    "COLORTERM=truecolor", "COLORTERM=truecolor TERM=xterm-256color",
    "COLORTERM=truecolor TERM=tmux-256color", "COLORTERM=truecolor TERM=screen-256color",
    "COLORTERM=truecolor TERM=xterm-direct", "COLORTERM=truecolor TERM=of-tomorrow",
    "COLORTERM=truecolor LANG=C LC_ALL=C",
  ])
  func trueColourIsExact(_ environment: String) throws {
    let world = try World()
    try expectExact(world, world.start(environment), features(.trueColour)) { colour in
      colour.map { "2;\($0.red);\($0.green);\($0.blue)" } ?? ""
    }
  }

  /// A description of 256 colours behind a multiplexer that is not known to pass more gives the nearest of them.
  @Test func paletteColoursAreTheNearest() throws {
    let world = try World()
    let session = world.start("env -u TMUX -u COLORTERM STY=1 TERM=screen-256color")
    try expectExact(world, session, features(.palette256)) { colour in
      colour.map { "5;\(TerminalPalette.xterm240.nearest(to: $0))" } ?? ""
    }
  }

  /// The Linux console has sixteen colours and no blocks: letters in the nearest colour.
  @Test func theConsoleShowsLetters() throws {
    let world = try World()
    let session = world.start("env -u TMUX -u COLORTERM TERM=linux")
    var numbers = ColourNumbers(.eight)
    try expectExact(world, session, features(.sixteen, [])) { colour in
      colour.map { "\(numbers.number($0))" } ?? ""
    }
  }

  /// Without colours each class is its letter, the classes panel explains them, and no colour is sent at all.
  @Test(arguments: [
    ("NO_COLOR=1 COLORTERM=truecolor", ""), ("COLORTERM=truecolor", "--color never"),
    ("env -u TMUX -u COLORTERM TERM=vt100", ""),
  ])
  func withoutColoursClassesAreLetters(_ environment: String, _ options: String) throws {
    let world = try World()
    let session = world.start(environment, options)
    session.terminal.press("4")
    #expect(session.hasPane("truth"))
    let cells = session.terminal.cells
    #expect(cells.joined().allSatisfy { $0.foreground.isEmpty && $0.background.isEmpty })
    let letters = Set(classLetters(ClassTable.camVid.names))
    let pane = world.pane(world.truth, features(.none)).pane
    let shown = Set(
      cells[pane.y..<pane.maxY].flatMap { $0.dropFirst(pane.x).prefix(pane.width).map(\.glyph) })
    #expect(shown.subtracting([" "]) == letters)
    for (letter, name) in zip(classLetters(ClassTable.camVid.names), ClassTable.camVid.names) {
      #expect(session.terminal.screen.contains("\(letter) \(name)"))
    }
    try expectExact(world, session, features(.none)) { _ in "" }
  }

  /// Every half of a half block is a class that no other one outnumbers in the pixels under it.
  @Test func halvesAreMajorities() throws {
    let world = try World()
    let session = world.start("COLORTERM=truecolor")
    session.terminal.press("3")
    session.terminal.press("g")
    #expect(session.shows("glyphs: half"))
    let palette = ClassTable.camVid.palette.map { "2;\($0.red);\($0.green);\($0.blue)" }
    let cells = session.terminal.cells
    let pane = world.pane(world.prediction, features(.trueColour)).pane
    let coloured = (pane.y..<pane.maxY).flatMap { y in
      (pane.x..<pane.maxX).filter { !cells[y][$0].background.isEmpty }.map { (x: $0, y: y) }
    }
    let left = try #require(coloured.map(\.x).min())
    let right = try #require(coloured.map(\.x).max())
    let top = try #require(coloured.map(\.y).min())
    let bottom = try #require(coloured.map(\.y).max())
    let (columns, rows) = (right - left + 1, bottom - top + 1)
    #expect(coloured.count == columns * rows && columns > 20 && rows > 10)
    let labels = world.prediction
    for (x, y) in coloured {
      let cell = cells[y][x]
      let halves =
        cell.glyph == "▄"
        ? [cell.background, cell.foreground]
        : cell.glyph == "▀"
          ? [cell.foreground, cell.background] : [cell.background, cell.background]
      for (half, colour) in halves.enumerated() {
        let shares = self.shares(
          labels,
          x: Double(x - left) / Double(columns)..<Double(x - left + 1) / Double(columns),
          y: Double(2 * (y - top) + half) / Double(2 * rows)..<Double(2 * (y - top) + half + 1)
            / Double(2 * rows))
        let k = try #require(palette.firstIndex(of: colour), "\(colour) is no class")
        let most = shares.values.max() ?? 0
        #expect(shares[UInt16(k), default: 0] > most - 1e-6 * most, "(\(x),\(y)) half \(half)")
      }
    }
    try session.quit()
  }

  /// The area of each value in a part of a map, whose sides are shares of the map's.
  private func shares(_ labels: LabelMap, x: Range<Double>, y: Range<Double>) -> [UInt16: Double] {
    func overlap(_ pixel: Int, _ range: Range<Double>, _ extent: Int) -> Double {
      let (low, high) = (
        range.lowerBound * Double(extent), range.upperBound * Double(extent)
      )
      return max(0, min(high, Double(pixel + 1)) - max(low, Double(pixel)))
    }
    var result: [UInt16: Double] = [:]
    for row in 0..<labels.height {
      let height = overlap(row, y, labels.height)
      guard height > 0 else { continue }
      for column in 0..<labels.width {
        let width = overlap(column, x, labels.width)
        if width > 0 { result[labels[column, row], default: 0] += width * height }
      }
    }
    return result
  }
}
