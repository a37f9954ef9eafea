/// Points of a space of many dimensions, such as the features of some pixels: the rows of a matrix.
public struct PointSet: Sendable, Equatable {
  /// Values of a point.
  public let dimensions: Int
  /// The points one after the other.
  public private(set) var values: [Float]

  /// Points of `dimensions` values each, one after the other in `values`.
  public init(dimensions: Int, values: [Float] = []) {
    precondition(
      dimensions > 0 && values.count % dimensions == 0,
      "\(values.count) values are no points of \(dimensions) dimensions")
    self.dimensions = dimensions
    self.values = values
  }

  /// How many points there are.
  public var count: Int { values.count / dimensions }

  /// The values of a point.
  public subscript(point: Int) -> ArraySlice<Float> {
    values[(point * dimensions)..<((point + 1) * dimensions)]
  }

  /// Adds a point.
  public mutating func append(_ point: some Collection<Float>) {
    precondition(
      point.count == dimensions, "a point of \(point.count) values among those of \(dimensions)")
    values.append(contentsOf: point)
  }
}
