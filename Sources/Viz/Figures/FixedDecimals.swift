extension Double {
  /// The number with exactly so many digits after the point, at most nine; one that is too large for that, or none, as
  /// Swift writes it.
  func fixed(decimals: Int) -> String {
    let scale = (0..<decimals).reduce(1) { scale, _ in scale * 10 }
    guard let whole = Int(exactly: (self * Double(scale)).rounded()) else { return "\(self)" }
    guard decimals > 0 else { return "\(whole)" }
    let fraction = String(whole.magnitude % UInt(scale))
    return (whole < 0 ? "-" : "") + "\(whole.magnitude / UInt(scale))."
      + String(repeating: "0", count: decimals - fraction.count) + fraction
  }
}
