/// A class index per pixel, rows from the top.
///
/// Values that no class has (void, 255) are kept as they are.
public struct LabelMap: Sendable, Equatable {
  /// Size in pixels.
  public let width, height: Int
  /// `width · height` values; pixel (x, y) stands at `y · width + x`.
  public var values: [UInt16]

  /// A label map from its values, of which there must be `width · height`.
  public init(width: Int, height: Int, values: [UInt16]) {
    precondition(
      values.count == width * height,
      "a \(width)×\(height) label map has \(width * height) values, not \(values.count)")
    self.width = width
    self.height = height
    self.values = values
  }

  /// The value in column `x` of row `y`.
  public subscript(x: Int, y: Int) -> UInt16 {
    get { values[y * width + x] }
    set { values[y * width + x] = newValue }
  }
}
