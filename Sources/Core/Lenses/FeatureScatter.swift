/// The features that some models have at the same pixels of some images: what scatter plots are made of.
///
/// The images are gone through twice: their labels are counted, which settles how many pixels each gives, and then
/// their features are taken one image after the other.
public struct FeatureScatter: Sendable {
  /// A pixel of one of the images.
  public struct Point: Sendable, Hashable {
    /// The image's place in ``FeatureScatter/images``.
    public let image: Int
    /// The pixel and its class.
    public let pixel: ClassPixel
  }

  /// Which pixels are taken.
  public let sampling: ClassSampling
  /// The images.
  public let images: [Sample]
  /// The pixels so far, and of each model their features in the same order.
  public private(set) var points: [Point] = []
  /// Of each model, the features of the points; `nil` before the first.
  public private(set) var features: [PointSet?]
  /// The images that could not be used, and why.
  public private(set) var failures: [String] = []

  private var counts: [[Int]] = []
  private var quotas: [[Int]] = []

  /// No point yet of `images`, for so many models.
  public init(of images: [Sample], models: Int, sampling: ClassSampling) {
    self.images = images
    self.sampling = sampling
    features = Array(repeating: nil, count: models)
  }

  /// Images whose labels have been counted.
  public var counted: Int { counts.count }

  /// Counts the labels of the next image; of the last one it follows how many pixels each gives.
  public mutating func countNext() {
    let image = images[counted]
    var found = [Int](repeating: 0, count: sampling.classes.count)
    do throws(ImageFailure) {
      if let labels = try image.readLabels() {
        found = sampling.counts(labels)
      } else {
        failures.append("\(image.name): there are no labels")
      }
    } catch {
      failures.append(error.description)
    }
    counts.append(found)
    if counted == images.count { quotas = sampling.quotas(counts) }
  }

  /// The images that give at least one pixel; all labels must have been counted.
  public var wanted: [Int] { quotas.indices.filter { quotas[$0].contains { $0 > 0 } } }

  /// Takes the pixels of an image and what `map` makes of its picture for each model.
  public mutating func take(
    _ image: Int, _ map: (_ model: Int, Picture) throws -> FeatureMap
  ) throws {
    let sample = images[image]
    let picture: Picture
    let labels: LabelMap
    do throws(ImageFailure) {
      guard let read = try sample.readLabels() else { return }
      (picture, labels) = (try sample.readPicture(), read)
    } catch {
      failures.append(error.description)
      return
    }
    guard labels.width == picture.width && labels.height == picture.height else {
      failures.append(
        "\(sample.name): the labels have \(labels.width)×\(labels.height) pixels, the picture "
          + "\(picture.width)×\(picture.height); give labels of the pictures' size")
      return
    }
    let pixels = sampling.pixels(of: labels, named: sample.name, quotas: quotas[image])
    var vectors: [PointSet] = []
    for model in features.indices {
      let map = try map(model, picture)
      var set = features[model] ?? PointSet(dimensions: map.dimensions)
      for pixel in pixels { set.append(map.vector(x: pixel.x, y: pixel.y)) }
      vectors.append(set)
    }
    features = vectors
    points += pixels.map { Point(image: image, pixel: $0) }
  }

  /// How many points there are of each class.
  public var classCounts: [Int] {
    sampling.classes.map { k in points.count { $0.pixel.classIndex == k } }
  }

  /// Of each point the place of its class among the sampling's.
  public var classPlaces: [Int] {
    let places = Dictionary(
      uniqueKeysWithValues: sampling.classes.enumerated().map { ($0.element, $0.offset) })
    return points.map { places[$0.pixel.classIndex] ?? 0 }
  }
}
