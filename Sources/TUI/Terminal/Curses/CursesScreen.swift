@preconcurrency import CNCurses
import CTerminal
import Core
import Glibc
import Viz

/// A curses screen that draws into memory.
///
/// Curses writes to a file in memory and the owner sends each frame on in one piece: bytes can be counted and framed, and
/// modes of the line, keys and signals stay out of curses' hands. Only one such screen may be open at a time.
final class CursesScreen {
  /// How curses describes the terminal to itself.
  struct Description {
    /// The name under which the description is found.
    var term: String
    /// A value for TERMINFO with the description in it.
    var terminfo: String?
  }

  private let screen: OpaquePointer
  private let output: UnsafeMutablePointer<FILE>
  private let input: UnsafeMutablePointer<FILE>
  private let memory: Int32
  private let isASCII: Bool
  private var numbers: ColourNumbers
  private var pairs: ColourPairs
  private var glyphs: [Character: CellGlyph] = [:]
  private var shown: CellGrid?
  private var isClosed = false

  /// How colours are sent.
  var scheme: ColourNumbers.Scheme { numbers.scheme }

  /// Pairs of 24-bit colours to define before all are forgotten.
  ///
  /// Curses keeps them in a tree, so more make it slower; but
  /// two screens full of them must fit, or small changes would send all of the screen.
  private static func pairLimit(_ size: TerminalSize) -> Int {
    max(1 << 14, 2 * size.columns * size.rows)
  }

  /// Opens a screen; `nil` where curses cannot use the description.
  ///
  /// The locale decides how characters are written. TERMINFO is changed during the call and put back.
  init?(_ description: Description, depth: ColourDepth, size: TerminalSize, isASCII: Bool) {
    memory = cterminal_memory_file()
    guard memory >= 0, let output = fdopen(memory, "w"), let input = fopen("/dev/null", "r") else {
      return nil
    }
    self.output = output
    self.input = input
    self.isASCII = isASCII
    let earlier = getenv("TERMINFO").map { String(cString: $0) }
    if let terminfo = description.terminfo { setenv("TERMINFO", terminfo, 1) }
    let screen = newterm(description.term, output, input)
    if let earlier { setenv("TERMINFO", earlier, 1) } else { unsetenv("TERMINFO") }
    guard let screen else {
      fclose(output)
      fclose(input)
      return nil
    }
    self.screen = screen
    set_term(screen)
    nonl()
    curs_set(0)
    typeahead(-1)
    leaveok(stdscr, true)
    idlok(stdscr, false)
    idcok(stdscr, false)
    var colours = 0
    if depth != .none, has_colors(), start_color() == OK, use_default_colors() == OK {
      colours = Int(COLORS)
    }
    let scheme = ColourNumbers.scheme(
      depth, colours: colours, isPatched: description.terminfo != nil)
    numbers = ColourNumbers(scheme)
    let isTrueColour = scheme.depth == .trueColour
    pairs = ColourPairs(
      limit: isTrueColour ? Self.pairLimit(size) : Int(COLOR_PAIRS) - 1, isSymmetric: !isTrueColour)
    resize(size)
    // What curses says at the start, the owner has said already; no delay makes curses write it down.
    delay_output(0)
    lseek(memory, 0, SEEK_SET)
  }

  deinit { close() }

  /// Draws `grid` and returns the bytes between `prefix` and `suffix` that make the terminal show it; none where it does.
  func frame(_ grid: CellGrid, prefix: String, suffix: String) -> [UInt8] {
    var lead = Array(prefix.utf8)
    write(memory, &lead, lead.count)
    put(grid)
    wnoutrefresh(stdscr)
    doupdate()
    let count = Int(lseek(memory, 0, SEEK_CUR))
    lseek(memory, 0, SEEK_SET)
    guard count > lead.count else { return [] }
    return [UInt8](unsafeUninitializedCapacity: count + suffix.utf8.count) { buffer, length in
      length = max(0, pread(memory, buffer.baseAddress, count, 0))
      for byte in suffix.utf8 {
        buffer[length] = byte
        length += 1
      }
    }
  }

  /// Tells curses of the terminal's size; the next frame is sent as a whole.
  func resize(_ size: TerminalSize) {
    resize_term(Int32(size.rows), Int32(size.columns))
    if scheme.depth == .trueColour { pairs.limit = max(pairs.limit, Self.pairLimit(size)) }
    invalidate()
  }

  /// Forgets what the terminal shows: the next frame sends every cell.
  func invalidate() {
    shown = nil
    redrawwin(stdscr)
  }

