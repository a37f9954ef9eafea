/// A window that is moved over a picture too large, or too unlike the training crops, for one run of the network.
///
/// Along each side the windows begin at 0, stride, 2·stride, …; the last is pushed back to end with the picture, and a
/// side shorter than the window has one window of its own length. mmsegmentation's `slide_inference` and iSeg's
/// `get_sliding_start_indexs_v2` write this differently and agree; they differ in the stride (``init(width:height:)``).
public struct SlidingWindow: Sendable, Hashable, Codable {
  /// The window's size in pixels.
  public let width, height: Int
  /// How far it is moved, in pixels: at least 1, and at most the window's side, so that no pixel is left out.
  public let horizontalStride, verticalStride: Int

  /// A window with its strides, as mmsegmentation's `test_cfg` gives them.
  public init(width: Int, height: Int, horizontalStride: Int, verticalStride: Int) {
    precondition(
      1...max(1, width) ~= horizontalStride && 1...max(1, height) ~= verticalStride,
      "a \(width)×\(height) window cannot be moved by \(horizontalStride) and \(verticalStride)")
    self.width = width
    self.height = height
    self.horizontalStride = horizontalStride
    self.verticalStride = verticalStride
  }

  /// A window that is moved by ⌊2/3⌋ of its sides, the rule of the paper's authors (iSeg): 769 by 512.
  public init(width: Int, height: Int) {
    self.init(
      width: width, height: height, horizontalStride: max(1, 2 * width / 3),
      verticalStride: max(1, 2 * height / 3))
  }

  /// The columns of each window over `length` of them.
  func columns(of length: Int) -> [Range<Int>] {
    Self.spans(of: length, window: width, stride: horizontalStride)
  }

  /// The rows of each window over `length` of them.
  func rows(of length: Int) -> [Range<Int>] {
    Self.spans(of: length, window: height, stride: verticalStride)
  }

  private static func spans(of length: Int, window: Int, stride: Int) -> [Range<Int>] {
    let beyond = max(0, length - window)
    return (0...((beyond + stride - 1) / stride)).map { i in
      let start = min(i * stride, beyond)
      return start..<min(start + window, length)
    }
  }
}
