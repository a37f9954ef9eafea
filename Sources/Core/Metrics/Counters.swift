/// Whole numbers that belong to one image and add up over images, so that no sum depends on an order.
protocol Counters: Sendable, Equatable {
  /// Zeros for `classes` classes.
  init(classes: Int)

  /// All numbers in an order of their own; as many for every value of the same number of classes.
  var numbers: [UInt64] { get set }
}

extension Counters {
  /// Adds what was counted elsewhere.
  mutating func add(_ other: Self) {
    precondition(
      numbers.count == other.numbers.count,
      "cannot add \(other.numbers.count) counters to \(numbers.count)")
    for i in numbers.indices { numbers[i] += other.numbers[i] }
  }
}
