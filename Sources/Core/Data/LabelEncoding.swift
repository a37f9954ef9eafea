/// How the values in a label file become the network's class numbers.
///
/// Two steps, either of them optional: *reduce zero label* (0 is no class, all others go down by one; 255 stays
/// ignored) and a *label map*. mmsegmentation 1.x reduces first, which is the default here; 0.x and Hugging Face's
/// `evaluate` map first. What a step ignores becomes `ignoreIndex`; a value that no class has is kept, so that it can be
/// counted as stray.
public struct LabelEncoding: Sendable, Equatable {
  /// The order of the two steps.
  public enum Order: String, Sendable {
    /// Reduce, then map: mmsegmentation 1.x.
    case reduceFirst = "reduce-first"
    /// Map, then reduce: mmsegmentation 0.x, Hugging Face.
    case mapFirst = "map-first"
  }

  /// The value that is never counted, compared after both steps, 0…65535.
  public let ignoreIndex: Int
  /// Whether 0 means "no class" and class k is stored as k + 1.
  public let reduceZeroLabel: Bool
  /// The label map.
  public let mapping: LabelMapping?
  /// Which step comes first.
  public let order: Order
  /// The encoded value of every stored one; empty where nothing changes.
  private let table: [UInt16]

  /// An encoding; an `ignoreIndex` that no label file can hold becomes 255.
  public init(
    ignoreIndex: Int = 255, reduceZeroLabel: Bool = false, mapping: LabelMapping? = nil,
    order: Order = .reduceFirst
  ) {
    let void = UInt16(exactly: ignoreIndex) ?? 255
    self.ignoreIndex = Int(void)
    self.reduceZeroLabel = reduceZeroLabel
    self.mapping = mapping
    self.order = order
    guard reduceZeroLabel || mapping != nil else {
      table = []
      return
    }
    func reduced(_ label: UInt16) -> UInt16? { label == 0 || label == 255 ? nil : label - 1 }
    var steps: [(UInt16) -> UInt16?] = reduceZeroLabel ? [reduced] : []
    if let mapping { steps.insert({ mapping($0) }, at: order == .mapFirst ? 0 : steps.count) }
    table = (0...UInt16.max).map { stored in
      steps.reduce(stored) { label, step in label.flatMap(step) } ?? void
    }
  }

  /// Whether stored values are class numbers already.
  var isPlain: Bool { table.isEmpty }

  /// The class number of a stored value.
  public func callAsFunction(_ stored: UInt16) -> UInt16 {
    table.isEmpty ? stored : table[Int(stored)]
  }

  /// A label map with every value encoded.
  public func callAsFunction(_ labels: LabelMap) -> LabelMap {
    if table.isEmpty { return labels }
    var encoded = labels
    table.withUnsafeBufferPointer { table in
      encoded.values.withUnsafeMutableBufferPointer { values in
        for pixel in values.indices { values[pixel] = table[Int(values[pixel])] }
      }
    }
    return encoded
  }

  /// What a caller may want otherwise than the data set has it; `nil` leaves it as it is.
  public struct Changes: Sendable, Equatable {
    /// The value that is never counted.
    public var ignoreIndex: Int?
    /// Whether 0 means "no class".
    public var reduceZeroLabel: Bool?
    /// The label map, in place of the data set's own.
    public var mapping: LabelMapping?
    /// Which step comes first.
    public var order: Order?

    /// Changes; none by default.
    public init(
      ignoreIndex: Int? = nil, reduceZeroLabel: Bool? = nil, mapping: LabelMapping? = nil,
      order: Order? = nil
    ) {
      self.ignoreIndex = ignoreIndex
      self.reduceZeroLabel = reduceZeroLabel
      self.mapping = mapping
      self.order = order
    }
  }

  /// This encoding with `changes`; `ignoreIndex` is the classes' own, which the changes may replace.
  func changed(by changes: Changes, ignoreIndex: Int) -> LabelEncoding {
    LabelEncoding(
      ignoreIndex: changes.ignoreIndex ?? ignoreIndex,
      reduceZeroLabel: changes.reduceZeroLabel ?? reduceZeroLabel,
      mapping: changes.mapping ?? mapping, order: changes.order ?? order)
  }
}

extension LabelEncoding: CustomStringConvertible {
  /// All that counts, the same for equal encodings: for reports and fingerprints.
  public var description: String {
    let map = mapping.map { "map \($0)" }
    let steps = (reduceZeroLabel ? ["reduce zero label"] : []) + [map].compactMap { $0 }
    return ((order == .mapFirst ? steps.reversed() : steps) + ["ignore \(ignoreIndex)"])
      .joined(separator: ", ")
  }
}
