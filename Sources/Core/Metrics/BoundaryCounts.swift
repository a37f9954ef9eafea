/// What Boundary IoU is made of: pixels that lie near the contours of each class, in truth and prediction.
///
/// The band of a class are its pixels within a chessboard distance d of another class or of the frame, as
/// erosion leaves them (Cheng et al., "Boundary IoU", CVPR 2021). Pixels whose truth is ignored leave
/// both bands, after these were found.
public struct BoundaryCounts: Sendable, Equatable, Counters {
  /// Per class the pixels in both bands, then per class those in either.
  var numbers: [UInt64]

  init(classes: Int) { numbers = [UInt64](repeating: 0, count: 2 * classes) }

  private var classes: Int { numbers.count / 2 }

  /// Pixels in the band of class `k` in truth and prediction alike.
  public func intersection(_ k: Int) -> UInt64 { numbers[k] }

  /// Pixels in the band of class `k` in truth or prediction.
  public func union(_ k: Int) -> UInt64 { numbers[classes + k] }

  /// Boundary IoU of class `k` in [0, 1]; NaN where it has no band in truth nor prediction.
  public func iou(_ k: Int) -> Double { Double(intersection(k)) / Double(union(k)) }

  /// The mean over the classes whose Boundary IoU is not NaN.
  public var meanIoU: Double { (0..<classes).map(iou).meanOfNumbers }

  /// The mean over classes of the lesser of Boundary IoU and IoU.
  public func meanLeastIoU(with confusion: ConfusionMatrix) -> Double {
    (0..<classes).map { Double.minimum(iou($0), confusion.iou($0)) }.meanOfNumbers
  }

  /// The band's width d in pixels on an image of this size: `ratio` of the diagonal rounded half to even, at least 1.
  ///
  /// The authors take 0.02 for COCO and LVIS, 0.005 for Cityscapes.
  public static func distance(width: Int, height: Int, ratio: Double) -> Int {
    let diagonal = Double(width * width + height * height).squareRoot()
    return max(1, Int((ratio * diagonal).rounded(.toNearestOrEven)))
  }
}
