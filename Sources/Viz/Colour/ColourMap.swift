import Core

/// Colours for values in [0, 1], dark to bright.
public struct ColourMap: Sendable {
  private let table: [RGB]

  /// A map through `anchors` at equal distances, straight lines of samples between them.
  public init(_ anchors: [RGB]) {
    precondition(anchors.count > 1, "a colour map needs two anchors, not \(anchors.count)")
    table = (0..<256).map { i in
      let position = Double(i) / 255 * Double(anchors.count - 1)
      let first = min(Int(position), anchors.count - 2)
      let share = position - Double(first)
      func mixed(_ channel: KeyPath<RGB, UInt8>) -> UInt8 {
        let (a, b) = (
          Double(anchors[first][keyPath: channel]), Double(anchors[first + 1][keyPath: channel])
        )
        return UInt8((a + (b - a) * share).rounded())
      }
      return RGB(mixed(\.red), mixed(\.green), mixed(\.blue))
    }
  }

  /// The colour of a value; values outside [0, 1] are clipped, NaN is the darkest.
  public func callAsFunction(_ value: Float) -> RGB {
    table[value > 0 ? Int(min(value, 1) * 255 + 0.5) : 0]
  }

  /// Matplotlib's viridis at nine of its points: even steps for the eye, safe for the colour-blind.
  public static let viridis = ColourMap([
    RGB(68, 1, 84), RGB(71, 44, 122), RGB(59, 81, 139), RGB(44, 113, 142), RGB(33, 144, 141),
    RGB(39, 173, 129), RGB(92, 200, 99), RGB(170, 220, 50), RGB(253, 231, 37),
  ])

  /// Matplotlib's cividis at nine of its points: blue to yellow, alike to all eyes.
  public static let cividis = ColourMap([
    RGB(0, 34, 78), RGB(26, 56, 111), RGB(67, 78, 108), RGB(97, 101, 111), RGB(125, 124, 120),
    RGB(155, 149, 119), RGB(188, 175, 111), RGB(222, 202, 94), RGB(254, 232, 56),
  ])

  /// Google's turbo at nine of its points: a rainbow without bands.
  public static let turbo = ColourMap([
    RGB(48, 18, 59), RGB(70, 107, 227), RGB(40, 188, 235), RGB(50, 242, 152), RGB(164, 252, 60),
    RGB(237, 208, 58), RGB(251, 128, 34), RGB(208, 47, 5), RGB(122, 4, 3),
  ])

  /// Black to white.
  public static let grey = ColourMap([RGB(0, 0, 0), RGB(255, 255, 255)])

  /// Matplotlib's magma at nine of its points: black where there is nothing.
  public static let magma = ColourMap([
    RGB(0, 0, 4), RGB(28, 16, 68), RGB(79, 18, 123), RGB(129, 37, 129), RGB(181, 54, 122),
    RGB(229, 80, 100), RGB(251, 135, 97), RGB(254, 194, 135), RGB(252, 253, 191),
  ])
}
