/// What the clock said about one run, in seconds.
struct RunTime {
  /// From the picture in memory to the finished label map.
  var total = 0.0
  /// From the network's first step to its last, without normalisation, resizing and argmax.
  var network = 0.0
  /// The part of each module.
  var modules: [String: Double] = [:]
}

/// The seconds of several runs.
struct Timings {
  private(set) var totals: [Double] = []
  private(set) var networks: [Double] = []
  private var modules: [String: [Double]] = [:]

  mutating func add(_ run: RunTime) {
    totals.append(run.total)
    networks.append(run.network)
    for (name, seconds) in run.modules { modules[name, default: []].append(seconds) }
  }

  /// The median seconds of a module; NaN of one that never ran.
  func median(of module: String) -> Double { Self.median(modules[module] ?? []) }

  /// The median of all runs, in seconds.
  var median: Double { Self.median(totals) }

  /// The median of the network alone, in seconds.
  var networkMedian: Double { Self.median(networks) }

  /// The middle value, or the mean of the two in the middle; NaN of nothing.
  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard let last = sorted.last else { return .nan }
    let upper = sorted.count / 2
    return sorted.count % 2 == 1
      ? sorted[upper] : (sorted[upper - 1] + min(sorted[upper], last)) / 2
  }
}
