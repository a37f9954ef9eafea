extension Pooling: DifferentiableOperation {
  /// ∂x by ``PoolingGradient``.
  func gradients(of step: Pullback) -> [Value?] {
    [
      step.gradient(of: 0) {
        step.inputs[0].applying(
          PoolingGradient(self), to: step.cotangent, named: step.name + " ∂x")
      }
    ]
  }
}

/// The gradient of a pooling's input: of a maximum it goes to the first pixel that had it, of a mean to all in equal shares.
///
/// Inputs: x and ∂y; the result has x's shape. The first is meant in reading order, as in PyTorch.
struct PoolingGradient: Operation {
  let pooling: Pooling

  init(_ pooling: Pooling) { self.pooling = pooling }

  var summary: String { "gradient of \(pooling.summary)" }

  func outputShape(for inputs: [Shape]) -> Shape { inputs[0] }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (x, dy, c) = (inputs[0], inputs[1], inputs[0].shape.c)
    let image = x.shape.h * x.shape.w * c
    // Windows overlap, so an image's rows are not independent; channels are.
    let slices = EvenBlocks(c, of: 16, upTo: 16)
    threads.forEach(x.shape.n * slices.count) { task, _ in
      let (n, slice) = task.quotientAndRemainder(dividingBy: slices.count)
      let channels = slices[slice]
      let (source, target) = (x.base + n * image, output.base + n * image)
      for pixel in 0..<(x.shape.h * x.shape.w) {
        (target + pixel * c + channels.lowerBound).update(repeating: 0, count: channels.count)
      }
      for i in 0..<dy.shape.h {
        let rows = window(i, size: x.shape.h)
        for j in 0..<dy.shape.w {
          let columns = window(j, size: x.shape.w)
          let gradient = dy.base + ((n * dy.shape.h + i) * dy.shape.w + j) * c
          for channel in channels {
            switch pooling.kind {
            case .max:
              var best = (rows.lowerBound * x.shape.w + columns.lowerBound) * c + channel
              for row in rows {
                for column in columns {
                  let place = (row * x.shape.w + column) * c + channel
                  if source[place] > source[best] { best = place }
                }
              }
              target[best] += gradient[channel]
            case .average:
              let share = gradient[channel] / Float(rows.count * columns.count)
              for row in rows {
                for column in columns {
                  target[(row * x.shape.w + column) * c + channel] += share
                }
              }
            }
          }
        }
      }
    }
  }

  /// The pixels of a line under window `i`.
  private func window(_ i: Int, size: Int) -> Range<Int> {
    let start = i * pooling.stride - pooling.padding
    return max(0, start)..<min(size, start + pooling.kernel)
  }
}
