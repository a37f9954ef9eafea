/// What is done to a sample before the network sees it, in the order of iSeg's `pipeline.py`.
///
/// 1. The whole image is scaled by one of a few factors; 2. contrast and 3. saturation are changed (hue is not);
/// 4. brightness is; 5. what lacks of the crop is padded at the right and at the bottom, with the mean colour and with
/// ignored labels; 6. the crop is cut out; 7. it is mirrored left to right, or not; 8. it is normalised.
public struct Augmentation: Sendable, Equatable {
  /// The factors, all equally likely; a side becomes ⌊factor · side⌋ pixels long.
  public var scales = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2]
  /// Contrast is multiplied by a factor in 1 ± this, about the mean colour of the scaled image; 0 for never.
  public var contrast = 0.0
  /// Saturation (of HSV) is multiplied by a factor in 1 ± this; 0 for never.
  public var saturation = 0.0
  /// Brightness is shifted by up to ± this, on values of 0…255; 0 for never.
  public var brightness = 32.0
  /// How often each of them changes.
  public var contrastProbability = 0.5, saturationProbability = 0.5, brightnessProbability = 0.5
  /// How often the sample is mirrored.
  public var flipProbability = 0.5

  /// The paper's plain recipe.
  public init() {}

  /// Values are kept in 0…256 where colours were changed; the authors' limits.
  static let limits: ClosedRange<Float> = 0...256
}

extension Augmentation {
  /// What was drawn for one sample.
  struct Draw: Sendable, Equatable {
    /// Size of the scaled image.
    let scaled: Extent
    /// The factor on contrast and on saturation, the shift of brightness; `nil` where it does not change.
    let contrast, saturation, brightness: Float?
    /// Where the crop begins on the scaled image.
    let left, top: Int
    /// Whether the crop is mirrored left to right.
    let isMirrored: Bool
  }

  /// What happens to an image of `size`, cut to `crop`: the same for the same generator.
  ///
  /// It takes as many numbers from the generator whatever is switched on, so a switch changes nothing but its own step.
  func draw(_ size: Extent, crop: Recipe.Crop, _ random: inout SplitMix64) -> Draw {
    let scale = scales[random.index(below: scales.count)]
    func change(_ range: Double, _ probability: Double, about centre: Double) -> Float? {
      let (happens, u) = (random.fraction() < probability, random.fraction())
      return happens && range > 0 ? Float(centre + range * (2 * u - 1)) : nil
    }
    let contrast = change(contrast, contrastProbability, about: 1)
    let saturation = change(saturation, saturationProbability, about: 1)
    let brightness = change(brightness, brightnessProbability, about: 0)
    let scaled = Extent(
      width: max(1, Int(scale * Double(size.width))),
      height: max(1, Int(scale * Double(size.height))))
    let left = random.index(below: max(0, scaled.width - crop.width) + 1)
    let top = random.index(below: max(0, scaled.height - crop.height) + 1)
    return Draw(
      scaled: scaled, contrast: contrast, saturation: saturation, brightness: brightness,
      left: left, top: top, isMirrored: random.fraction() < flipProbability)
  }
}

extension SplitMix64 {
  /// A generator that several numbers decide, each of them wholly.
  init(seeds: [Int]) {
    var generator = SplitMix64(seed: 0)
    for seed in seeds {
      generator = SplitMix64(seed: generator.next() ^ UInt64(bitPattern: Int64(seed)))
    }
    self = generator
  }

  /// A number in [0, 1) of 53 bits.
  mutating func fraction() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }

  /// One of `0 ..< count`: the high word of a product, which prefers none by more than count / 2⁶⁴.
  mutating func index(below count: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(count)).high)
  }
}
