/// All that is counted on one image, or on many: every score of the field is a reduction of these whole numbers.
///
/// Counts are exact and adding them does not depend on the order, so an evaluation may be cut into pieces in any way.
public struct ImageCounts: Sendable, Equatable {
  /// What can be counted beside the confusion matrix; it costs more time.
  public struct Extras: OptionSet, Sendable, Hashable {
    /// A bit for each.
    public let rawValue: UInt8

    /// The extras whose bits are set.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Boundary IoU.
    public static let boundary = Extras(rawValue: 1)
    /// IoU within bands along contours.
    public static let bands = Extras(rawValue: 2)
    /// Calibration; it needs the confidence of each pixel.
    public static let calibration = Extras(rawValue: 4)
    /// Recall of the truth's components by size.
    public static let components = Extras(rawValue: 8)
    /// Cityscapes' instances; they need the map of instance ids.
    public static let instances = Extras(rawValue: 16)
    /// Everything.
    public static let all: Extras = [.boundary, .bands, .calibration, .components, .instances]
  }

  /// Which class was predicted where which is true.
  public var confusion: ConfusionMatrix
  /// Bands along the classes' contours, in truth and prediction.
  public var boundary: BoundaryCounts?
  /// Bands of growing width along the truth's contours.
  public var bands: BandCounts?
  /// Right predictions by confidence.
  public var calibration: CalibrationCounts?
  /// Components of the truth that were found.
  public var components: ComponentCounts?
  /// Weighted pixels of Cityscapes' instances.
  public var instances: InstanceCounts?

  /// Zeros for `classes` classes and the wanted extras.
  public init(classes: Int, extras: Extras = []) {
    confusion = ConfusionMatrix(classes: classes)
    if extras.contains(.boundary) { boundary = BoundaryCounts(classes: classes) }
    if extras.contains(.bands) { bands = BandCounts(classes: classes) }
    if extras.contains(.calibration) { calibration = CalibrationCounts(classes: classes) }
    if extras.contains(.components) { components = ComponentCounts(classes: classes) }
    if extras.contains(.instances) { instances = InstanceCounts(classes: classes) }
  }

  /// K.
  public var classes: Int { confusion.classes }

  /// What was counted beside the confusion matrix.
  public var extras: Extras {
    var extras: Extras = []
    if boundary != nil { extras.insert(.boundary) }
    if bands != nil { extras.insert(.bands) }
    if calibration != nil { extras.insert(.calibration) }
    if components != nil { extras.insert(.components) }
    if instances != nil { extras.insert(.instances) }
    return extras
  }

  /// Adds the counts of other images, of as many classes.
  ///
  /// The sum keeps only those extras that both have: a number over some of the images would pass for one over all.
  public mutating func add(_ other: ImageCounts) {
    confusion.add(other.confusion)
    Self.add(other.boundary, to: &boundary)
    Self.add(other.bands, to: &bands)
    Self.add(other.calibration, to: &calibration)
    Self.add(other.components, to: &components)
    Self.add(other.instances, to: &instances)
  }

  private static func add<C: Counters>(_ other: C?, to sum: inout C?) {
    guard let other, sum != nil else {
      sum = nil
      return
    }
    sum?.add(other)
  }
}
