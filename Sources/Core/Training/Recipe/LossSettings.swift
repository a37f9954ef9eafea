/// What is minimised: weights of the terms, and how pixels are counted.
public struct LossSettings: Sendable, Equatable {
<<<<<<< HEAD
  /// The weight of the teacher's and of each student's cross entropy (§11 #12).
=======
  /// What the sum over pixels is divided by.
  public enum Mean: String, Sendable, CaseIterable {
    /// All pixels, ignored and padded ones too: the authors' program.
    case allPixels = "all_pixels"
    /// The pixels that have a class.
    case validPixels = "valid_pixels"
  }

  /// The weight of the teacher's and of each student's cross entropy; the paper gives none.
>>>>>>> data
  public var teacher = 1.0, student = 1.0
  /// What cross entropy is averaged over.
  public var mean = PixelMean.allPixels
  /// The weights of CAR's pixel-to-centre term within a class and of its two terms between classes.
  public var carIntra = 1.0, carInter = 1.0
  /// Whether CAR's third term counts ignored pixels, as the authors' program does.
  public var carIncludesIgnored = true
  /// The focusing exponent γ of focal loss in place of cross entropy; 0 is cross entropy.
  public var focalGamma = 0.0
  /// The weight of Dice loss, which is added.
  public var dice = 0.0

  /// The paper's loss.
  public init() {}
}
