/// The control strings that enter and leave full screen, around what curses sends.
struct FullScreenCodes {
  /// Enters full screen and hides the cursor.
  let enter: [UInt8]
  /// Switches on what full screen needs beside curses' own; follows `enter` and every return of curses.
  let modes: [UInt8]
  /// Switches it off.
  let modesOff: [UInt8]
  /// Clears the screen where the terminal has only one; there the shell would write over what was shown.
  let erase: [UInt8]
  /// Everything back as the shell had it, whatever state the terminal is in; for signal handlers.
  let restore: [UInt8]

  /// Begin and end of an update that the terminal shows in one piece (private mode 2026).
  static let beginUpdate = "\u{1B}[?2026h"
  static let endUpdate = "\u{1B}[?2026l"
  /// Asks whether all before it has been dealt with (DSR 5).
  static let fence = "\u{1B}[5n"

  /// The codes for the terminal of `entry`.
  init(_ entry: TerminfoEntry) {
    enter = entry.plainText(.enterFullScreen) + entry.plainText(.cursorInvisible)
    // Bracketed paste, reports of focus; the window's title is put aside.
    modes = Array("\u{1B}[?2004h\u{1B}[?1004h\u{1B}[22;2t".utf8)
    let off =
      MouseReporting.off.codes + "\u{1B}[?1004l\u{1B}[?2004l" + Self.endUpdate + "\u{1B}[23;2t"
    modesOff = Array(off.utf8)
    let exit = entry.plainText(.exitFullScreen)
    erase = exit.isEmpty ? entry.plainText(.clearScreen) : []
    // CAN and ST end a sequence or string that was cut off in the middle.
    restore =
      Array("\u{18}\u{1B}\\".utf8) + modesOff + entry.plainText(.resetAttributes)
      + entry.plainText(.cursorNormal) + entry.plainText(.keypadLocal)
      + exit + erase + Array("\r".utf8)
  }
}
