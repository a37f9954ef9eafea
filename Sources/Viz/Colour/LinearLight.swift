import Core
import Foundation

/// The way between sRGB's samples, which are spaced for the eye, and light, which can be averaged.
///
/// Averaging samples darkens edges between bright and dark; every mean in this module is taken of light (IEC 61966-2-1).
public enum LinearLight {
  /// Light in [0, 1] of each sRGB sample.
  public static let ofSample: [Float] = (0..<256).map { sample in
    let s = Double(sample) / 255
    return Float(s <= 0.04045 ? s / 12.92 : pow((s + 0.055) / 1.055, 2.4))
  }

  /// The sRGB sample whose light is nearest; light outside [0, 1] is clipped.
  public static func sample(_ light: Float) -> UInt8 {
    let position = Int(min(max(light, 0), 1) * Float(steps) + 0.5)
    return samples[position]
  }

  /// The sRGB colour nearest to light whose elements are red, green, blue and anything.
  static func colour(_ light: SIMD4<Float>) -> RGB {
    RGB(sample(light.x), sample(light.y), sample(light.z))
  }

  /// The light of a sRGB colour: red, green, blue, 0.
  static func light(of colour: RGB) -> SIMD4<Float> {
    SIMD4(
      ofSample[Int(colour.red)], ofSample[Int(colour.green)], ofSample[Int(colour.blue)], 0)
  }

  private static let steps = 1 << 14
  private static let samples: [UInt8] = (0...steps).map { step in
    let light = Double(step) / Double(steps)
    let s = light <= 0.0031308 ? light * 12.92 : 1.055 * pow(light, 1 / 2.4) - 0.055
    return UInt8((s * 255).rounded())
  }
}
