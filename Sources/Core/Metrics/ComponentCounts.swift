/// How many connected components of the truth were found, by class and size.
///
/// A component is a largest set of pixels of one class that touch at sides or corners (8-connected). It is found where
/// at least half of its pixels are predicted as its class.
public struct ComponentCounts: Sendable, Equatable, Counters {
  /// Sizes as COCO has them.
  public enum Size: Int, CaseIterable, Sendable {
    /// Fewer than 32² pixels.
    case small
    /// From 32² to fewer than 96² pixels.
    case medium
    /// 96² pixels and more.
    case large

    /// The size of a component of `pixels` pixels.
    public init(pixels: Int) {
      self = pixels < 32 * 32 ? .small : pixels < 96 * 96 ? .medium : .large
    }
  }

  /// Per class and size: components, those that are found, their pixels, those of them that are predicted right.
  var numbers: [UInt64]

  init(classes: Int) {
    numbers = [UInt64](repeating: 0, count: classes * Size.allCases.count * 4)
  }

  private var classes: Int { numbers.count / (4 * Size.allCases.count) }

  static func index(_ k: Int, _ size: Size) -> Int { 4 * (k * Size.allCases.count + size.rawValue) }

  /// Components of class `k`.
  public func components(_ k: Int, _ size: Size) -> UInt64 { numbers[Self.index(k, size)] }

  /// Those of them that were found.
  public func found(_ k: Int, _ size: Size) -> UInt64 { numbers[Self.index(k, size) + 1] }

  /// The pixels of the components.
  public func pixels(_ k: Int, _ size: Size) -> UInt64 { numbers[Self.index(k, size) + 2] }

  /// Those pixels that were predicted as class `k`.
  public func right(_ k: Int, _ size: Size) -> UInt64 { numbers[Self.index(k, size) + 3] }

  /// The share of components of class `k` that were found, in [0, 1]; NaN where it has none of the size.
  public func recall(_ k: Int, _ size: Size) -> Double {
    Double(found(k, size)) / Double(components(k, size))
  }

  /// The share of all components of the size that were found, in [0, 1]; NaN where there are none.
  public func recall(_ size: Size) -> Double {
    let (found, all) = (0..<classes).reduce((UInt64(0), UInt64(0))) {
      ($0.0 + self.found($1, size), $0.1 + components($1, size))
    }
    return Double(found) / Double(all)
  }
}
