/// Two predictions, A and B, of the same images: what separates their IoU, and which images that comes from.
///
/// Every difference is B's value less A's. IoU is of sums over images, under mmsegmentation's rules: a class that a
/// prediction and the truth have nowhere is left out of that prediction's mean.
public struct PairedComparison: Sendable {
  /// Pixels of a class: intersection and union of A, then of B.
  typealias Pixels = SIMD4<UInt64>

  /// K.
  public let classes: Int
  /// The images, in the order of their names.
  public let names: [String]
  /// Image i has the entries `starts[i]..<starts[i + 1]`.
  let starts: [Int]
  let entries: [(k: Int, pixels: Pixels)]
  /// The sums over all images, by class.
  let totals: [Pixels]

  /// The comparison of the overlaps `a` and `b` of each image, whose order does not matter; K classes each.
  public init(classes: Int, images: [(name: String, a: ClassOverlaps, b: ClassOverlaps)]) {
    self.classes = classes
    let images = images.sorted { $0.name < $1.name }
    names = images.map(\.name)
    var starts = [0]
    var entries: [(k: Int, pixels: Pixels)] = []
    var totals = [Pixels](repeating: .zero, count: classes)
    for image in images {
      precondition(
        image.a.classes == classes && image.b.classes == classes,
        "\(image.name) has \(image.a.classes) and \(image.b.classes) classes, not \(classes)")
      var pixels: [Int: Pixels] = [:]
      for overlap in image.a.overlaps {
        pixels[overlap.k, default: .zero].lowHalf = [overlap.intersection, overlap.union]
      }
      for overlap in image.b.overlaps {
        pixels[overlap.k, default: .zero].highHalf = [overlap.intersection, overlap.union]
      }
      for (k, pixels) in pixels.sorted(by: { $0.key < $1.key }) {
        entries.append((k, pixels))
        totals[k] &+= pixels
      }
      starts.append(entries.count)
    }
    (self.starts, self.entries, self.totals) = (starts, entries, totals)
  }

  /// IoU of class `k` over all images, in [0, 1]; NaN where it does not exist.
  public func iou(_ k: Int) -> (a: Double, b: Double) { Self.iou(totals[k]) }

  /// mIoU over all images, in [0, 1].
  public var meanIoU: (a: Double, b: Double) { Self.meanIoU(totals) }

  /// ΔmIoU: B's mIoU less A's.
  public var difference: Double { Self.difference(totals) }

  /// The mIoU of image `i` by itself.
  public func meanIoU(ofImage i: Int) -> (a: Double, b: Double) {
    Self.meanIoU(entries[starts[i]..<starts[i + 1]].map(\.pixels))
  }

  /// The influence of each image: ΔmIoU less what it is without that image (leave-one-out).
  ///
  /// Positive where the image speaks for B; NaN for an image without which nothing is left to measure.
  public var influences: [Double] {
    let difference = difference
    var rest = totals
    return names.indices.map { i in
      for entry in entries[starts[i]..<starts[i + 1]] { rest[entry.k] &-= entry.pixels }
      defer { for entry in entries[starts[i]..<starts[i + 1]] { rest[entry.k] &+= entry.pixels } }
      return difference - Self.difference(rest)
    }
  }

  private static func iou(_ pixels: Pixels) -> (a: Double, b: Double) {
    (Double(pixels[0]) / Double(pixels[1]), Double(pixels[2]) / Double(pixels[3]))
  }

  private static func meanIoU(_ sums: [Pixels]) -> (a: Double, b: Double) {
    var (a, b, classesOfA, classesOfB) = (0.0, 0.0, 0.0, 0.0)
    for pixels in sums {
      if pixels[1] > 0 { (a, classesOfA) = (a + iou(pixels).a, classesOfA + 1) }
      if pixels[3] > 0 { (b, classesOfB) = (b + iou(pixels).b, classesOfB + 1) }
    }
    return (a / classesOfA, b / classesOfB)
  }

  static func difference(_ sums: [Pixels]) -> Double {
    let (a, b) = meanIoU(sums)
    return b - a
  }
}
