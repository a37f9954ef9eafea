/// A line on standard error that tells which share of one long piece of work is done, as ``Progress`` does of many.
struct ShareProgress {
  private let name: String
  private let isShown: Bool
  private var shown = -1

  /// The progress of what is called `name`.
  init(_ name: String, isQuiet: Bool) {
    self.name = name
    isShown = !isQuiet && StandardError.isTerminal
  }

  /// Notes the share that is done, in [0, 1].
  mutating func show(_ share: Double) {
    let percent = Int(100 * share)
    guard isShown, percent > shown else { return }
    shown = percent
    StandardError.write("\r\u{1B}[K\(percent) %  \(name.printable)")
  }

  /// Removes the line.
  func finish() {
    if shown >= 0 { StandardError.write("\r\u{1B}[K") }
  }
}
