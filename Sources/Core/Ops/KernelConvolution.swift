/// A convolution whose kernel is trained: an input like the picture, not a part of the operation.
///
///     z[n, i, j, o] = b[o] + Σ_{u, v, k} w[u, v, k, o] · x[n, i·s + u·d − p, j·s + v·d − p, k]
///
/// Inputs: x `[n, h, w, inputs]`, w `[1, taps, inputs / groups, outputs]` and perhaps b `[1, 1, 1, outputs]`. The kernel is
/// packed anew in each run, for the form that suits the grid.
struct KernelConvolution: DifferentiableOperation {
  let geometry: ConvolutionGeometry
  var kernels = Kernels.current

  init(_ geometry: ConvolutionGeometry) { self.geometry = geometry }

  /// The extents of w.
  static func kernelShape(_ g: ConvolutionGeometry) -> Shape {
    Shape(h: g.kernelHeight * g.kernelWidth, w: g.inputs / g.groups, c: g.outputs)
  }

  var summary: String { shapesOnly().summary }

  func outputShape(for inputs: [Shape]) -> Shape {
    let kernel = Self.kernelShape(geometry)
    precondition(inputs[1] == kernel, "\(summary) has a kernel of \(kernel), not \(inputs[1])")
    if inputs.count > 2 {
      precondition(
        inputs[2] == Shape(h: 1, w: 1, c: geometry.outputs),
        "\(summary) does not take a bias of \(inputs[2])")
    }
    return shapesOnly().outputShape(for: [inputs[0]])
  }

  func multiplyAdds(for inputs: [Shape]) -> Int { shapesOnly().multiplyAdds(for: [inputs[0]]) }

  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    let form = form(over: outputShape(for: inputs))
    return packedCount(form)
      + shapesOnly(form).scratchCount(for: [inputs[0]], threads: threads)
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let bias = inputs.count > 2 ? inputs[2].values : [Float](repeating: 0, count: geometry.outputs)
    let form = form(over: output.shape)
    Convolution(
      geometry, kernel: inputs[1].base, bias: bias, form: form, kernels: kernels, threads: threads,
      in: scratch
    ).run([inputs[0]], into: output, scratch: scratch + packedCount(form), threads: threads)
  }

  /// ∂x, ∂w and ∂b: a convolution by the turned kernel, sums of outer products over all pixels, sums over all pixels.
  func gradients(of step: Pullback) -> [Value?] {
    let (x, kernel, dz) = (step.inputs[0], step.inputs[1], step.cotangent)
    let input = ConvolutionInputGradient(geometry, height: x.shape.h, width: x.shape.w)
    return [
      step.gradient(of: 0) { dz.applying(input, to: kernel, named: step.name + " ∂x") },
      step.gradient(of: 1) {
        x.applying(ConvolutionKernelGradient(geometry), to: dz, named: step.name + " ∂w")
      },
    ]
      + (step.inputs.count > 2
        ? [step.gradient(of: 2) { dz.applying(ChannelSums(), named: step.name + " ∂b") }] : [])
  }

  private func form(over output: Shape) -> Convolution.Form {
    Convolution.form(geometry, over: output)
  }

  private func packedCount(_ form: Convolution.Form) -> Int {
    roundedToCacheLine(Convolution.packedCount(geometry, form, for: kernels))
  }

  private func shapesOnly(_ form: Convolution.Form = .products) -> Convolution {
    Convolution(geometry, form: form, shapesOnlyFor: kernels)
  }
}

/// Sums over all pixels of a batch: the gradient of a bias.
///
/// Input: dz `[n, h, w, c]`; the result is `[1, 1, 1, c]`.
struct ChannelSums: Operation {
  var kernels = Kernels.current

  var summary: String { "sums over pixels" }

  func outputShape(for inputs: [Shape]) -> Shape { Shape(h: 1, w: 1, c: inputs[0].c) }

  /// A centre of zeros, and the sums of each block.
  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    inputs[0].c + ChannelBlocks(inputs[0]).scratchCount
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let dz = inputs[0]
    let c = dz.shape.c
    let zeros = scratch
    zeros.update(repeating: 0, count: c)
    let sums = ChannelBlocks(dz.shape).sums(scratch + c, threads) { pixels, sum, squares in
      kernels.leaves.moments(
        dz.base + pixels.lowerBound * c, pixels.count, c, zeros, sum, squares)
    }
    for channel in 0..<c { output.base[channel] = Float(sums.first[channel]) }
  }
}
