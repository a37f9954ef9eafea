/// Which buffer each node writes to, and how long each buffer lives.
///
/// A node shares the buffer of an input that its operation may overwrite, when the node is the last to read it.
struct BufferLives {
  private(set) var buffers: [MemoryPlan.Buffer] = []
  private var bufferOfNode: [Int: Int] = [:]
  private var stepOfNode: [Int: Int] = [:]

  /// The lives of the nodes in `order`, of which `outputs` must survive to the end.
  init(_ nodes: [Trace.Node], order: [Int], outputs: Set<Int>) {
    for (step, node) in order.enumerated() { stepOfNode[node] = step }
    var lastUse = [Int: Int]()
    for (step, node) in order.enumerated() {
      lastUse[node] = outputs.contains(node) ? order.count : max(step, lastUse[node] ?? 0)
      guard case .operation(_, let inputs) = nodes[node].source else { continue }
      for input in inputs { lastUse[input] = max(step, lastUse[input] ?? 0) }
    }
    for (step, node) in order.enumerated() {
      // Parameters have memory of their own.
      if case .parameter = nodes[node].source { continue }
      let end = lastUse[node] ?? step
      if let shared = Self.overwrittenInput(of: nodes[node], at: step, lastUse),
        let buffer = bufferOfNode[shared]
      {
        bufferOfNode[node] = buffer
        buffers[buffer].life = buffers[buffer].life.lowerBound...end
      } else {
        bufferOfNode[node] = buffers.count
        buffers.append(MemoryPlan.Buffer(count: nodes[node].shape.count, life: step...end))
      }
    }
  }

  /// The input whose memory `node` takes over, if it may and nobody reads that input later.
  private static func overwrittenInput(
    of node: Trace.Node, at step: Int, _ lastUse: [Int: Int]
  ) -> Int? {
    guard case .operation(let operation, let inputs) = node.source,
      let position = operation.overwritableInput, position < inputs.count,
      lastUse[inputs[position]] == step,
      inputs.count(where: { $0 == inputs[position] }) == 1
    else { return nil }
    return inputs[position]
  }

  /// The buffer that holds the value of `node`.
  func buffer(of node: Int) -> Int {
    guard let buffer = bufferOfNode[node] else {
      preconditionFailure("node \(node) is not part of the program")
    }
    return buffer
  }

  /// Adds the scratch memory of `node`, alive during its step only, and returns its buffer.
  mutating func addScratch(_ nodes: [Trace.Node], step node: Int, threads: Threads) -> Int? {
    guard case .operation(let operation, let inputs) = nodes[node].source,
      let step = stepOfNode[node]
    else { return nil }
    let count = operation.scratchCount(for: inputs.map { nodes[$0].shape }, threads: threads)
    guard count > 0 else { return nil }
    buffers.append(MemoryPlan.Buffer(count: count, life: step...step))
    return buffers.count - 1
  }
}