  /// The bytes that leave full screen; the next frame enters it again.
  func leave() -> [UInt8] {
    endwin()
    let count = Int(lseek(memory, 0, SEEK_CUR))
    lseek(memory, 0, SEEK_SET)
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, length in
      length = max(0, pread(memory, buffer.baseAddress, count, 0))
    }
  }

  /// Frees the screen; curses must have left full screen.
  func close() {
    guard !isClosed else { return }
    isClosed = true
    delscreen(screen)
    fclose(output)
    fclose(input)
  }
}

extension CursesScreen {
  /// Hands the cells that have changed to curses, a run per row.
  private func put(_ grid: CellGrid) {
    let (columns, rows) = (Int(getmaxx(stdscr)), Int(getmaxy(stdscr)))
    let grid = grid.clipped(columns: columns, rows: rows)
    var changes = (0..<rows).map { self.changes(in: grid.row($0), from: shown?.row($0)) }
    let changed = changes.reduce(0) { $0 + ($1?.count ?? 0) }
    if scheme.depth == .trueColour, pairs.count + changed > pairs.limit {
      forgetPairs()
      changes = (0..<rows).map { _ in 0..<columns }
    }
    var run: [cchar_t] = []
    for (y, bounds) in changes.enumerated() {
      guard let bounds else { continue }
      let row = grid.row(y)
      run.removeAll(keepingCapacity: true)
      var x = bounds.lowerBound
      while x < bounds.upperBound {
        let next = x + 1 < columns ? row[row.startIndex + x + 1].glyph : nil
        let (cell, width) = cell(
          row[row.startIndex + x], hasRoom: next == CellGlyph.continuation)
        run.append(cell)
        x += width
      }
      mvwadd_wchnstr(stdscr, Int32(y), Int32(bounds.lowerBound), run, Int32(run.count))
    }
    shown = grid
  }

  /// The columns between the first and the last change; whole glyphs at both ends.
  private func changes(in row: ArraySlice<Cell>, from old: ArraySlice<Cell>?) -> Range<Int>? {
    guard let old else { return 0..<row.count }
    let (start, oldStart) = (row.startIndex, old.startIndex)
    guard
      var first = row.indices.first(where: { row[$0] != old[$0 - start + oldStart] }),
      var last = row.indices.last(where: { row[$0] != old[$0 - start + oldStart] })
    else { return nil }
    func isContinuation(_ index: Int) -> Bool {
      row[index].glyph == CellGlyph.continuation
        || old[index - start + oldStart].glyph == CellGlyph.continuation
    }
    while first > start, isContinuation(first) { first -= 1 }
    while last + 1 < row.endIndex, isContinuation(last + 1) { last += 1 }
    return (first - start)..<(last - start + 1)
  }

  private func cell(_ cell: Cell, hasRoom: Bool) -> (cchar_t, columns: Int) {
    var cell = cell
    // A full block is a blank in its colour, and fonts leave no gaps between blanks.
    if cell.glyph == "█", scheme != .none, !isASCII, !cell.style.contains(.reversed),
      cell.foreground != nil
    {
      cell = Cell(" ", background: cell.foreground, style: cell.style)
    }
    // A blank has no foreground, unless it is underlined or reversed.
    let isBlank = cell.glyph == " " && cell.style.isDisjoint(with: [.underlined, .reversed])
    let ink = pairs.ink(
      foreground: isBlank ? -1 : numbers.number(cell.foreground),
      background: numbers.number(cell.background)
    ) { pair, foreground, background in
      init_extended_pair(pair, foreground, background)
    }
    var attributes = attr_t(0)
    if cell.style.contains(.bold) { attributes |= CURSES_BOLD }
    if cell.style.contains(.dim) { attributes |= CURSES_DIM }
    if cell.style.contains(.underlined) { attributes |= CURSES_UNDERLINE }
    if cell.style.contains(.reversed) != ink.isReversed { attributes |= CURSES_REVERSE }
    let glyph = glyph(cell.glyph, hasRoom: hasRoom)
    var result = cchar_t()
    var pair = ink.pair
    withUnsafeTemporaryAllocation(of: wchar_t.self, capacity: glyph.characters.count + 1) {
      _ = $0.initialize(from: glyph.characters + [0])
      setcchar(&result, $0.baseAddress, attributes, 0, &pair)
    }
    return (result, glyph.columns)
  }

  private func glyph(_ character: Character, hasRoom: Bool) -> CellGlyph {
    if !hasRoom, let known = glyphs[character] { return known }
    let glyph = CellGlyph(character, isASCII: isASCII, hasRoom: hasRoom)
    if !hasRoom { glyphs[character] = glyph }
    return glyph
  }

  /// Starts over with pairs.
  ///
  /// What curses believes to be on the screen was said in the old ones, so all is sent again,
  /// but without clearing the screen first, which would flash.
  private func forgetPairs() {
    pairs.removeAll()
    reset_color_pairs()
    clearok(curscr, false)
    invalidate()
  }
}
