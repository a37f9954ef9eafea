/// The pairs of foreground and background that curses has been told of, and their numbers.
///
/// Numbers are never given anew one by one: curses would search the whole screen for each. When too many are in use,
/// all are forgotten at once and the screen is sent again.
struct ColourPairs {
  /// What to draw with: a pair's number, and whether the colours are exchanged.
  struct Ink: Equatable {
    let pair: Int32
    let isReversed: Bool
  }

  /// The highest number that may be given.
  var limit: Int
  /// Whether a pair also serves for the same colours exchanged.
  ///
  /// It halves the number of pairs, so that those of 8, 16 and
  /// 256 colours are fewer than any terminal's description allows.
  let isSymmetric: Bool
  private var numbers: [UInt64: Int32] = [:]

  init(limit: Int, isSymmetric: Bool) {
    self.limit = limit
    self.isSymmetric = isSymmetric
  }

  /// How many pairs are in use, the terminal's own colours apart.
  var count: Int { numbers.count }

  /// The ink for a pair of colour numbers; `define` tells curses of a new one.
  mutating func ink(
    foreground: Int32, background: Int32,
    define: (_ pair: Int32, _ foreground: Int32, _ background: Int32) -> Void
  ) -> Ink {
    // Pair 0 is the terminal's own colours and cannot be changed.
    if foreground == -1 && background == -1 { return Ink(pair: 0, isReversed: false) }
    let isReversed = isSymmetric && foreground < background
    let (first, second) = isReversed ? (background, foreground) : (foreground, background)
    let key = UInt64(UInt32(bitPattern: first)) << 32 | UInt64(UInt32(bitPattern: second))
    if let number = numbers[key] { return Ink(pair: number, isReversed: isReversed) }
    guard numbers.count < limit else { return Ink(pair: 0, isReversed: false) }
    let number = Int32(numbers.count + 1)
    define(number, first, second)
    numbers[key] = number
    return Ink(pair: number, isReversed: isReversed)
  }

  /// Forgets all pairs.
  mutating func removeAll() { numbers.removeAll(keepingCapacity: true) }
}
