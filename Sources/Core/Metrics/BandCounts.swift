/// The counts of IoU restricted to bands of growing width along the contours of the truth: the trimap curve.
///
/// A band of radius r are the pixels within a chessboard distance r of a pixel with another true label, void included
/// (Kohli, Ladický and Torr, "Robust Higher Order Potentials", IJCV 2009). The frame is no contour.
public struct BandCounts: Sendable, Equatable, Counters {
  /// The bands' radii in pixels.
  public static let radii = [1, 2, 4, 8, 16, 32]

  /// Per radius and class: intersection, predicted, truth.
  var numbers: [UInt64]

  init(classes: Int) {
    numbers = [UInt64](repeating: 0, count: Self.radii.count * classes * 3)
  }

  private var classes: Int { numbers.count / (3 * Self.radii.count) }

  /// Pixels of class `k` within band number `band` of ``radii`` that were predicted as class `k`.
  public func intersection(_ k: Int, band: Int) -> UInt64 { numbers[3 * (band * classes + k)] }

  /// Pixels within the band that were predicted as class `k`.
  public func predicted(_ k: Int, band: Int) -> UInt64 { numbers[3 * (band * classes + k) + 1] }

  /// Pixels of class `k` within the band.
  public func truth(_ k: Int, band: Int) -> UInt64 { numbers[3 * (band * classes + k) + 2] }

  /// IoU of class `k` within the band, in [0, 1]; NaN where it is neither true nor predicted there.
  public func iou(_ k: Int, band: Int) -> Double {
    let intersection = intersection(k, band: band)
    return Double(intersection)
      / Double(truth(k, band: band) + predicted(k, band: band) - intersection)
  }

  /// The mean within the band over the classes whose IoU is not NaN.
  public func meanIoU(band: Int) -> Double {
    (0..<classes).map { iou($0, band: band) }.meanOfNumbers
  }
}
