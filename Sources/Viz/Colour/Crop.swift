import Core

/// A rectangle of a picture, in its pixels; sides may lie within pixels.
///
/// Pixel (x, y) covers `x..<(x + 1)` × `y..<(y + 1)`. What lies outside of the picture repeats its edge.
public struct Crop: Sendable, Hashable {
  /// The upper left corner.
  public var x, y: Double
  /// The sides, more than zero.
  public var width, height: Double

  /// A rectangle from its corner and sides.
  public init(x: Double, y: Double, width: Double, height: Double) {
    precondition(width > 0 && height > 0, "a crop of \(width)×\(height) pixels is empty")
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }
}

extension Crop {
  /// All of a picture.
  init(_ picture: Picture) {
    self.init(x: 0, y: 0, width: Double(picture.width), height: Double(picture.height))
  }

  /// All of a label map.
  init(_ labels: LabelMap) {
    self.init(x: 0, y: 0, width: Double(labels.width), height: Double(labels.height))
  }
}
