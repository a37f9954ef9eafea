/// A deformable convolution whose kernel is trained: an input like the picture, not a part of the operation.
///
/// Inputs: x and the map of offsets as ``DeformableConvolution`` has them, w `[1, taps, inputs, outputs]` and b
/// `[1, 1, 1, outputs]`. The kernel is packed anew in each run.
struct KernelDeformableConvolution: DifferentiableOperation {
  let geometry: DeformableGeometry
  var kernels = Kernels.current

  init(_ geometry: DeformableGeometry) { self.geometry = geometry }

  var summary: String { shapesOnly.summary }

  func outputShape(for inputs: [Shape]) -> Shape {
    let kernel = KernelConvolution.kernelShape(geometry.undeformed)
    precondition(inputs[2] == kernel, "\(summary) has a kernel of \(kernel), not \(inputs[2])")
    precondition(
      inputs[3] == Shape(h: 1, w: 1, c: geometry.outputs),
      "\(summary) does not take a bias of \(inputs[3])")
    return shapesOnly.outputShape(for: inputs)
  }

  func multiplyAdds(for inputs: [Shape]) -> Int { shapesOnly.multiplyAdds(for: inputs) }

  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    packedCount + shapesOnly.scratchCount(for: inputs, threads: threads)
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    DeformableConvolution(
      geometry, kernel: inputs[2].base, bias: inputs[3].values, kernels: kernels, threads: threads,
      in: scratch
    ).run(
      Array(inputs[..<2]), into: output, scratch: scratch + packedCount, threads: threads)
  }

  /// ∂x and ∂offsets, which one operation makes side by side, ∂w and ∂b.
  func gradients(of step: Pullback) -> [Value?] {
    let (x, offsets, kernel, dy) = (
      step.inputs[0], step.inputs[1], step.inputs[2], step.cotangent
    )
    /// Channels of ∂x and ∂offsets, if one of them is wanted.
    let both =
      step.wants(0) || step.wants(1)
      ? dy.applying(
        DeformableInputGradient(geometry, kernels), to: x, offsets, kernel,
        named: step.name + " ∂x, ∂offsets") : dy
    func part(_ channels: Range<Int>, _ name: String) -> Value {
      both.applying(ChannelRange(channels), named: step.name + name)
    }
    let (inputs, all) = (geometry.inputs, geometry.inputs + geometry.offsets)
    return [
      step.gradient(of: 0) { part(0..<inputs, " ∂x") },
      step.gradient(of: 1) { part(inputs..<all, " ∂offsets") },
      step.gradient(of: 2) {
        dy.applying(
          DeformableKernelGradient(geometry, kernels), to: x, offsets, named: step.name + " ∂w")
      },
      step.gradient(of: 3) { dy.applying(ChannelSums(), named: step.name + " ∂b") },
    ]
  }

  private var packedCount: Int {
    roundedToCacheLine(DeformableConvolution.packedCount(geometry, for: kernels))
  }

  private var shapesOnly: DeformableConvolution {
    DeformableConvolution(geometry, weights: [], bias: [], kernels: kernels)
  }
}
