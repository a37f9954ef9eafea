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
  }

  enum Source: Sendable {
    case input
    case operation(any Operation, inputs: [Int])
  }

  private(set) var nodes: [Node] = []

  /// An empty recording.
  public init() {}

  /// A value that is given from outside when the program runs.
  public func input(_ shape: Shape, named name: String = "input") -> Value {
    append(Node(name: name, shape: shape, source: .input))
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

  /// The extents.
  public var shape: Shape { trace.nodes[index].shape }

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
        source: .operation(operation, inputs: inputs.map(\.index))))
  }
}
