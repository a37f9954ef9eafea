import Core

/// What has been worked out for the images seen lately, up to a bound of memory; the longest unused goes first.
struct ResultCache {
  private var results: [Int: Shown] = [:]
  /// Entries from the longest unused to the latest.
  private var order: [Int] = []
  private let byteLimit: Int
  private var bytes = 0

  init(byteLimit: Int) { self.byteLimit = byteLimit }

  /// The results of an entry, which counts as a use of them.
  mutating func take(_ entry: Int) -> Shown? {
    guard let shown = results[entry] else { return nil }
    touch(entry)
    return shown
  }

  /// Keeps the results of an entry; others are dropped where the bound asks for it, never the one just given.
  mutating func keep(_ shown: Shown) {
    bytes += shown.byteCount - (results[shown.entry]?.byteCount ?? 0)
    results[shown.entry] = shown
    touch(shown.entry)
    while bytes > byteLimit, order.count > 1 {
      let oldest = order.removeFirst()
      bytes -= results.removeValue(forKey: oldest)?.byteCount ?? 0
    }
  }

  /// Drops what a slot answered for all entries.
  mutating func forget(slot: Int) {
    for shown in results.values where !shown.answers[slot].isEmpty {
      var shown = shown
      bytes -= shown.byteCount
      shown.answers[slot] = [:]
      bytes += shown.byteCount
      results[shown.entry] = shown
    }
  }

  private mutating func touch(_ entry: Int) {
    order.removeAll { $0 == entry }
    order.append(entry)
  }
}

extension Shown {
  /// Memory of the pixels, in bytes.
  var byteCount: Int {
    let pixels = (picture?.samples.count ?? 0) + 2 * (truth?.values.count ?? 0)
    return answers.reduce(pixels) { sum, slot in
      slot.values.reduce(sum) { sum, answer in
        sum + 2 * answer.labels.values.count + 4 * (answer.logits?.values.count ?? 0)
          + 8 * (answer.certainty?.confidence.count ?? 0)
          + 4 * answer.attention.reduce(0) { $0 + $1.input.values.count }
          + 4 * (answer.features?.features.values.count ?? 0)
          + 2 * (answer.nearest?.values.count ?? 0) + 4 * (answer.divergence?.count ?? 0)
      }
    }
  }
}
