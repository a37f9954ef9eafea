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

/// Some neighbouring channels of a map: what ``Concatenation`` has put side by side, taken apart again.
struct ChannelRange: Operation {
  let channels: Range<Int>

  init(_ channels: Range<Int>) { self.channels = channels }

  var summary: String { "channels \(channels.lowerBound) to \(channels.upperBound - 1)" }

  func outputShape(for inputs: [Shape]) -> Shape {
    precondition(
      !channels.isEmpty && channels.upperBound <= inputs[0].c, "\(inputs[0]) has no \(summary)")
    return inputs[0].channels(channels.count)
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (x, y, c) = (inputs[0], output, channels.count)
    threads.forEach(y.shape.pixels, by: Concatenation.block) { pixels, _ in
      for pixel in pixels {
        (y.base + pixel * c).updateRow(
          from: x.base + pixel * x.shape.c + channels.lowerBound, count: c)
      }
    }
  }
}
