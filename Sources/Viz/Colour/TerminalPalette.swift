import Core

/// The fixed colours of terminals without true colour.
public struct TerminalPalette: Sendable {
  /// The colours; the first is number `firstIndex` of the terminal.
  public let colours: [RGB]
  /// The terminal's number of the first colour.
  public let firstIndex: Int
  private let places: [Oklab]

  private init(_ colours: [RGB], firstIndex: Int) {
    self.colours = colours
    self.firstIndex = firstIndex
    places = colours.map(Oklab.init)
  }

  /// The sixteen ANSI colours as xterm draws them.
  public static let ansi16 = TerminalPalette(
    [
      RGB(0, 0, 0), RGB(205, 0, 0), RGB(0, 205, 0), RGB(205, 205, 0), RGB(0, 0, 238),
      RGB(205, 0, 205), RGB(0, 205, 205), RGB(229, 229, 229), RGB(127, 127, 127), RGB(255, 0, 0),
      RGB(0, 255, 0), RGB(255, 255, 0), RGB(92, 92, 255), RGB(255, 0, 255), RGB(0, 255, 255),
      RGB(255, 255, 255),
    ], firstIndex: 0)

  /// Colours 16…255 of xterm, which terminals do not let users change: a 6×6×6 cube and 24 greys.
  public static let xterm240: TerminalPalette = {
    let steps: [UInt8] = [0, 95, 135, 175, 215, 255]
    let cube = (0..<216).map { RGB(steps[$0 / 36], steps[$0 / 6 % 6], steps[$0 % 6]) }
    let greys = (0..<24).map { UInt8(8 + 10 * $0) }.map { RGB($0, $0, $0) }
    return TerminalPalette(cube + greys, firstIndex: 16)
  }()

  /// The terminal's number of the colour that stands in for `colour` best, the lowest of several.
  ///
  /// The nearest in Oklab with half the weight on lightness, since classes are told apart by hue: by the plain distance
  /// of samples, a road's dark purple would turn grey.
  public func nearest(to colour: RGB) -> Int {
    let place = Oklab(colour)
    var (best, distance) = (0, Float.infinity)
    for (i, candidate) in places.enumerated() {
      let l = (place.lightness - candidate.lightness) / 2
      let (a, b) = (place.a - candidate.a, place.b - candidate.b)
      let d = l * l + a * a + b * b
      if d < distance { (best, distance) = (i, d) }
    }
    return firstIndex + best
  }
}
