/// A mean of shares in [0, 1] that does not depend on their order.
///
/// Each is rounded once to a multiple of 2⁻⁶⁰, finer than a Double at 1; the sum of these whole numbers is exact.
struct ExactMean: Sendable, Equatable {
  private static let one = 1_152_921_504_606_846_976.0

  private var sum: UInt128 = 0
  /// How many numbers were added.
  private(set) var count: UInt64 = 0

  /// Adds a share; NaN is left out.
  mutating func add(_ share: Double) {
    guard !share.isNaN else { return }
    precondition(share >= 0 && share <= 1.000_001, "a share lies in [0, 1], \(share) does not")
    sum += UInt128(UInt64((min(share, 1) * Self.one).rounded()))
    count += 1
  }

  /// Adds all shares of another mean.
  mutating func add(_ other: ExactMean) {
    sum += other.sum
    count += other.count
  }

  /// The mean; NaN without a number.
  var value: Double { Double(sum) / Self.one / Double(count) }
}
