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

  /// Patches that do not overlap: each is a product of ∂z's pixel, which is written where the patch lies.
  private var isPatches: Bool {
    let g = geometry
    return g.stride > 1 && g.kernelHeight == g.stride && g.kernelWidth == g.stride
      && g.paddingHeight == 0 && g.paddingWidth == 0 && g.dilation == 1 && g.groups == 1
  }

  /// The convolution with outputs and inputs exchanged, at stride 1.
  private var turned: ConvolutionGeometry {
    let g = geometry
    if isPatches { return ConvolutionGeometry(g.outputs, g.productsPerOutput) }
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

  /// How the convolution's sums are made.
  private func form(_ dz: Shape) -> Convolution.Form {
    Convolution.form(turned, over: dz.resized(h: height, w: width))
  }

  /// The convolution of ∂z by the turned kernel, packed in `scratch`.
  private func convolution(
    _ kernel: TensorView, _ form: Convolution.Form, _ scratch: UnsafeMutablePointer<Float>,
    _ threads: Threads
  ) -> Convolution {
    let zeros = [Float](repeating: 0, count: turned.outputs)
    if isPatches || geometry.isOneByOne && geometry.groups == 1 {
      return Convolution(
        turned, transposed: kernel.base, bias: zeros, kernels: kernels, threads: threads,
        in: scratch)
    }
    return turned(kernel, threads).withUnsafeBufferPointer { weights in
      guard let base = weights.baseAddress else { preconditionFailure("an empty kernel") }
      return Convolution(
        turned, kernel: base, bias: zeros, form: form, kernels: kernels, threads: threads,
        in: scratch)
    }
  }

  /// Patches, and what a 1×1 convolution makes, can be spread after the products, which is less work.
  private var isSpreadLast: Bool {
    isPatches
      || geometry.stride > 1 && geometry.isOneByOne && geometry.paddingHeight == 0
        && geometry.paddingWidth == 0
  }

  private func packedCount(_ form: Convolution.Form) -> Int {
    roundedToCacheLine(Convolution.packedCount(turned, form, for: kernels))
  }

  /// The packed kernel, a map with zeros between its pixels or the one to be spread, and what the convolution needs.
  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    if isGathered { return 0 }
    let dz = inputs[0]
    let map = isSpreadLast ? dz.channels(turned.outputs) : spread(dz)
    let form = form(dz)
    return packedCount(form) + (geometry.stride > 1 ? roundedToCacheLine(map.count) : 0)
      + Convolution(turned, form: form, shapesOnlyFor: kernels)
      .scratchCount(for: [isSpreadLast ? dz : spread(dz)], threads: threads)
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (dz, kernel) = (inputs[0], inputs[1])
    if isGathered { return gather(dz, kernel, into: output, threads) }
    let form = form(dz.shape)
    let convolution = convolution(kernel, form, scratch, threads)
    let map = scratch + packedCount(form)
    guard geometry.stride > 1 else {
      return convolution.run([dz], into: output, scratch: map, threads: threads)
    }
    if isSpreadLast {
      let shape = dz.shape.channels(turned.outputs)
      convolution.run(
        [dz], into: MutableTensorView(shape: shape, base: map),
        scratch: map + roundedToCacheLine(shape.count), threads: threads)
      let map = TensorView(shape: shape, base: map)
      return isPatches
        ? place(map, output, threads) : spread(map, into: output.base, output.shape, threads)
    }
    let shape = spread(dz.shape)
    spread(dz, into: map, shape, threads)
    convolution.run(
      [TensorView(shape: shape, base: map)], into: output,
      scratch: map + roundedToCacheLine(shape.count), threads: threads)
  }

  /// w[u, v, k, o] as w'[kh − 1 − u, kw − 1 − v, o, k], within each group.
  private func turned(_ kernel: TensorView, _ threads: Threads) -> [Float] {
    let g = geometry
    let taps = g.kernelHeight * g.kernelWidth
    let (inputs, outputs) = (g.inputs / g.groups, g.outputs / g.groups)
    return [Float](unsafeUninitializedCapacity: kernel.shape.count) { turned, count in
      count = kernel.shape.count
      guard let target = turned.baseAddress else { return }
      threads.forEach(taps) { tap, _ in
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

  /// Patches `[n, h', w', s·s·c]` where they lie in dx; what hangs over the edge is left out.
  private func place(_ patches: TensorView, _ dx: MutableTensorView, _ threads: Threads) {
    let (s, c) = (geometry.stride, dx.shape.c)
    threads.forEach(dx.shape.n * height, by: 8) { lines, _ in
      for line in lines {
        let (n, row) = line.quotientAndRemainder(dividingBy: height)
        let target = dx.base + line * width * c
        guard row / s < patches.shape.h else {
          target.update(repeating: 0, count: width * c)
          continue
        }
        let first = (n * patches.shape.h + row / s) * patches.shape.w
        for j in 0..<patches.shape.w {
          (target + j * s * c).update(
            from: patches.base + (first + j) * s * s * c + row % s * s * c,
            count: min(s, width - j * s) * c)
        }
        let covered = min(width, patches.shape.w * s)
        (target + covered * c).update(repeating: 0, count: (width - covered) * c)
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
