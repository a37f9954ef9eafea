import Foundation

/// 1/(1 + a·d^2b), the membership that UMAP gives two points of the plane at distance d (§3.2, definition 11).
public struct UMAPCurve: Sendable, Equatable {
  /// The parameters.
  public let a, b: Double

  /// The curve that is nearest, in least squares over 300 distances from 0 to 3·`spread`, to the one that is 1 up to
  /// `minimumDistance` and falls as exp(−(d − minimumDistance)/spread) from there.
  ///
  /// Levenberg's and Marquardt's damped steps, which end at the minimum for all distances below the spread.
  public init(minimumDistance: Double, spread: Double) {
    precondition(
      spread > 0 && 0..<spread ~= minimumDistance,
      "a minimum distance from 0 to below the spread \(spread), not \(minimumDistance)")
    let points = (1..<300).map { index in
      let x = 3 * spread * Double(index) / 299
      return (x: x, y: x < minimumDistance ? 1 : exp(-(x - minimumDistance) / spread))
    }
    func error(_ a: Double, _ b: Double) -> Double {
      points.reduce(0) { sum, point in
        let difference = 1 / (1 + a * pow(point.x, 2 * b)) - point.y
        return sum + difference * difference
      }
    }
    var (a, b, damping) = (1.0, 1.0, 1e-3)
    var best = error(a, b)
    for _ in 0..<200 {
      // JᵀJ and Jᵀr of the two derivatives.
      var (aa, ab, bb, ar, br) = (0.0, 0.0, 0.0, 0.0, 0.0)
      for (x, y) in points {
        let power = pow(x, 2 * b)
        let value = 1 / (1 + a * power)
        let da = -power * value * value
        let db = a * da * 2 * log(x)
        aa += da * da
        ab += da * db
        bb += db * db
        ar += da * (value - y)
        br += db * (value - y)
      }
      let (p, q) = (aa * (1 + damping), bb * (1 + damping))
      let determinant = p * q - ab * ab
      let next = (a: a - (ar * q - br * ab) / determinant, b: b - (br * p - ar * ab) / determinant)
      let found = next.a > 0 && next.b > 0 ? error(next.a, next.b) : .infinity
      guard found < best else {
        damping *= 10
        if damping > 1e12 { break }
        continue
      }
      (a, b, best, damping) = (next.a, next.b, found, damping / 10)
    }
    (self.a, self.b) = (a, b)
  }
}
