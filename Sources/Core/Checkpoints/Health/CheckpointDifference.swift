/// How far the tensors of two checkpoints are apart, layer by layer.
///
/// Of a tensor with values a and b it is the relative distance ‖a − b‖₂ / ‖a‖₂; of a layer, the tensors of one module,
/// the same over all of its values.
public struct CheckpointDifference: Sendable {
  /// One layer: the tensors whose names differ in their last part alone.
  public struct Layer: Sendable, Equatable {
    /// The name that its tensors share.
    public let name: String
    /// ‖a − b‖² and ‖a‖².
    public fileprivate(set) var distance, length: Double
    /// How many values it has.
    public fileprivate(set) var count: Int

    /// ‖a − b‖ / ‖a‖; infinite where a is zero and b is not.
    public var relative: Double {
      distance == 0 ? 0 : length == 0 ? .infinity : (distance / length).squareRoot()
    }
  }

  /// The layers that both have, in the first one's order.
  public let layers: [Layer]
  /// Tensors that both have in different shapes or in types that have no values here.
  public let incomparable: [String]
  /// Tensors that one of them lacks.
  public let onlyInFirst, onlyInSecond: [String]
  /// Tensors whose values are the same, to the last bit where their types are.
  public let equalTensors: Int

  /// Compares tensors of equal names.
  public init(
    _ first: [NamedTensor], _ second: [NamedTensor], isCancelled: () -> Bool = { false }
  ) throws {
    let others = Dictionary(
      second.map { (ExactString($0.name), $0) }, uniquingKeysWith: { first, _ in first })
    let names = Set(first.map { ExactString($0.name) })
    var layers: [Layer] = []
    var places: [ExactString: Int] = [:]
    var incomparable: [String] = []
    var missing: [String] = []
    var equal = 0
    for tensor in first {
      if isCancelled() { throw Cancelled() }
      guard let other = others[ExactString(tensor.name)] else {
        missing.append(tensor.name)
        continue
      }
      guard tensor.shape == other.shape, let a = try tensor.floats(), let b = try other.floats()
      else {
        incomparable.append(tensor.name)
        continue
      }
      var (distance, length) = (0.0, 0.0)
      for (x, y) in zip(a, b) where x != y || x.isNaN {
        let difference = Double(x) - Double(y)
        distance += difference * difference
      }
      for x in a { length += Double(x) * Double(x) }
      if distance == 0 { equal += 1 }
      let name = tensor.name.lastIndex(of: ".").map { String(tensor.name[..<$0]) } ?? tensor.name
      if let place = places[ExactString(name)] {
        layers[place].distance += distance
        layers[place].length += length
        layers[place].count += a.count
      } else {
        places[ExactString(name)] = layers.count
        layers.append(Layer(name: name, distance: distance, length: length, count: a.count))
      }
    }
    self.layers = layers
    self.incomparable = incomparable
    onlyInFirst = missing
    onlyInSecond = second.filter { !names.contains(ExactString($0.name)) }.map(\.name)
    equalTensors = equal
  }

  /// A tensor to compare, by a name that both sides use.
  public struct NamedTensor: Sendable {
    let name: String
    let shape: [Int]
    private let source: Source

    private enum Source: Sendable {
      case stored(StoredTensor)
      case mapped(TensorMapping.Mapped)
    }

    /// The tensors of a file by its own names; counts of batches and the like are left out.
    public static func all(of file: TensorFile) -> [NamedTensor] {
      file.tensors.filter { !TensorNaming.isIdle($0.name) }
        .map { NamedTensor(name: $0.name, shape: $0.shape, source: .stored($0)) }
    }

    /// The tensors of a model by our names, whatever the file calls them.
    public static func all(of mapping: TensorMapping) -> [NamedTensor] {
      mapping.mapped.map {
        NamedTensor(name: $0.request.name, shape: $0.request.shape, source: .mapped($0))
      }
    }

    /// The values; `nil` where they are none.
    fileprivate func floats() throws(ZipFailure) -> [Float]? {
      switch source {
      case .stored(let tensor): tensor.dtype.becomesFloat ? try tensor.elements().floats : nil
      case .mapped(let mapped): try mapped.elements().floats
      }
    }
  }
}
