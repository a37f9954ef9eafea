extension Double {
  /// The number with exactly so many digits after the point, at most nine.
  func fixed(decimals: Int) -> String {
    let scale = (0..<decimals).reduce(1) { scale, _ in scale * 10 }
    let whole = Int((self * Double(scale)).rounded())
    guard decimals > 0 else { return "\(whole)" }
    let fraction = String(whole.magnitude % UInt(scale))
    return (whole < 0 ? "-" : "") + "\(Int(whole.magnitude) / scale)."
      + String(repeating: "0", count: decimals - fraction.count) + fraction
  }
}
