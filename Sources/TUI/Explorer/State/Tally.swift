import Core

/// What was counted on the images seen so far: their sum, and each image's own part.
struct Tally: Sendable {
  /// All images together.
  private(set) var total: ConfusionMatrix
  /// Each image by its entry.
  private(set) var images: [Int: ImageConfusion] = [:]
  /// What the students of all images together make of their teachers' predictions.
  private(set) var split: GuidanceSplit
  private var splitEntries: Set<Int> = []

  /// No image of `classes` classes yet.
  init(classes: Int) {
    total = ConfusionMatrix(classes: classes)
    split = GuidanceSplit(classes: classes)
  }

  /// Adds what became of an image's pixels between teacher and student, once.
  mutating func add(_ split: GuidanceSplit, of entry: Int) {
    if splitEntries.insert(entry).inserted { self.split.add(split) }
  }

  /// Adds an image, once.
  mutating func add(_ image: ImageConfusion, of entry: Int) {
    guard images.updateValue(image, forKey: entry) == nil else { return }
    image.forEachPair { truth, prediction, pixels in
      total.add(pixels, truth: truth, prediction: prediction)
    }
  }

  /// The images that hold a pair of classes with its pixels in each, most pixels first.
  func images(with pair: Confusion) -> [(entry: Int, pixels: UInt64)] {
    images.map { ($0.key, $0.value.pixels(of: pair)) }.filter { $0.1 > 0 }
      .sorted { ($1.1, $0.0) < ($0.1, $1.0) }
  }
}

/// The confusion matrix of one image without its zeros: 12 bytes for each pair of classes that occurs, mostly below 1 kB.
struct ImageConfusion: Sendable, Equatable {
  private let classes: Int
  /// Places in the matrix, in ascending order, and the pixels there.
  private let places: [UInt32]
  private let pixels: [UInt64]

  /// What is not zero in `matrix`.
  init(_ matrix: ConfusionMatrix) {
    classes = matrix.classes
    places = matrix.counts.indices.filter { matrix.counts[$0] > 0 }.map(UInt32.init)
    pixels = places.map { matrix.counts[Int($0)] }
  }

  /// The pixels of a pair of classes.
  func pixels(of pair: Confusion) -> UInt64 {
    let wanted = UInt32(pair.truth * (classes + 1) + pair.prediction)
    var range = places.indices
    while let first = range.first {
      let middle = first + range.count / 2
      if places[middle] == wanted { return pixels[middle] }
      range = places[middle] < wanted ? (middle + 1)..<range.upperBound : first..<middle
    }
    return 0
  }

  /// Calls `body` for each pair of classes that occurs.
  func forEachPair(_ body: (_ truth: Int, _ prediction: Int, _ pixels: UInt64) -> Void) {
    for (place, count) in zip(places, pixels) {
      body(Int(place) / (classes + 1), Int(place) % (classes + 1), count)
    }
  }
}
