extension Concatenation: DifferentiableOperation {
  /// Each input's channels of ∂y.
  func gradients(of step: Pullback) -> [Value?] {
    var first = 0
    return step.inputs.indices.map { position in
      let channels = first..<(first + step.inputs[position].shape.c)
      first = channels.upperBound
      return step.gradient(of: position) {
        step.cotangent.applying(ChannelRange(channels), named: "\(step.name) ∂\(position)")
      }
    }
  }
}
