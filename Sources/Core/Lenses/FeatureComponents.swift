/// The first three principal components of features, with the range of each that a picture of them shows.
///
/// They are fitted to the cells of one picture and can be applied to any other features of the same space: of other
/// pictures, and of a guided model's teacher and students, which share it.
public struct FeatureComponents: Sendable, Equatable {
  /// The components.
  public let principal: PrincipalComponents
  /// What is shown of each component: from the 1st to the 99th percentile of the cells.
  public let ranges: [ClosedRange<Float>]
  /// How many cells they were fitted to.
  public let cells: Int

  /// The shares of the cells that lie below and above the ranges together are twice this.
  private static let tail = 0.01

  /// The components of the cells that lie in the picture, without its padding; what is not finite counts for nothing.
  public init(fitting map: FeatureMap, threads: Threads) {
    let inside = map.cellsInside
    let (w, d) = (map.features.shape.w, map.dimensions)
    cells = inside.rows * inside.columns
    (principal, ranges) = map.features.values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { preconditionFailure("features without a cell") }
      let rows = (0..<inside.rows).flatMap { y in
        (0..<inside.columns).map { x in base + (y * w + x) * d }
      }
      let principal = PrincipalComponents(of: rows, dimensions: d, count: 3, threads: threads)
      let coordinates = principal.coordinates(of: base, rows: w * inside.rows, threads: threads)
      let count = principal.components.count
      let ranges = (0..<count).map { k -> ClosedRange<Float> in
        let sorted = (0..<inside.rows).flatMap { y in
          (0..<inside.columns).map { x in coordinates[(y * w + x) * count + k] }
        }.filter(\.isFinite).sorted()
        guard !sorted.isEmpty else { return 0...0 }
        return Self.quantile(Self.tail, of: sorted)...Self.quantile(1 - Self.tail, of: sorted)
      }
      return (principal, ranges)
    }
  }

  /// The value below which a share of the sorted values lies, between the two nearest (NumPy's `linear`).
  private static func quantile(_ share: Double, of sorted: [Float]) -> Float {
    let place = share * Double(sorted.count - 1)
    let first = Int(place)
    let rest = Float(place - Double(first))
    let (a, b) = (sorted[first], sorted[min(first + 1, sorted.count - 1)])
    let value = a + (b - a) * rest
    // The difference of two very large ones may have left the range.
    return value.isFinite ? value : a
  }

  /// Where each pixel stands in the range of each component, in [0, 1]: three values a pixel.
  ///
  /// The components are taken on the grid and resized as logits are. Those that a space of few dimensions lacks are ½.
  public func pixels(of map: FeatureMap, threads: Threads) -> [Float] {
    let count = ranges.count
    let shape = map.features.shape
    let grid = map.features.values.withUnsafeBufferPointer { values -> [Float] in
      guard let base = values.baseAddress else { return [] }
      return principal.coordinates(of: base, rows: shape.h * shape.w, threads: threads)
    }
    let resized = grid.withUnsafeBufferPointer { values -> [Float] in
      guard let base = values.baseAddress else { return [] }
      let view = TensorView(shape: Shape(h: shape.h, w: shape.w, c: count), base: base)
      let pixels = ResizedPixels(
        width: map.width, height: map.height, frame: map.frame, over: view.shape)
      return Tensor(of: view, at: pixels, threads: threads).values
    }
    var pixels = [Float](repeating: 0.5, count: 3 * map.width * map.height)
    for (k, range) in ranges.enumerated() {
      let span = range.upperBound - range.lowerBound
      guard span > 0 else { continue }
      for pixel in 0..<(map.width * map.height) {
        pixels[3 * pixel + k] = min(
          max((resized[pixel * count + k] - range.lowerBound) / span, 0), 1)
      }
    }
    return pixels
  }
}

extension FeatureMap {
  /// The cells of the grid that lie in the picture: those in the upper left.
  public var cellsInside: (rows: Int, columns: Int) {
    features.shape.cellsInside(frame, width: width, height: height)
  }
}

extension Shape {
  /// The cells of a grid over `frame` that lie in its picture.
  func cellsInside(
    _ frame: InputFrame, width: Int, height: Int
  ) -> (rows: Int, columns: Int) {
    (frame.rows.cells(h, within: height), frame.columns.cells(w, within: width))
  }
}
