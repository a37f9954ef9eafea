/// How much has been sent to the terminal, and how fast it takes it.
///
/// The kernel takes bytes at once whatever the line behind it, so speed is measured end to end: a frame of some size
/// ends with a question (DSR 5), and the answer tells when the terminal has dealt with the frame.
struct Traffic: Equatable, Sendable {
  /// Since the screen was opened.
  private(set) var bytesWritten = 0
  private(set) var framesDrawn = 0
  /// The last frame: what it took to send, and how long until its last byte was handed over.
  private(set) var lastFrameBytes = 0
  private(set) var lastFrameTime: Duration = .zero
  /// The shortest time from a question to its answer; `nil` where the terminal answers none.
  private(set) var roundTrip: Duration?
  /// The running estimate; `nil` until a frame has been answered.
  private(set) var bytesPerSecond: Double?

  /// Frames of fewer bytes say more about the round trip than about speed.
  static let smallestMeasuredFrame = 2048

  /// How much a new measurement weighs against those before.
  private static let weight = 0.3

  mutating func countWritten(_ bytes: Int) { bytesWritten += bytes }

  mutating func countFrame(bytes: Int, time: Duration) {
    framesDrawn += 1
    lastFrameBytes = bytes
    lastFrameTime = time
  }

  /// Notes that the terminal had dealt with `bytes` when `time` had passed since the first of them was sent.
  mutating func countAnswer(bytes: Int, after time: Duration) {
    let shortest = min(roundTrip ?? time, time)
    roundTrip = shortest
    guard bytes >= Self.smallestMeasuredFrame else { return }
    // What is left of the time is at least a tenth: the round trip of the frame itself may have been a lucky one.
    let seconds = max((time - shortest) / .seconds(1), 0.1 * (time / .seconds(1)), 1e-6)
    let speed = Double(bytes) / seconds
    bytesPerSecond = bytesPerSecond.map { $0 + Self.weight * (speed - $0) } ?? speed
  }
}
