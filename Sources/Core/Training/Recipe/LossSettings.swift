/// What is minimised: weights of the terms, and how pixels are counted.
public struct LossSettings: Sendable, Equatable {
  /// The weight of the teacher's and of each student's cross entropy; the paper gives none.
  public var teacher = 1.0, student = 1.0
  /// The weight of the auxiliary head's.
  public var auxiliary = 1.0
  /// The weight of that of a context's first guess, such as OCR's.
  public var guess = 0.4
  /// What cross entropy is averaged over.
  public var mean = PixelMean.allPixels
  /// The weights of CAR's pixel-to-centre term within a class and of its two terms between classes.
  public var carIntra = 1.0, carInter = 1.0
  /// What the first of them squares.
  var carIntraForm = IntraClassDeviation.Form.squaredMean
  /// Whether CAR's third term counts ignored pixels, as the authors' program does.
  public var carIncludesIgnored = true
  /// The focusing exponent γ of focal loss in place of cross entropy; 0 is cross entropy.
  public var focalGamma = 0.0
  /// The weight of Dice loss, which is added.
  public var dice = 0.0

  /// The paper's loss.
  public init() {}
}
