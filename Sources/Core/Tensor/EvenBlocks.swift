/// `0 ..< total` cut into ranges of at most `limit` and about equal length, multiples of `unit` but for the last.
struct EvenBlocks: RandomAccessCollection {
  private let total, unit, units: Int
  /// How many ranges there are; at least one, which may be empty.
  let count: Int

  /// The ranges of `total`.
  init(_ total: Int, of unit: Int, upTo limit: Int) {
    self.total = total
    self.unit = unit
    units = (total + unit - 1) / unit
    let unitsPerBlock = Swift.max(1, limit / unit)
    count = Swift.max(1, (units + unitsPerBlock - 1) / unitsPerBlock)
  }

  var startIndex: Int { 0 }
  var endIndex: Int { count }

  /// The `block`-th range.
  subscript(block: Int) -> Range<Int> {
    (block * units / count * unit)..<Swift.min(total, (block + 1) * units / count * unit)
  }
}
