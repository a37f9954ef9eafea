extension Value {
  /// Records the gradients of this value, which must be a single number, with respect to `parameters`.
  ///
  /// The steps are gone through from the last to the first. A value that several steps read gets the sum of what they
  /// ask for; where a reader has it through ``stoppingGradient``, nothing comes back. A parameter that no gradient
  /// reaches has `nil`: its gradient is exactly zero.
  ///
  /// Values that `recomputes` says yes to are not kept for the backward half but made again there from their inputs.
  func gradients(
    withRespectTo parameters: [Value],
    recomputing recomputes: (any Operation) -> Bool = { _ in false }
  ) -> [Value?] {
    precondition(shape.count == 1, "the gradient of \(shape) is taken; expected a single number")
    let nodes = trace.nodes
    let carries = trace.nodesThatCarryGradients(to: parameters.map(\.index))
    var cotangents: [Int: [Value]] = [
      index: [trace.constant(Constant(shape, 1), named: "∂loss")]
    ]
    var remade: [Int: Value] = [:]
    func saved(_ node: Int) -> Value {
      if let value = remade[node] { return value }
      guard case .operation(let operation, let inputs) = nodes[node].source, recomputes(operation)
      else { return Value(trace: trace, index: node) }
      let value = trace.record(
        operation, of: inputs.map { Value(trace: trace, index: $0) },
        named: nodes[node].name + " again")
      remade[node] = value
      return value
    }
    for node in nodes.indices.reversed() where carries[node] {
      guard let contributions = cotangents[node],
        case .operation(let operation, let inputs) = nodes[node].source
      else { continue }
      guard let operation = operation as? any DifferentiableOperation else {
        preconditionFailure("\(nodes[node].name): \(operation.summary) has no gradient")
      }
      let gradients = operation.gradients(
        of: Pullback(
          name: nodes[node].name, inputs: inputs.map(saved), output: saved(node),
          cotangent: contributions.summed(named: nodes[node].name),
          wanted: inputs.indices.map { carries[inputs[$0]] && !nodes[node].stopped.contains($0) }))
      cotangents[node] = nil
      for (input, gradient) in zip(inputs, gradients) {
        guard let gradient else { continue }
        precondition(
          gradient.shape == nodes[input].shape,
          "\(operation.summary): a gradient of \(gradient.shape) for \(nodes[input].shape)")
        cotangents[input, default: []].append(gradient)
      }
    }
    return parameters.map { parameter in
      cotangents[parameter.index]?.summed(named: nodes[parameter.index].name)
    }
  }
}

extension Trace {
  /// For each node whether one of `parameters` can be reached from it without passing a stopped gradient.
  fileprivate func nodesThatCarryGradients(to parameters: [Int]) -> [Bool] {
    var carries = [Bool](repeating: false, count: nodes.count)
    for parameter in parameters { carries[parameter] = true }
    for (index, node) in nodes.enumerated() {
      guard case .operation(_, let inputs) = node.source else { continue }
      carries[index] = inputs.indices.contains {
        carries[inputs[$0]] && !node.stopped.contains($0)
      }
    }
    return carries
  }

  /// The result of any operation on some values, at least one.
  fileprivate func record(_ operation: any Operation, of inputs: [Value], named name: String)
    -> Value
  {
    inputs[0].applying(operation, to: Array(inputs.dropFirst()), named: name)
  }
}

extension [Value] {
  /// The sum of one or more values.
  fileprivate func summed(named name: String) -> Value {
    count == 1 ? self[0] : self[0].applying(Sum(), to: Array(dropFirst()), named: name + " ∂sum")
  }
}
