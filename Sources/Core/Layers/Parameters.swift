/// Where each tensor of a model in training lies in one flat stretch of floats.
///
/// What gradients move comes first, the running statistics of batch norm behind it. Kernels lie as products want them,
/// HWIO; ``Parameters`` turns them to and from the checkpoint's OIHW.
public struct ParameterLayout: Sendable {
  /// One tensor.
  public struct Entry: Sendable, Hashable {
    /// Its name, its shape in the checkpoint and its role.
    public let request: TensorRequest
    /// Its first float.
    public let offset: Int

    /// Its name in the checkpoint.
    public var name: String { request.name }
    /// Its floats.
    public var range: Range<Int> { offset..<(offset + request.count) }
  }

  /// The tensors in the order in which they lie; each begins on a cache line.
  public let entries: [Entry]
  /// Floats of all that gradients move.
  public let trainedCount: Int
  /// Floats of everything.
  public let count: Int
  private let places: [String: Int]

  /// The layout of the tensors that a model asks for.
  public init(_ requests: [TensorRequest]) {
    var entries: [Entry] = []
    var end = 0
    func append(_ request: TensorRequest) {
      entries.append(Entry(request: request, offset: end))
      end = roundedToCacheLine(end + request.count)
    }
    requests.filter(\.role.isParameter).forEach(append)
    trainedCount = end
    requests.filter { !$0.role.isParameter }.forEach(append)
    count = end
    self.entries = entries
    places = Dictionary(
      entries.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The layout of a configuration's model.
  public init(_ configuration: ModelConfiguration) {
    self.init(configuration.tensors)
  }

  /// The tensor of a name; one that the model has not traps.
  public subscript(name: String) -> Entry {
    guard let place = places[name] else {
      preconditionFailure("\(name) is not a tensor of the model")
    }
    return entries[place]
  }

  /// The tensors that gradients move.
  public var trained: [Entry] { entries.filter(\.request.role.isParameter) }
}

extension ParameterLayout.Entry {
  /// The extents in memory: `[1, taps, inputs, outputs]` of a kernel, `[1, 1, 1, c]` of the others.
  var shape: Shape {
    guard request.role == .kernel else { return Shape(h: 1, w: 1, c: request.count) }
    let stored = request.shape
    return Shape(h: stored.dropFirst(2).reduce(1, *), w: stored[1], c: stored[0])
  }

  /// The tensor as a value of `trace`.
  func value(in trace: Trace) -> Value { trace.parameter(shape, at: offset, named: name) }
}

/// The numbers of a model in training, and a source for the same model outside of it.
///
/// Not for use from two threads while one of them writes.
public final class Parameters: WeightSource, @unchecked Sendable {
  /// Where each tensor lies.
  public let layout: ParameterLayout
  /// All of them, `layout.count` floats.
  let base: UnsafeMutablePointer<Float>

  /// Parameters whose numbers come from `source`, which must have them all.
  public init(_ layout: ParameterLayout, from source: any WeightSource) {
    self.layout = layout
    base = .allocateAligned(layout.count)
    base.update(repeating: 0, count: layout.count)
    for entry in layout.entries {
      let values = source.values(of: entry.request)
      precondition(
        values.count == entry.request.count,
        "\(entry.name): \(values.count) values for \(entry.request.shape)")
      write(values, to: entry)
    }
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }

  /// The tensor's numbers in the checkpoint's order.
  public func values(of request: TensorRequest) -> [Float] {
    Self.stored(UnsafePointer(base), layout[request.name])
  }

  /// Replaces the tensor's numbers, given in the checkpoint's order.
  func write(_ values: [Float], to entry: ParameterLayout.Entry) {
    let shape = entry.shape
    guard entry.request.role == .kernel else {
      (base + entry.offset).update(from: values, count: values.count)
      return
    }
    let geometry = ConvolutionGeometry(
      shape.w, shape.c, kernel: (shape.h, 1), padding: (0, 0))
    let turned = values.withUnsafeBufferPointer { geometry.channelsLast($0, scale: nil) }
    (base + entry.offset).update(from: turned, count: turned.count)
  }

  /// The tensor's numbers in the checkpoint's order from any flat stretch of this layout: values, gradients, momenta.
  static func stored(
    _ flat: UnsafePointer<Float>, _ entry: ParameterLayout.Entry
  ) -> [Float] {
    let source = flat + entry.offset
    guard entry.request.role == .kernel else {
      return Array(UnsafeBufferPointer(start: source, count: entry.request.count))
    }
    let (taps, inputs, outputs) = (entry.shape.h, entry.shape.w, entry.shape.c)
    return [Float](unsafeUninitializedCapacity: entry.request.count) { values, count in
      count = entry.request.count
      for o in 0..<outputs {
        for k in 0..<inputs {
          for tap in 0..<taps {
            values[(o * inputs + k) * taps + tap] = source[(tap * inputs + k) * outputs + o]
          }
        }
      }
    }
  }
}
