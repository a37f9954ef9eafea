import Glibc

/// Questions that terminals answer about themselves, and the wait for the answers.
///
/// Every terminal answers the last question (DA1), and all answer in order, so that answer ends the wait. Nothing of the
/// answers, however late, is taken for typing: the decoder knows them. What is typed meanwhile is kept.
enum TerminalProbe {
  /// A half block, a sextant and an octant: their width tells whether the terminal knows them.
  static let glyphs: [Character] = ["\u{2580}", "\u{1FB00}", "\u{1CD00}"]

  /// The colour that is set and asked back (DECRQSS); terminals write it with semicolons or colons.
  private static let trialColour = (red: 1, green: 2, blue: 3)

  /// What to send to a terminal of that kind.
  ///
  /// - Parameter isPlain: the Linux console and old terminals print parts of strings that they do not know, and
  ///   GNU screen hands strings on to whatever is behind it.
  static func questions(isPlain: Bool) -> String {
    let widths = glyphs.map { "\r\($0)\u{1B}[6n" }.joined() + "\r\u{1B}[K"
    guard !isPlain else { return widths + "\u{1B}[c" }
    let (red, green, blue) = trialColour
    return "\u{1B}]11;?\u{1B}\\"  // background
      + "\u{1B}[>q"  // program and version
      + "\u{1B}[16t\u{1B}[14t"  // pixels of a cell and of the text area
      + "\u{1B}[?2026$p"  // synchronized output
      + "\u{1B}[48;2;\(red);\(green);\(blue)m\u{1B}P$qm\u{1B}\\\u{1B}[m"  // 24-bit colours
      + widths + "\u{1B}[c"
  }

  /// Whether a terminal of that name gets the questions without strings.
  static func isPlain(term: String) -> Bool {
    ["linux", "screen", "vt", "cons", "sun", "ansi", "dumb", "cygwin"].contains {
      term.hasPrefix($0)
    }
  }

  /// Whether the attributes that a terminal reported hold the trial colour.
  static func isTrialColour(_ codes: String) -> Bool {
    let (red, green, blue) = trialColour
    let forms = [
      "48;2;\(red);\(green);\(blue)", "48:2:\(red):\(green):\(blue)",
      "48:2::\(red):\(green):\(blue)",
    ]
    return forms.contains { codes.contains($0) }
  }

  /// Asks the terminal and waits for its answers, at most `timeout`.
  ///
  /// The terminal has to be in raw mode.
  /// - Returns: the answers, and what was typed meanwhile.
  static func run(
    input: Int32, output: Int32, questions: String, timeout: Duration,
    decoder: inout InputDecoder
  ) -> (answers: ProbeAnswers, events: [TerminalEvent]) {
    var answers = ProbeAnswers()
    var events: [TerminalEvent] = []
    let start = ContinuousClock.now
    guard TerminalLine.write(Array(questions.utf8), to: output) else { return (answers, events) }
    // Until the last answer is there: positions may come late.
    decoder.expectsCursor = true
    while answers.roundTrip == nil {
      guard
        let bytes = TerminalLine.read(from: input, before: start + timeout), !bytes.isEmpty
      else { break }
      for item in decoder.decode(bytes) {
        switch item {
        case .event(let event): events.append(event)
        case .reply(.deviceAttributes):
          answers.roundTrip = .now - start
          decoder.expectsCursor = false
        case .reply(let reply): answers.note(reply)
        }
      }
    }
    return (answers, events)
  }
}
