import Core

/// What a terminal said about itself.
struct ProbeAnswers: Equatable, Sendable {
  /// Whether it answered at all, and how soon.
  var roundTrip: Duration?
  var background: RGB?
  var program: String?
  var cellPixels: TerminalFeatures.CellPixels?
  /// Size of the whole text area in pixels.
  var areaPixels: (width: Int, height: Int)? {
    get { area.map { ($0[0], $0[1]) } }
    set { area = newValue.map { [$0.width, $0.height] } }
  }
  /// Whether it gave back the 24-bit colour that was set for trial.
  var confirmsTrueColour: Bool?
  var hasSynchronizedOutput: Bool?
  /// Columns that each of `TerminalProbe.glyphs` took, as far as it was told.
  var glyphWidths: [Int] = []

  private var area: [Int]?

  /// Notes a reply.
  mutating func note(_ reply: TerminalReply) {
    switch reply {
    case .deviceAttributes, .ready: break
    case .background(let colour): background = colour
    case .program(let name): program = name
    case .cellPixels(let width, let height):
      cellPixels = TerminalFeatures.CellPixels(width: width, height: height)
    case .areaPixels(let width, let height): areaPixels = (width, height)
    case .cursor(let column, _): glyphWidths.append(column)
    case .rendition(let codes):
      confirmsTrueColour = TerminalProbe.isTrialColour(codes)
    case .synchronizedOutput(let isKnown): hasSynchronizedOutput = isKnown
    }
  }

  /// The width of one of `TerminalProbe.glyphs`; `nil` where it is not known.
  func width(of glyph: Character) -> Int? {
    TerminalProbe.glyphs.firstIndex(of: glyph).flatMap {
      $0 < glyphWidths.count ? glyphWidths[$0] : nil
    }
  }

  /// Whether the terminal reads UTF-8.
  ///
  /// Three bytes then take one column, not three; `nil` where it is not known.
  var readsUTF8: Bool? { glyphWidths.first.map { $0 == 1 } }
}
