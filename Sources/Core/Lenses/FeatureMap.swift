/// The features of one picture that the class tokens are multiplied with, on the network's grid.
///
/// The grid covers the network's input as the logits' does: what is said of a pixel is the bilinear mixture of the four
/// cells around it.
public struct FeatureMap: Sendable {
  /// `[1, h, w, D]`.
  public let features: Tensor
  /// The network's input, which the grid covers.
  public let frame: InputFrame
  /// Size of the picture, in its upper left corner.
  public let width, height: Int
  /// 1/‖x‖ of each cell, 0 where the features are all 0.
  let inverseNorms: [Float]

  /// The features of a picture of `width` × `height` in `frame`.
  public init(
    _ features: Tensor, frame: InputFrame, width: Int, height: Int, threads: Threads
  ) {
    precondition(features.shape.n == 1, "a feature map is of one picture, not \(features.shape.n)")
    precondition(
      width <= frame.width && height <= frame.height,
      "a \(width)×\(height) picture does not fit an input of \(frame.width)×\(frame.height)")
    self.features = features
    self.frame = frame
    self.width = width
    self.height = height
    inverseNorms = features.withView { features in
      DotProducts.each(features.shape, threads: threads) { place in
        let cell = features.base + place
        let square = DotProducts.dot(cell, cell, features.shape.c)
        return square > 0 ? 1 / square.squareRoot() : 0
      }
    }
  }

  /// D, the length of a feature and of a token.
  public var dimensions: Int { features.shape.c }

  /// The features of a picture's pixel, D values.
  public func vector(x: Int, y: Int) -> [Float] {
    mean(over: PixelRegion(x: x..<(x + 1), y: y..<(y + 1)))
  }

  /// The mean of the features of a region's pixels, D values.
  ///
  /// Rows and columns are mixed independently of each other, so their weights may be summed before any feature is read.
  public func mean(over region: PixelRegion) -> [Float] {
    precondition(
      region.lies(inWidth: width, height: height) && !region.x.isEmpty && !region.y.isEmpty,
      "region \(region) of a \(width)×\(height) picture")
    let shape = features.shape
    let columns = Self.weights(region.x, on: shape.w, of: frame.columns)
    let rows = Self.weights(region.y, on: shape.h, of: frame.rows)
    var mean = [Float](repeating: 0, count: shape.c)
    for (i, vertical) in rows {
      for (j, horizontal) in columns {
        let cell = (i * shape.w + j) * shape.c
        let share = Float(vertical * horizontal)
        for c in 0..<shape.c { mean[c] += share * features.values[cell + c] }
      }
    }
    return mean
  }

  /// Which of the cells on a line its pixels lie between, with their shares of the pixels' mean.
  private static func weights(
    _ pixels: Range<Int>, on cells: Int, of line: InputFrame.Line
  ) -> [(Int, Double)] {
    let positions = line.positions(on: cells)
    var weights: [Int: Double] = [:]
    for pixel in pixels {
      let place = positions.neighbours(of: pixel, size: cells)
      weights[place.first, default: 0] += 1 - Double(place.share)
      weights[place.second, default: 0] += Double(place.share)
    }
    return weights.filter { $0.value > 0 }.sorted { $0.key < $1.key }
      .map { ($0.key, $0.value / Double(pixels.count)) }
  }
}

/// A rectangle of a picture's pixels.
public struct PixelRegion: Sendable, Equatable, CustomStringConvertible {
  /// Columns and rows.
  public let x, y: Range<Int>

  /// The pixels of these columns and rows.
  public init(x: Range<Int>, y: Range<Int>) {
    self.x = x
    self.y = y
  }

  /// The pixels between two corners, both of which belong to it.
  public init(from a: (x: Int, y: Int), to b: (x: Int, y: Int)) {
    self.init(
      x: min(a.x, b.x)..<(max(a.x, b.x) + 1), y: min(a.y, b.y)..<(max(a.y, b.y) + 1))
  }

  /// Whether all of it lies in a picture of `width` × `height`.
  public func lies(inWidth width: Int, height: Int) -> Bool {
    x.lowerBound >= 0 && y.lowerBound >= 0 && x.upperBound <= width && y.upperBound <= height
  }

  /// The part that lies in a picture of `width` × `height`; `nil` where none does.
  public func clamped(toWidth width: Int, height: Int) -> PixelRegion? {
    let part = PixelRegion(x: x.clamped(to: 0..<width), y: y.clamped(to: 0..<height))
    return part.x.isEmpty || part.y.isEmpty ? nil : part
  }

  /// For example "12,40,64x32": left, top and size.
  public var description: String { "\(x.lowerBound),\(y.lowerBound),\(x.count)x\(y.count)" }
}
