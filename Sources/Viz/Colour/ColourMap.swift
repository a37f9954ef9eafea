import Core

/// Colours for values in [0, 1], from the least to the most.
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

  /// The same with anchors in hexadecimal, 0xRRGGBB.
  private init(_ anchors: [UInt32]) {
    self.init(
      anchors.map {
        RGB(UInt8($0 >> 16), UInt8($0 >> 8 & 0xFF), UInt8($0 & 0xFF))
      })
  }

  /// The colour of a value; values outside [0, 1] are clipped, NaN is the first.
  public func callAsFunction(_ value: Float) -> RGB {
    table[value > 0 ? Int(min(value, 1) * 255 + 0.5) : 0]
  }

  // MARK: - From dark to bright

  /// Matplotlib's viridis at 33 of its points: even steps for the eye, safe for the colour-blind.
  public static let viridis = ColourMap([
    0x440154, 0x470D60, 0x48186A, 0x482374, 0x472D7B, 0x453681, 0x424086, 0x3F4989, 0x3B528B,
    0x375A8D, 0x33638D, 0x2F6A8E, 0x2C728E, 0x297A8E, 0x26818E, 0x23898E, 0x21908C, 0x1F988B,
    0x1F9F88, 0x21A685, 0x28AE80, 0x31B57B, 0x3EBC74, 0x4CC26C, 0x5DC963, 0x6ECE58, 0x82D34C,
    0x96D83F, 0xABDC32, 0xC0DF24, 0xD5E21A, 0xEAE51A, 0xFDE725,
  ])

  /// Cividis (Nuñez, Anderton and Renslow 2018) at 33 of its points: much the same for the colour-blind as for others.
  public static let cividis = ColourMap([
    0x00224E, 0x00285B, 0x002E6A, 0x043371, 0x1A386F, 0x273E6E, 0x32436D, 0x3B496C, 0x434E6C,
    0x4B546C, 0x52596D, 0x5A5F6E, 0x61656F, 0x686A71, 0x6F7073, 0x757676, 0x7C7B78, 0x848179,
    0x8B8778, 0x938D78, 0x9B9376, 0xA39A75, 0xABA072, 0xB3A670, 0xBBAD6C, 0xC3B469, 0xCCBA64,
    0xD4C15F, 0xDDC958, 0xE6D051, 0xEFD748, 0xF8DF3C, 0xFEE838,
  ])

  /// Matplotlib's magma at 17 of its points: black where there is nothing.
  public static let magma = ColourMap([
    0x000004, 0x0A0822, 0x1D1146, 0x36106A, 0x50127C, 0x691C81, 0x822681, 0x9C2E7F, 0xB63779,
    0xCF4170, 0xE65163, 0xF5695C, 0xFB8761, 0xFEA571, 0xFEC387, 0xFDE0A2, 0xFCFDBF,
  ])

  /// From black to white.
  public static let grey = ColourMap([0x000000, 0xFFFFFF])

  // MARK: - Through all hues

  /// Google's turbo at 33 of its points: the most steps to tell apart, brightest in the middle.
  public static let turbo = ColourMap([
    0x30123B, 0x392A73, 0x4040A1, 0x4456C7, 0x466BE3, 0x467FF6, 0x4293FF, 0x37A7FA, 0x29BBEC,
    0x1DCDD8, 0x18DCC3, 0x1EE8B0, 0x31F299, 0x4CF97E, 0x6BFD64, 0x8AFF4D, 0xA3FD3C, 0xB8F735,
    0xCCED34, 0xDEE037, 0xEDD03A, 0xF8C03A, 0xFDAE35, 0xFE982C, 0xFB8022, 0xF56817, 0xEC520F,
    0xE04009, 0xD23105, 0xC02302, 0xAC1701, 0x950D01, 0x7A0403,
  ])

  // MARK: - Around a middle

  /// From blue through the background's own grey to red, for values around 0: ColorBrewer's RdBu on paper, Crameri's berlin
  /// at 17 of its points on the dark.
  public static func diverging(isLight: Bool) -> ColourMap {
    isLight ? divergingLight : divergingDark
  }

  private static let divergingLight = ColourMap([
    0x053061, 0x2166AC, 0x4393C3, 0x92C5DE, 0xD1E5F0, 0xF7F7F7, 0xFDDBC7, 0xF4A582, 0xD6604D,
    0xB2182B, 0x67001F,
  ])
  private static let divergingDark = ColourMap([
    0x9EB0FF, 0x79ABED, 0x529FD3, 0x3686AD, 0x286886, 0x1D4B61, 0x14313F, 0x111A20, 0x190C09,
    0x2A0E01, 0x401201, 0x5A1C07, 0x7C331D, 0x9C503D, 0xBC6E61, 0xDD8D86, 0xFFADAD,
  ])
}
