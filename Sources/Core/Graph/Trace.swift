/// The recording of a network: which operation reads which values.
///
/// A model is called on ``Value``s exactly as its figure reads; the trace notes the steps in order. What is done with
/// them is decided later: a ``Program`` keeps only the steps that its outputs need, plans their memory and runs them.
public final class Trace {
  /// One recorded value: an input, or the result of an operation.
  struct Node: Sendable {
    /// The path of the module that made it, such as `upsampler.branch.1.0`.
    let name: String
    let shape: Shape
    let source: Source
    /// The positions among the operation's inputs through which no gradient flows.
    var stopped: Set<Int> = []
  }

  enum Source: Sendable {
    case input
    /// Values of ``Parameters``, from `offset` on.
    case parameter(offset: Int)
    case operation(any Operation, inputs: [Int])
  }

  /// Those that share each batch of a training, this one included.
  let processes: any Communicator
  private(set) var nodes: [Node] = []
  private var parameters: [Int: Value] = [:]
  /// The statistics that batch norms took of a batch, for the running ones.
  private(set) var statistics: [(running: RunningStatistics, batch: Value, count: Int)] = []

  /// An empty recording.
  public init() { processes = SoleProcess() }

  /// An empty recording of what one of `processes` does with its share of a batch.
  init(sharedBy processes: any Communicator) { self.processes = processes }

  /// A value that is given from outside when the program runs.
  public func input(_ shape: Shape, named name: String = "input") -> Value {
    append(Node(name: name, shape: shape, source: .input))
  }

  /// The parameters from `offset` on as a value; the same value whenever it is asked for.
  func parameter(_ shape: Shape, at offset: Int, named name: String) -> Value {
    if let value = parameters[offset] {
      precondition(value.shape == shape, "\(name) is \(value.shape), not \(shape)")
      return value
    }
    let value = append(Node(name: name, shape: shape, source: .parameter(offset: offset)))
    parameters[offset] = value
    return value
  }

  /// Notes what a batch norm's running statistics will be moved towards: those of `count` pixels.
  func note(_ running: RunningStatistics, from batch: Value, over count: Int) {
    statistics.append((running, batch, count))
  }

  /// A value that an operation makes of nothing.
  func constant(_ operation: some Operation, named name: String) -> Value {
    append(
      Node(
        name: name, shape: operation.outputShape(for: []),
        source: .operation(operation, inputs: [])))
  }

  fileprivate func append(_ node: Node) -> Value {
    nodes.append(node)
    return Value(trace: self, index: nodes.count - 1)
  }
}

/// A tensor that will exist when the program runs; its shape is known already.
public struct Value {
  let trace: Trace
  let index: Int
  /// Whether what is made of this value passes no gradient on to it.
  private(set) var isStopped = false

  /// The extents.
  public var shape: Shape { trace.nodes[index].shape }

  /// sg(·) of the paper: the same value, but nothing that is made of it here moves what it was made of.
  public var stoppingGradient: Value {
    var value = self
    value.isStopped = true
    return value
  }

  /// The result of `operation` on this value and `others`, recorded under the module path `name`.
  public func applying(_ operation: some Operation, to others: Value..., named name: String)
    -> Value
  {
    applying(operation, to: others, named: name)
  }

  /// The same, with the others in a list.
  func applying(_ operation: some Operation, to others: [Value], named name: String) -> Value {
    for other in others {
      precondition(other.trace === trace, "\(name) mixes values of two traces")
    }
    let inputs = [self] + others
    return trace.append(
      Trace.Node(
        name: name, shape: operation.outputShape(for: inputs.map(\.shape)),
        source: .operation(operation, inputs: inputs.map(\.index)),
        stopped: Set(inputs.indices.filter { inputs[$0].isStopped })))
  }
}
