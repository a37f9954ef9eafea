import Core
import Viz

/// The numbers that curses has for colours: red · 65536 + green · 256 + blue, or a place in the palette.
struct ColourNumbers {
  /// How colours are counted.
  enum Scheme: Equatable {
    /// Every value is itself.
    case exact
    /// The values 0 … 7 are the ANSI palette's, as in the installed descriptions of direct colour; the eight darkest blues
    /// are shifted by one in green and, for black, in all channels.
    case directWithHole
    case palette256
    case sixteen
    case eight
    case none
  }

  let scheme: Scheme
  private var known: [RGB: Int32] = [:]

  init(_ scheme: Scheme) { self.scheme = scheme }

  /// The scheme for a depth on a screen for which curses counts `colours`.
  static func scheme(_ depth: ColourDepth, colours: Int, isPatched: Bool) -> Scheme {
    switch depth {
    case .none: return .none
    case .trueColour where colours >= 1 << 24: return isPatched ? .exact : .directWithHole
    case .trueColour, .palette256:
      if colours >= 256 { return .palette256 }
      fallthrough
    case .sixteen: return colours >= 16 ? .sixteen : colours >= 8 ? .eight : .none
    }
  }

  /// The number of `colour`; -1 for the terminal's own.
  mutating func number(_ colour: RGB?) -> Int32 {
    guard let colour else { return -1 }
    switch scheme {
    case .none: return -1
    case .exact: return colour.number
    case .directWithHole:
      let number = colour.number
      return number >= 8 ? number : number == 0 ? 0x010101 : 0x000100 | number
    case .palette256, .sixteen, .eight:
      if let number = known[colour] { return number }
      let number = Int32(
        scheme == .palette256
          ? TerminalPalette.xterm240.nearest(to: colour)
          : scheme == .sixteen ? TerminalPalette.ansi16.nearest(to: colour) : colour.nearestOf8)
      known[colour] = number
      return number
    }
  }
}

extension RGB {
  fileprivate var number: Int32 { Int32(red) << 16 | Int32(green) << 8 | Int32(blue) }

  /// The nearest of the eight ANSI colours: a channel is on from half its range, and black and white by lightness.
  fileprivate var nearestOf8: Int {
    let channels = [red, green, blue].map(Int.init)
    let (low, high) = (channels.min() ?? 0, channels.max() ?? 0)
    if high - low < 64 { return high + low >= 256 ? 7 : 0 }
    let threshold = (low + high) / 2
    if high < 64 { return 0 }
    return channels.enumerated().reduce(0) { $0 | ($1.element > threshold ? 1 << $1.offset : 0) }
  }
}
