import CKernels

/// The gradient of a convolution's input.
///
///     ∂x[n, r, q, k] = Σ_{u, v, o} w[u, v, k, o] · ∂z[n, (r + p − u·d) / s, (q + p − v·d) / s, o],
///
/// summed where the divisions leave no remainder and ∂z has a pixel. That is a convolution with the kernel turned by 180°
/// and its channels exchanged, of ∂z with s − 1 zeros between its pixels. Inputs: ∂z and w as ``KernelConvolution`` has it.
struct ConvolutionInputGradient: Operation {
  let geometry: ConvolutionGeometry
  /// The grid of x: with a stride several fit one grid of ∂z.
  let height, width: Int
  var kernels = Kernels.current

  init(_ geometry: ConvolutionGeometry, height: Int, width: Int) {
    self.geometry = geometry
    self.height = height
    self.width = width
  }

  var summary: String {
    "input gradient of \(geometry.kernelHeight)×\(geometry.kernelWidth) convolution"
  }

  func outputShape(for inputs: [Shape]) -> Shape {
    Shape(n: inputs[0].n, h: height, w: width, c: geometry.inputs)
  }

  /// Those of the convolution itself.
  func multiplyAdds(for inputs: [Shape]) -> Int { inputs[0].count * geometry.productsPerOutput }

  private var isGathered: Bool { geometry.isDepthwise && geometry.stride > 1 }

  /// The convolution with outputs and inputs exchanged, at stride 1.
  private var turned: ConvolutionGeometry {
    let g = geometry
    return ConvolutionGeometry(
      g.outputs, g.inputs, kernel: (g.kernelHeight, g.kernelWidth), dilation: g.dilation,
      groups: g.groups,
      padding: (
        g.dilation * (g.kernelHeight - 1) - g.paddingHeight,
        g.dilation * (g.kernelWidth - 1) - g.paddingWidth
      ))
  }

  /// ∂z with zeros between its pixels, and behind them where x has pixels that no window reaches.
  private func spread(_ dz: Shape) -> Shape {
    let g = turned
    return dz.resized(
      h: height - 2 * g.paddingHeight + g.dilation * (g.kernelHeight - 1),
      w: width - 2 * g.paddingWidth + g.dilation * (g.kernelWidth - 1))
  }

  private func convolution(weights: [Float], bias: [Float]) -> Convolution {
    Convolution(
      turned, weights: weights, bias: bias, keepingWeights: false, kernels: kernels,
      tile: Convolution.winogradTile(turned))
  }

  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    if isGathered { return 0 }
    let spread = spread(inputs[0])
    return (geometry.stride > 1 ? roundedToCacheLine(spread.count) : 0)
      + convolution(weights: [], bias: []).scratchCount(for: [spread], threads: threads)
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (dz, kernel) = (inputs[0], inputs[1])
    if isGathered { return gather(dz, kernel, into: output, threads) }
    let convolution = convolution(
      weights: turned(kernel), bias: [Float](repeating: 0, count: geometry.inputs))
    guard geometry.stride > 1 else {
      return convolution.run([dz], into: output, scratch: scratch, threads: threads)
    }
    let shape = spread(dz.shape)
    spread(dz, into: scratch, shape, threads)
    convolution.run(
      [TensorView(shape: shape, base: scratch)], into: output,
      scratch: scratch + roundedToCacheLine(shape.count), threads: threads)
  }

  /// w[u, v, k, o] as w'[kh − 1 − u, kw − 1 − v, o, k], within each group.
  private func turned(_ kernel: TensorView) -> [Float] {
    let g = geometry
    let taps = g.kernelHeight * g.kernelWidth
    let (inputs, outputs) = (g.inputs / g.groups, g.outputs / g.groups)
    return [Float](unsafeUninitializedCapacity: kernel.shape.count) { turned, count in
      count = kernel.shape.count
      guard let target = turned.baseAddress else { return }
      for tap in 0..<taps {
        let source = kernel.base + tap * inputs * g.outputs
        let place = target + (taps - 1 - tap) * outputs * g.inputs
        for group in 0..<g.groups {
          // In squares, so that reads and writes both stay on a few cache lines.
          for first in stride(from: 0, to: outputs, by: 16) {
            for k in 0..<inputs {
              let row = source + k * g.outputs + group * outputs
              for o in first..<min(first + 16, outputs) {
                place[o * g.inputs + group * inputs + k] = row[o]
              }
            }
          }
        }
      }
    }
  }

  private func spread(
    _ dz: TensorView, into target: UnsafeMutablePointer<Float>, _ shape: Shape, _ threads: Threads
  ) {
    let s = geometry.stride
    let c = shape.c
    threads.forEach(shape.n * shape.h, by: 8) { lines, _ in
      for line in lines {
        let (n, i) = line.quotientAndRemainder(dividingBy: shape.h)
        let row = target + line * shape.w * c
        row.update(repeating: 0, count: shape.w * c)
        guard i % s == 0, i / s < dz.shape.h else { continue }
        let source = dz.base + (n * dz.shape.h + i / s) * dz.shape.w * c
        for j in 0..<dz.shape.w { (row + j * s * c).update(from: source + j * c, count: c) }
      }
    }
  }

  /// Depthwise with a stride: each input pixel looks for the outputs that saw it.
  private func gather(
    _ dz: TensorView, _ kernel: TensorView, into dx: MutableTensorView, _ threads: Threads
  ) {
    let leaf = kernels.leaves.depthwise_input_row
    let c = geometry.inputs
    threads.forEach(dx.shape.n * height, by: 4) { lines, _ in
      var depthwise = hfgd_depthwise(geometry, dx.shape)
      for line in lines {
        let (n, i) = line.quotientAndRemainder(dividingBy: height)
        leaf?(
          dz.base + n * dz.shape.h * dz.shape.w * c, &depthwise, i, dz.shape.h, dz.shape.w,
          kernel.base, dx.base + line * width * c)
      }
    }
  }
}
