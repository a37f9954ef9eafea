/// Which source samples each scaled sample is made of along one axis, and how much of each.
struct Taps {
  /// The source samples of one scaled sample: `first`, `first + 1`, …; `weights` is where theirs begin.
  struct Window {
    let first, count, weights: Int
  }

  private(set) var windows: [Window] = []
  /// The weights of all windows; those of a window add up to 1.
  private(set) var weights: [Float] = []

  /// The source samples that any window holds.
  var source: Range<Int> { source(of: windows.indices) }

  /// The source samples that the windows of `scaled` hold.
  func source(of scaled: Range<Int>) -> Range<Int> {
    let windows = windows[scaled]
    let first = windows.map(\.first).min() ?? 0
    return first..<(windows.map { $0.first + $0.count }.max() ?? first)
  }

  private mutating func append(_ shares: [(sample: Int, weight: Double)], of size: Int) {
    let samples = shares.map { min(max($0.sample, 0), size - 1) }
    let first = samples.min() ?? 0
    var window = [Double](repeating: 0, count: (samples.max() ?? first) - first + 1)
    for (sample, share) in zip(samples, shares) { window[sample - first] += share.weight }
    windows.append(Window(first: first, count: window.count, weights: weights.count))
    weights += window.map { Float($0) }
  }

  /// Each of `scaled` equal parts of `start..<(start + length)`: the samples it covers, by the share that they cover.
  static func covering(_ start: Double, _ length: Double, of size: Int, scaled: Int) -> Taps {
    let step = length / Double(scaled)
    var taps = Taps()
    for i in 0..<scaled {
      let from = start + Double(i) * step
      let to = start + Double(i + 1) * step
      let first = Int(from.rounded(.down))
      let last = max(first, Int(to.rounded(.up)) - 1)
      taps.append(
        (first...last).map { sample in
          (sample, (min(to, Double(sample + 1)) - max(from, Double(sample))) / step)
        }, of: size)
    }
    return taps
  }

  /// As `covering` where that makes the axis shorter, else Catmull and Rom's cubic through the samples' centres.
  ///
  /// The cubic keeps edges sharper than a linear blend, and both ways meet at equal size, where each is the identity.
  /// E. Catmull and R. Rom, "A class of local interpolating splines", 1974; Keys' kernel with a = −½.
  static func resampling(_ start: Double, _ length: Double, of size: Int, scaled: Int) -> Taps {
    let step = length / Double(scaled)
    guard step < 1 else { return covering(start, length, of: size, scaled: scaled) }
    var taps = Taps()
    for i in 0..<scaled {
      let centre = start + (Double(i) + 0.5) * step - 0.5
      let left = centre.rounded(.down)
      let t = centre - left
      let cubic = [
        t * (-0.5 + t * (1 - 0.5 * t)),
        1 + t * t * (-2.5 + 1.5 * t),
        t * (0.5 + t * (2 - 1.5 * t)),
        t * t * (-0.5 + 0.5 * t),
      ]
      taps.append(cubic.enumerated().map { (Int(left) - 1 + $0, $1) }, of: size)
    }
    return taps
  }
}
