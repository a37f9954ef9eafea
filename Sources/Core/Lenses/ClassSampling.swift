/// A pixel of a picture and its true class.
public struct ClassPixel: Sendable, Hashable {
  /// The class.
  public let classIndex: Int
  /// Where it is in the picture.
  public let x, y: Int
}

/// Which pixels of a data set stand for its classes: as many of each class, spread evenly over the images, drawn by a
/// seed, and the same for every model that is asked about them.
///
/// Drawn are pixels at whole multiples of a stride: the cells of a grid with aligned corners whose label, downsampled to
/// the nearest, is the class.
public struct ClassSampling: Sendable, Equatable {
  /// Pixels between two cells.
  public let stride: Int
  /// The classes.
  public let classes: [Int]
  /// The most pixels of a class.
  public let perClass: Int
  /// What the choice follows from.
  public let seed: UInt64

  /// A sampling of at most `perClass` pixels of each of `classes`.
  public init(stride: Int, classes: [Int], perClass: Int, seed: UInt64) {
    precondition(stride > 0 && perClass > 0, "pixels at \(stride), \(perClass) of a class")
    self.stride = stride
    self.classes = classes
    self.perClass = perClass
    self.seed = seed
  }

  /// How many cells of an image there are of each class.
  public func counts(_ labels: LabelMap) -> [Int] { cells(labels).map(\.count) }

  /// The cells of each class, row by row.
  private func cells(_ labels: LabelMap) -> [[ClassPixel]] {
    var places = [Int?](repeating: nil, count: 1 << 16)
    for (place, k) in classes.enumerated() where k < places.count { places[k] = place }
    var cells = [[ClassPixel]](repeating: [], count: classes.count)
    for y in Swift.stride(from: 0, to: labels.height, by: stride) {
      for x in Swift.stride(from: 0, to: labels.width, by: stride) {
        let label = Int(labels[x, y])
        if let place = places[label] {
          cells[place].append(ClassPixel(classIndex: label, x: x, y: y))
        }
      }
    }
    return cells
  }

  /// How many cells each image gives of each class, where `counts` has those that each holds.
  ///
  /// As many from each image as from the others; what some lack is shared by those that have more.
  public func quotas(_ counts: [[Int]]) -> [[Int]] {
    var quotas = counts.map { _ in [Int](repeating: 0, count: classes.count) }
    for place in classes.indices {
      let order = counts.indices.sorted { (counts[$0][place], $0) < (counts[$1][place], $1) }
      var left = perClass
      for (rank, image) in order.enumerated() {
        let share = min(counts[image][place], left / (order.count - rank))
        quotas[image][place] = share
        left -= share
      }
    }
    return quotas
  }

  /// The cells that the image called `name` gives of each class, row by row and class by class.
  public func pixels(of labels: LabelMap, named name: String, quotas: [Int]) -> [ClassPixel] {
    zip(cells(labels), quotas).flatMap { cells, quota -> [ClassPixel] in
      guard let first = cells.first, quota > 0 else { return [] }
      var hash = FNV1a()
      hash.combine("\(name)\n\(first.classIndex)")
      var random = SplitMix64(seed: hash.value ^ seed)
      var order = Array(cells.indices)
      let count = min(quota, cells.count)
      for place in 0..<count {
        order.swapAt(place, Int.random(in: place..<cells.count, using: &random))
      }
      return order.prefix(count).sorted().map { cells[$0] }
    }
  }
}
