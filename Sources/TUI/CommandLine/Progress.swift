import Glibc

/// A line on standard error that tells how far a long command is.
///
/// It is drawn in place when standard error is a terminal and nothing asked for silence; otherwise there is no line.
/// The rate is the mean since the start.
struct Progress {
  private let total: Int
  private let isShown: Bool
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var done = 0

  /// The progress of `total` items.
  init(total: Int, isQuiet: Bool) {
    self.total = total
    isShown = !isQuiet && StandardError.isTerminal
    start = clock.now
  }

  /// Notes a finished item and redraws.
  mutating func advance(_ name: String) {
    done += 1
    guard isShown else { return }
    let seconds = (clock.now - start) / .seconds(1)
    let rate = Double(done) / max(seconds, 1e-9)
    let left = Double(total - done) / rate
    let line =
      "\(done)/\(total)  \(rate.formatted(decimals: 1)) images/s  "
      + "\(Self.clockFace(left)) left  \(name.printable)"
    // A line that wraps could not be drawn over.
    let columns = TerminalSize.of(STDERR_FILENO)?.columns ?? 80
    StandardError.write("\r\u{1B}[K" + line.cut(to: columns - 1))
  }

  /// Prints a message above the line.
  func interrupt(with message: String) {
    StandardError.print((isShown ? "\r\u{1B}[K" : "") + message)
  }

  /// Removes the line.
  func finish() {
    if isShown && done > 0 { StandardError.write("\r\u{1B}[K") }
  }

  /// Seconds as 0:07, 12:34 or 1:02:03.
  static func clockFace(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds, 0), 359_999).rounded(.up))
    let (h, m, s) = (whole / 3600, whole / 60 % 60, whole % 60)
    let two = { (n: Int) in n < 10 ? "0\(n)" : "\(n)" }
    return h > 0 ? "\(h):\(two(m)):\(two(s))" : "\(m):\(two(s))"
  }
}

/// A line on standard error that tells how much of a file is written; otherwise as ``Progress``.
struct ByteProgress {
  private let total: Int
  private let isShown: Bool
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var drawn: ContinuousClock.Instant?

  /// The progress of `total` bytes.
  init(total: Int, isQuiet: Bool) {
    self.total = total
    isShown = !isQuiet && StandardError.isTerminal
    start = clock.now
  }

  /// Notes that `done` bytes are written; redraws ten times a second.
  mutating func advance(to done: Int) {
    let now = clock.now
    guard isShown, drawn.map({ now - $0 > .milliseconds(100) }) ?? true else { return }
    drawn = now
    let seconds = max((now - start) / .seconds(1), 1e-9)
    let share = (100 * Double(done) / Double(max(total, 1))).formatted(decimals: 0)
    let rate = (Double(done) / 0x1p20 / seconds).formatted(decimals: 0)
    StandardError.write("\r\u{1B}[K\(share) %  \(rate) MiB/s")
  }

  /// Removes the line.
  func finish() {
    if drawn != nil { StandardError.write("\r\u{1B}[K") }
  }
}
