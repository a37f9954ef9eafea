/// All that IoU needs of an image: intersection and union of each class that it has in truth or prediction.
public struct ClassOverlaps: Sendable, Equatable {
  /// A class, and its pixels.
  struct Overlap: Sendable, Equatable {
    let k: Int
    let intersection, union: UInt64
  }

  /// K.
  public let classes: Int
  /// Classes whose union is not empty, in their order.
  let overlaps: [Overlap]

  /// The overlaps of the classes of `matrix`, as mmsegmentation has them.
  public init(_ matrix: ConfusionMatrix) {
    classes = matrix.classes
    overlaps = (0..<matrix.classes).compactMap { k in
      let intersection = matrix.intersection(k)
      let union = matrix.truth(k) + matrix.predicted(k) - intersection
      return union == 0 ? nil : Overlap(k: k, intersection: intersection, union: union)
    }
  }
}
