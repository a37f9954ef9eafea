import Glibc

extension TerminalFacts {
  /// What the environment, the machine and the window say, before the terminal is asked.
  init(environment: [String: String], encoding: CharacterEncoding, window: winsize?) {
    let term = environment["TERM"] ?? ""
    self.term = term
    self.encoding = encoding
    colorTerm = environment["COLORTERM"] ?? ""
    if let found = Self.description(of: term, in: TerminfoFiles(environment: environment)) {
      entryName = found.name
      entryColours = max(0, Int(found.entry[.colours]))
      entryPromisesTrueColour = found.entry.promisesTrueColour
    }
    if let window, window.ws_col > 0, window.ws_row > 0 {
      windowCellPixels = TerminalFeatures.CellPixels(
        width: Int(window.ws_xpixel) / Int(window.ws_col),
        height: Int(window.ws_ypixel) / Int(window.ws_row))
    }
  }

  /// The description of `term`, or that of xterm, which all terminals of today resemble, where a new terminal's own is
  /// missing, as it often is on other machines.
  static func description(
    of term: String, in files: TerminfoFiles
  ) -> (name: String, bytes: [UInt8], entry: TerminfoEntry)? {
    guard !term.isEmpty, term != "dumb" else { return nil }
    for name in [term, "xterm-256color", "xterm"] {
      if let bytes = files.bytes(of: name), let entry = try? TerminfoEntry(bytes) {
        return (name, bytes, entry)
      }
    }
    return nil
  }

  /// Adds what the terminal and a multiplexer answered.
  mutating func add(
    _ answers: ProbeAnswers, environment: [String: String], clientList: String?
  ) {
    self.answers = answers
    multiplexer = Multiplexer(
      environment: environment, program: answers.program, clientList: clientList)
  }
}

/// The size and mode of the line to a terminal.
extension TerminalLine {
  /// The window's size; `nil` where the descriptor leads to no terminal.
  static func window(_ descriptor: Int32) -> winsize? {
    var window = winsize()
    return ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0 ? window : nil
  }
}
