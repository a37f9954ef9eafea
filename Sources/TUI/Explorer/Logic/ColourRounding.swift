/// Coarser picture colours while the line is slow: neighbouring cells become equal more often, and equal cells cost little.
extension ExplorerState {
  /// Bytes that a cell of a photograph takes, as measured over frames that changed every cell.
  private static let bytesPerCell = 27.0

  /// Seconds that a whole frame takes when colours are rounded to 6, and to 5 bits.
  ///
  /// They are given back at half of that, so that a speed in between does not make them flicker.
  private static let limits = [(bits: 6, seconds: 0.15), (bits: 5, seconds: 0.4)]

  /// Notes what a frame cost, and chooses how exact the colours of the next ones are.
  mutating func measure(_ traffic: Traffic) {
    self.traffic = traffic
    guard roundsColours, let speed = traffic.bytesPerSecond, speed > 0 else { return }
    let seconds = Double(columns * rows) * Self.bytesPerCell / speed
    colourBits = Self.limits.reduce(8) { bits, limit in
      let isRounding = colourBits <= limit.bits
      return seconds > (isRounding ? limit.seconds / 2 : limit.seconds) ? limit.bits : bits
    }
  }
}
