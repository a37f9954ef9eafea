import Core
import Foundation

/// A colour in Björn Ottosson's Oklab space (2020), where distances are those that the eye sees.
public struct Oklab: Sendable, Equatable {
  /// Lightness in [0, 1]; green to red and blue to yellow, about −0.4 to 0.4, 0 for greys.
  public var lightness, a, b: Float

  /// A colour from its coordinates.
  public init(lightness: Float, a: Float, b: Float) {
    self.lightness = lightness
    self.a = a
    self.b = b
  }

  /// The place of an sRGB colour.
  public init(_ colour: RGB) {
    let red = LinearLight.ofSample[Int(colour.red)]
    let green = LinearLight.ofSample[Int(colour.green)]
    let blue = LinearLight.ofSample[Int(colour.blue)]
    // The responses of the three cones, then their cube roots; both matrices are the author's.
    let long = cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    let medium = cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    let short = cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
  }
}
