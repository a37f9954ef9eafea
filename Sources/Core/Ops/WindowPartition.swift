/// A grid cut into square windows, perhaps shifted: which pixel each token of a window is.
///
///     pixel of token (i, j) of window (a, b) = ((a·w + i + s) mod H', (b·w + j + s) mod W')
///
/// The grid is first padded at the right and the bottom to H' × W', multiples of w; a token that falls there is no pixel.
/// Shifted windows wrap around, and only the last ones of a row or column hold pixels from opposite sides, which must not
/// see each other: they are of different regions. Liu et al., arXiv:2103.14030, figures 2 and 4.
struct WindowPartition {
  /// Pixels of the grid.
  let height, width: Int
  /// w: pixels of a window's side.
  let window: Int
  /// s: how far the windows are shifted down and to the right.
  let shift: (rows: Int, columns: Int)
  /// H' and W' of the formula.
  private let turn: (rows: Int, columns: Int)

  /// The windows of a grid, shifted by `shift` unless a `rule` says otherwise.
  init(height: Int, width: Int, window: Int, shift: Int, _ rule: WindowShift) {
    precondition(0 <= shift && shift < window, "windows of \(window) cannot be shifted by \(shift)")
    self.height = height
    self.width = width
    self.window = window
    let isCovered = (rows: height <= window, columns: width <= window)
    self.shift =
      switch rule {
      case .torchvision, .timm: (isCovered.rows ? 0 : shift, isCovered.columns ? 0 : shift)
      case .transformers: isCovered.rows || isCovered.columns ? (0, 0) : (shift, shift)
      case .mmsegmentation: (shift, shift)
      }
    func padded(_ extent: Int) -> Int { (extent + window - 1) / window * window }
    turn = rule == .timm ? (height, width) : (padded(height), padded(width))
  }

  /// Windows below and beside each other.
  var rows: Int { (height + window - 1) / window }
  var columns: Int { (width + window - 1) / window }
  /// Windows in all.
  var count: Int { rows * columns }
  /// Tokens of a window, w².
  var tokens: Int { window * window }

  /// Calls `body(token, pixel)` for each token of a window; the pixel is `nil` in the padding.
  @inline(__always)
  func forEachToken(of index: Int, _ body: (_ token: Int, _ pixel: Int?) -> Void) {
    let (a, b) = index.quotientAndRemainder(dividingBy: columns)
    for i in 0..<window {
      let row = Self.place(a * window + i, shift.rows, turn.rows)
      for j in 0..<window {
        let column = Self.place(b * window + j, shift.columns, turn.columns)
        let isInside = row < height && column < width
        body(i * window + j, isInside ? row * width + column : nil)
      }
    }
  }

  /// Where the `i`-th of an axis was before the axis was turned, by less than its length; what lies behind the turned part
  /// stays there.
  @inline(__always)
  private static func place(_ i: Int, _ shift: Int, _ turn: Int) -> Int {
    guard i < turn else { return i }
    return i + shift < turn ? i + shift : i + shift - turn
  }

  /// The first row and the first column of a window that come from the opposite side; `window` where none does.
  func seam(of index: Int) -> (row: Int, column: Int) {
    let (a, b) = index.quotientAndRemainder(dividingBy: columns)
    return (
      a == rows - 1 && shift.rows > 0 ? window - shift.rows : window,
      b == columns - 1 && shift.columns > 0 ? window - shift.columns : window
    )
  }
}

/// Whose rule decides how windows are shifted where they do not fit the grid; elsewhere there is only one.
public enum WindowShift: Sendable, Hashable, CaseIterable {
  /// An axis that one window covers is not shifted: torchvision, and hfgd unless it is told otherwise.
  case torchvision
  /// The same, but the grid is shifted first and then padded, while masks are those of padding first.
  case timm
  /// Neither axis is shifted where one window covers either: transformers and the authors' classifier.
  case transformers
  /// Both are always shifted: mmsegmentation and the authors' detector.
  case mmsegmentation
}
