import Foundation

/// The description of a terminal, changed so that curses sends 24-bit colours.
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
    var patched = entry
    patched[.colours] = 1 << 24
    patched[.pairs] = 1 << 24
    patched[.canChangeColours] = false
    for text in [
      TerminfoEntry.Text.originalColours, .initializeColour, .initializePair, .setForeground,
      .setBackground,
    ] { patched[text] = nil }
    patched[.setANSIForeground] = setColour("38")
    patched[.setANSIBackground] = setColour("48")
    patched.extensions.numbers["CO"] = nil
    patched.extensions.numbers["RGB"] = nil
    patched.extensions.strings["RGB"] = nil
    patched.extensions.booleans["RGB"] = true
    return patched
  }

  /// The value of TERMINFO that holds the entry itself.
  static func environmentValue(_ bytes: [UInt8]) -> String {
    "b64:"
      + Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
  }

  /// `%p1` is red · 65536 + green · 256 + blue.
  private static func setColour(_ selector: String) -> [UInt8] {
    let red = "%p1%{65536}%/%d"
    let green = "%p1%{256}%/%{255}%&%d"
    let blue = "%p1%{255}%&%d"
    return Array("\u{1B}[\(selector);2;\(red);\(green);\(blue)m".utf8)
  }
}
