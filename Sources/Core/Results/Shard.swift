/// A part of an evaluation that another machine may do: every `count`-th image from number `index` on.
///
/// Images lie in the order of the data set, so that each part is as mixed as the whole.
public struct Shard: Sendable, Hashable, Codable {
  /// From 1 to ``count``.
  public let index: Int
  /// How many parts there are.
  public let count: Int

  /// Part `index` of `count`; `nil` where there is no such part.
  public init?(_ index: Int, of count: Int) {
    guard 1...max(1, count) ~= index, 1...100_000 ~= count else { return nil }
    self.index = index
    self.count = count
  }

  /// The part of `all` that this is.
  public func callAsFunction<Element>(_ all: [Element]) -> [Element] {
    stride(from: index - 1, to: all.count, by: count).map { all[$0] }
  }
}

extension Shard: CustomStringConvertible {
  /// "3/8".
  public var description: String { "\(index)/\(count)" }
}
