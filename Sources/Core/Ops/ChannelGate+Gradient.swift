extension ChannelGate: DifferentiableOperation {
  /// ∂x = (1 + σ(z)) · ∂y, and ∂z by ``ChannelGateGradient``.
  func gradients(of step: Pullback) -> [Value?] {
    let (x, z, dy) = (step.inputs[0], step.inputs[1], step.cotangent)
    return [
      step.gradient(of: 0) { dy.applying(self, to: z, named: step.name + " ∂x") },
      step.gradient(of: 1) {
        z.applying(ChannelGateGradient(kernels), to: x, dy, named: step.name + " ∂z")
      },
    ]
  }
}

/// The gradient of a gate: ∂z = σ(z) · (1 − σ(z)) · Σ x · ∂y over the pixels of each map.
///
/// Inputs: z `[n, 1, 1, c]`, x and ∂y.
struct ChannelGateGradient: Operation {
  private let kernels: Kernels

  init(_ kernels: Kernels) { self.kernels = kernels }

  var summary: String { "gradient of channel gate" }

  func outputShape(for inputs: [Shape]) -> Shape { inputs[0] }

  /// The sums of each map's pixels.
  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    ChannelProducts(kernels).scratchCount(for: [inputs[1]], threads: threads)
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (z, x, dy) = (inputs[0], inputs[1], inputs[2])
    let map = Shape(h: x.shape.h, w: x.shape.w, c: x.shape.c)
    for n in 0..<x.shape.n {
      let target = output.base + n * map.c
      ChannelProducts(kernels).run(
        [x, dy].map { TensorView(shape: map, base: $0.base + n * map.count) },
        into: MutableTensorView(shape: Shape(h: 1, w: 1, c: map.c), base: target),
        scratch: scratch, threads: threads)
      for c in 0..<map.c {
        let share = ChannelGate.logistic(z.base[n * map.c + c])
        target[c] *= share * (1 - share)
      }
    }
  }
}
