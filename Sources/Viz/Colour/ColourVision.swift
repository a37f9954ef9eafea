import Core

/// How colours look to the eye: with all three cones, or without one of them.
///
/// Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency" (2009), at
/// full severity. About one man in twelve sees something between the first and the second or third.
public enum ColourVision: Sendable, CaseIterable {
  case full
  /// Without long-, medium- or short-wave cones.
  case protanopia, deuteranopia, tritanopia

  /// The colour that a person of full vision would have to be shown to see what this eye sees of `colour`.
  public func seen(_ colour: RGB) -> RGB {
    let light = LinearLight.light(of: colour)
    func dot(_ row: SIMD4<Float>) -> Float { (row * light).sum() }
    let rows = matrix
    return LinearLight.colour(SIMD4(dot(rows.0), dot(rows.1), dot(rows.2), 0))
  }

  /// The rows for red, green and blue, of linear light.
  private var matrix: (SIMD4<Float>, SIMD4<Float>, SIMD4<Float>) {
    switch self {
    case .full: ([1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0])
    case .protanopia:
      (
        [0.152286, 1.052583, -0.204868, 0], [0.114503, 0.786281, 0.099216, 0],
        [-0.003882, -0.048116, 1.051998, 0]
      )
    case .deuteranopia:
      (
        [0.367322, 0.860646, -0.227968, 0], [0.280085, 0.672501, 0.047413, 0],
        [-0.011820, 0.042940, 0.968881, 0]
      )
    case .tritanopia:
      (
        [1.255528, -0.076749, -0.178779, 0], [-0.078411, 0.930809, 0.147602, 0],
        [0.004733, 0.691367, 0.303900, 0]
      )
    }
  }
}

/// A colour as each kind of eye sees it.
struct ColourSeen {
  /// Lightness, a and b to the four kinds of eye.
  private let lightness, a, b: SIMD4<Float>

  init(_ colour: RGB) {
    let places = ColourVision.allCases.map { Oklab($0.seen(colour)) }
    func four(_ coordinate: KeyPath<Oklab, Float>) -> SIMD4<Float> {
      SIMD4(places.map { $0[keyPath: coordinate] })
    }
    (lightness, a, b) = (four(\.lightness), four(\.a), four(\.b))
  }

  /// How far two colours are apart in Oklab, squared, to the eye that tells them apart worst.
  func squaredDistance(to other: ColourSeen) -> Float {
    let d = (lightness - other.lightness, a - other.a, b - other.b)
    return (d.0 * d.0 + d.1 * d.1 + d.2 * d.2).min()
  }
}
