import Foundation

/// The description of a terminal, changed so that curses sends more colours.
///
/// Curses gives a terminal only the colours that its description counts, and descriptions with 2²⁴ colours are not
/// installed everywhere, take the first eight values for the ANSI palette, and have the keys of another terminal. So the
/// user's own description is patched in memory and handed to curses through the environment, for as long as it takes
/// to open the screen.
enum TerminfoPatch {
  /// The compiled entry with 24-bit colours, bytes to bytes.
  static func trueColour(_ bytes: [UInt8]) throws(TerminfoFailure) -> [UInt8] {
    trueColour(try TerminfoEntry(bytes)).bytes
  }

  /// The entry with 2²⁴ colours and as many pairs, set in the form that every 24-bit terminal understands.
  ///
  /// So many pairs are needed even though a screen shows few: with default colours allowed, curses never defines more
  /// than the description says. Ways to change the palette and the older ways to set a colour go, and so does `CO`,
  /// which would limit the number of colours.
  static func trueColour(_ entry: TerminfoEntry) -> TerminfoEntry {
    var patched = patched(entry, colours: 1 << 24, pairs: 1 << 24, value: trueColourValue)
    patched.extensions.booleans["RGB"] = true
    return patched
  }

  /// The entry with the 256 colours that every multiplexer passes on, whatever it is described with.
  static func palette256(_ entry: TerminfoEntry) -> TerminfoEntry {
    patched(entry, colours: 256, pairs: 1 << 16, value: "5;%p1%d")
  }

  private static func patched(
    _ entry: TerminfoEntry, colours: Int32, pairs: Int32, value: String
  ) -> TerminfoEntry {
    var patched = entry
    patched[.colours] = colours
    patched[.pairs] = pairs
    patched[.canChangeColours] = false
    for text in [
      TerminfoEntry.Text.originalColours, .initializeColour, .initializePair, .setForeground,
      .setBackground,
    ] { patched[text] = nil }
    patched[.setANSIForeground] = Array("\u{1B}[38;\(value)m".utf8)
    patched[.setANSIBackground] = Array("\u{1B}[48;\(value)m".utf8)
    patched.extensions.numbers["CO"] = nil
    patched.extensions.numbers["RGB"] = nil
    patched.extensions.strings["RGB"] = nil
    return patched
  }

  /// The value of TERMINFO that holds the entry itself.
  static func environmentValue(_ bytes: [UInt8]) -> String {
    "b64:"
      + Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
  }

  /// `%p1` is red · 65536 + green · 256 + blue.
  private static let trueColourValue =
    "2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%d"
}
