/// Some neighbouring channels of a map, such as those that ``Concatenation`` has put side by side.
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

extension ChannelRange: DifferentiableOperation {
  /// ∂x is 0 in all other channels.
  func gradients(of step: Pullback) -> [Value?] {
    [
      step.gradient(of: 0) {
        step.cotangent.applying(
          ChannelsInZeros(channels, of: step.inputs[0].shape.c), named: step.name + " ∂x")
      }
    ]
  }
}

/// Channels where they were taken from, all others being 0: the gradient of ``ChannelRange``.
struct ChannelsInZeros: Operation {
  private let range: Range<Int>
  private let count: Int

  init(_ range: Range<Int>, of count: Int) {
    self.range = range
    self.count = count
  }

  var summary: String { "channels \(range) among zeros" }

  func outputShape(for inputs: [Shape]) -> Shape { inputs[0].channels(count) }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    threads.forEach(output.shape.pixels, by: 1 << 12) { pixels, _ in
      for pixel in pixels {
        let target = output.base + pixel * count
        target.update(repeating: 0, count: count)
        (target + range.lowerBound).update(
          from: inputs[0].base + pixel * range.count, count: range.count)
      }
    }
  }
}
