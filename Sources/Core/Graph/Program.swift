/// A trace cut down to what its outputs need, with every buffer's place in one arena: ready to run.
///
/// Asking for the teacher's logits alone leaves no step of the upsampler in the program.
public struct Program: Sendable {
  /// One step in the order of running.
  public struct Step: Sendable {
    /// The path of the module that the step belongs to, such as `backbone.layer1.0.conv2`.
    public let name: String
    /// What is computed.
    public let operation: any Operation
    /// The shapes that it reads.
    public let inputShapes: [Shape]
    /// The shape that it makes.
    public let outputShape: Shape
    let inputPlaces: [Place]
    let outputOffset: Int
    let scratchOffset: Int
    fileprivate let index: Int

    /// Multiply-accumulates of this step.
    public var multiplyAdds: Int { operation.multiplyAdds(for: inputShapes) }
  }

  /// The steps in the order of running.
  public let steps: [Step]
  /// The thread budget that scratch memory was planned for.
  public let threads: Threads
  /// Size of the arena in bytes: the most that activations and scratch memory ever take.
  public var arenaBytes: Int { plan.count * MemoryLayout<Float>.stride }
  /// What the steps' own buffers add up to at the fullest step; no plan could be smaller.
  public var lowerBoundBytes: Int { plan.lowerBound * MemoryLayout<Float>.stride }

  private let plan: MemoryPlan
  private let inputs: [(shape: Shape, offset: Int)]
  private let outputs: [(shape: Shape, offset: Int, step: Int)]

  /// Where a value lies, in floats from a start that is known when the program runs.
  enum Place: Sendable {
    case arena(Int)
    case parameters(Int)
  }

  /// The program that computes `outputs` from `input`, which must be the only input that they depend on.
  public init(computing outputs: [Value], from input: Value, threads: Threads) {
    self.init(computing: outputs, from: [input], threads: threads)
  }

  /// The program that computes `outputs` from `inputs` and parameters; they must depend on each input, and on no other.
  init(computing outputs: [Value], from inputs: [Value], threads: Threads) {
    guard let nodes = outputs.first?.trace.nodes else {
      preconditionFailure("a program needs an output")
    }
    let order = Self.needed(nodes, for: outputs.map(\.index))
    var buffers = BufferLives(nodes, order: order, outputs: Set(outputs.map(\.index)))
    let scratch = order.map { buffers.addScratch(nodes, step: $0, threads: threads) }
    let plan = MemoryPlan(buffers.buffers)
    func offset(_ node: Int) -> Int { plan.offsets[buffers.buffer(of: node)] }
    func place(_ node: Int) -> Place {
      if case .parameter(let offset) = nodes[node].source { return .parameters(offset) }
      return .arena(offset(node))
    }

    steps = zip(order, scratch).compactMap { index, scratch in
      let (operation, operands): (any Operation, [Int])
      switch nodes[index].source {
      case .parameter: return nil
      case .input:
        precondition(
          inputs.contains { $0.index == index }, "input \(nodes[index].name) is not given")
        return nil
      case .operation(let made, let of): (operation, operands) = (made, of)
      }
      return Step(
        name: nodes[index].name, operation: operation,
        inputShapes: operands.map { nodes[$0].shape },
        outputShape: nodes[index].shape, inputPlaces: operands.map(place),
        outputOffset: offset(index), scratchOffset: scratch.map { plan.offsets[$0] } ?? 0,
        index: index)
    }
    self.threads = threads
    self.plan = plan
    self.inputs = inputs.map { ($0.shape, offset($0.index)) }
    self.outputs = outputs.map { ($0.shape, offset($0.index), $0.index) }
  }

  /// The nodes that `outputs` depend on, in recording order.
  private static func needed(_ nodes: [Trace.Node], for outputs: [Int]) -> [Int] {
    var isNeeded = [Bool](repeating: false, count: nodes.count)
    for output in outputs { isNeeded[output] = true }
    for index in nodes.indices.reversed() where isNeeded[index] {
      if case .operation(_, let inputs) = nodes[index].source {
        for input in inputs { isNeeded[input] = true }
      }
    }
    return nodes.indices.filter { isNeeded[$0] }
  }

  /// Multiply-accumulates of all steps.
  public var multiplyAdds: Int { steps.reduce(0) { $0 + $1.multiplyAdds } }

  /// Runs the steps in `arena` and returns what `read` makes of the outputs, which are valid only inside it.
  ///
  /// - Parameters:
  ///   - arena: memory that is reused from run to run; it grows where it must.
  ///   - observe: told about each finished step and the seconds that it took.
  ///   - isCancelled: asked before each step; `true` ends the run with ``Cancelled``.
  ///   - write: fills the input, every value.
  ///   - finished: told about each output as soon as it is there, with its place among the outputs; a guided model's
  ///     teacher answers long before its student.
  public func run<Result>(
    in arena: Arena, observe: (Step, Duration) -> Void = { _, _ in },
    isCancelled: () -> Bool = { false }, write: (MutableTensorView) -> Void,
    finished: (Int, TensorView) -> Void = { _, _ in }, read: ([TensorView]) -> Result
  ) throws(Cancelled) -> Result {
    try run(
      in: arena, observe: observe, isCancelled: isCancelled, write: { write($0[0]) },
      finished: finished, read: read)
  }

  /// The same for several inputs, which `write` fills in their order, and parameters.
  func run<Result>(
    in arena: Arena, parameters: UnsafePointer<Float>? = nil,
    observe: (Step, Duration) -> Void = { _, _ in }, isCancelled: () -> Bool = { false },
    write: ([MutableTensorView]) -> Void, finished: (Int, TensorView) -> Void = { _, _ in },
    read: ([TensorView]) -> Result
  ) throws(Cancelled) -> Result {
    let base = arena.reserve(plan.count)
    func pointer(_ place: Place) -> UnsafePointer<Float> {
      switch place {
      case .arena(let offset): return UnsafePointer(base + offset)
      case .parameters(let offset):
        guard let parameters else { preconditionFailure("the program needs parameters") }
        return parameters + offset
      }
    }
    write(inputs.map { MutableTensorView(shape: $0.shape, base: base + $0.offset) })
    let clock = ContinuousClock()
    for step in steps {
      if isCancelled() { throw Cancelled() }
      let start = clock.now
      step.operation.run(
        zip(step.inputShapes, step.inputPlaces).map { TensorView(shape: $0, base: pointer($1)) },
        into: MutableTensorView(shape: step.outputShape, base: base + step.outputOffset),
        scratch: base + step.scratchOffset, threads: threads)
      observe(step, clock.now - start)
      for (index, output) in outputs.enumerated() where output.step == step.index {
        finished(index, TensorView(shape: output.shape, base: base + output.offset))
      }
    }
    return read(outputs.map { TensorView(shape: $0.shape, base: base + $0.offset) })
  }
}

/// A run was given up before it finished because its result is no longer wanted.
public struct Cancelled: Error, Sendable {
  /// The error.
  public init() {}
}
