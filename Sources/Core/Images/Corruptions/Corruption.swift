/// A way in which pictures get worse, at one of five severities, after ImageNet-C.
///
/// Kinds and parameters are those of D. Hendrycks and T. Dietterich, "Benchmarking Neural Network Robustness to Common
/// Corruptions and Perturbations" (ICLR 2019), as their program `make_imagenet_c.py` has them; what departs from it
/// says so. They are meant for pictures of some 224 pixels: lengths are in pixels of whatever picture it is. What is drawn at random
/// follows from kind, severity and a seed alone, so that a picture of a name is always corrupted alike.
public struct Corruption: Sendable, Hashable {
  /// What happens to the picture.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Gaussian noise on every sample.
    case noise
    /// A Gaussian blur.
    case blur
    /// JPEG's artefacts.
    case jpeg
    /// Brighter by a share of white.
    case brightness
    /// Less contrast about the mean colour.
    case contrast
    /// A bright plasma before everything.
    case fog
    /// Flakes in motion before a whitened picture.
    case snow
    /// Fewer, larger pixels.
    case downsampling
    /// A grey square before a part of it.
    case occluder
  }

  /// What happens.
  public let kind: Kind
  /// How much of it, from 1 to 5.
  public let severity: Int

  /// The severities.
  public static let severities = 1...5

  /// A corruption of a severity from 1 to 5.
  public init(_ kind: Kind, severity: Int) {
    precondition(Self.severities.contains(severity), "severity is 1…5, not \(severity)")
    self.kind = kind
    self.severity = severity
  }

  /// The picture corrupted as one of this name always is.
  public func callAsFunction(_ picture: Picture, named name: String) -> Picture {
    var hash = FNV1a()
    hash.combine(name)
    return self(picture, seed: hash.value)
  }

  /// The picture corrupted; what is random follows from `seed`.
  public func callAsFunction(_ picture: Picture, seed: UInt64) -> Picture {
    guard picture.width > 0 && picture.height > 0 else { return picture }
    var hash = FNV1a()
    hash.combine(description)
    var random = SplitMix64(seed: hash.value ^ seed)
    let level = severity - 1
    switch kind {
    case .noise: return picture.noisy(deviation: Self.noise[level], &random)
    case .blur: return picture.blurred(deviation: Self.blur[level])
    case .jpeg: return picture.throughJPEG(quality: Self.quality[level])
    case .brightness: return picture.brightened(by: Self.brightness[level])
    case .contrast: return picture.withContrast(Self.contrast[level])
    case .fog: return picture.inFog(Self.fog[level], &random)
    case .snow: return picture.inSnow(Self.snow[level], &random)
    case .downsampling: return picture.pixelated(to: Self.pixels[level])
    case .occluder: return picture.occluded(side: Self.occluder[level], &random)
    }
  }

  /// Standard deviations, as shares of white.
  static let noise: [Float] = [0.08, 0.12, 0.18, 0.26, 0.38]
  /// Standard deviations in pixels.
  static let blur: [Float] = [1, 2, 3, 4, 6]
  /// Qualities of JPEG.
  static let quality = [25, 18, 15, 10, 7]
  /// What is added to the value of HSV, as a share of white.
  static let brightness: [Float] = [0.1, 0.2, 0.3, 0.4, 0.5]
  /// What is left of the distance from the mean.
  static let contrast: [Float] = [0.4, 0.3, 0.2, 0.1, 0.05]
  /// Density, and how much weaker each finer octave is.
  static let fog: [Fog] = [
    Fog(density: 1.5, decay: 2), Fog(density: 2, decay: 2), Fog(density: 2.5, decay: 1.7),
    Fog(density: 2.5, decay: 1.5), Fog(density: 3, decay: 1.4),
  ]
  /// In the order of the paper's program.
  static let snow: [Snow] = [
    Snow(mean: 0.1, zoom: 3, threshold: 0.5, radius: 10, deviation: 4, share: 0.8),
    Snow(mean: 0.2, zoom: 2, threshold: 0.5, radius: 12, deviation: 4, share: 0.7),
    Snow(mean: 0.55, zoom: 4, threshold: 0.9, radius: 12, deviation: 8, share: 0.7),
    Snow(mean: 0.55, zoom: 4.5, threshold: 0.85, radius: 12, deviation: 8, share: 0.65),
    Snow(mean: 0.55, zoom: 2.5, threshold: 0.85, radius: 12, deviation: 12, share: 0.55),
  ]
  /// What is left of each side's pixels; their "pixelate".
  static let pixels: [Double] = [0.6, 0.5, 0.4, 0.3, 0.25]
  /// The square's side as a share of the picture's shorter one.
  ///
  /// Not of the paper: after DeVries and Taylor's Cutout (2017).
  static let occluder: [Double] = [0.1, 0.2, 0.3, 0.4, 0.5]
}

extension Corruption: CustomStringConvertible {
  /// `fog:3`.
  public var description: String { "\(kind.rawValue):\(severity)" }

  /// The corruption that has this description; `nil` for any other text.
  public init?(description: String) {
    let parts = description.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])),
      let severity = Int(parts[1]), Self.severities.contains(severity),
      "\(kind.rawValue):\(severity)" == description
    else { return nil }
    self.init(kind, severity: severity)
  }
}
