extension Convolution {
  /// Output pixels that one matrix product makes when patches are gathered: the patches of a block (block × products
  /// floats) should stay in the second-level cache, but a product needs enough rows to pay for packing the weights.
  var patchBlock: Int { min(1024, max(128, (1 << 19) / geometry.productsPerOutput / 16 * 16)) }

  /// 1×1, stride 1: y = x · w, one matrix product per block of pixels.
  func runPointwise(
    _ x: TensorView, _ residual: UnsafePointer<Float>?, _ y: MutableTensorView, _ threads: Threads
  ) {
    let (k, n) = (geometry.inputs, geometry.outputs)
    withWeights { weights, bias in
      threads.forEach(y.shape.pixels, by: 1024) { pixels, _ in
        let rows = y.base + pixels.lowerBound * n
        accumulate(
          MatrixView(base: x.base + pixels.lowerBound * k, stride: k), k: k,
          MatrixView(base: weights, stride: n), n: n, pixels: pixels.count,
          residual: residual.map { $0 + pixels.lowerBound * n }, into: rows)
        activation.apply(to: rows, pixels: pixels.count, channels: n, bias: bias)
      }
    }
  }

  /// Any kernel: the patches under a block of output pixels are gathered as rows of a matrix, then multiplied.
  func runPatches(
    _ x: TensorView, _ residual: UnsafePointer<Float>?, _ y: MutableTensorView,
    _ scratch: UnsafeMutablePointer<Float>, _ threads: Threads
  ) {
    let k = geometry.productsPerOutput
    let n = geometry.outputs
    let (groupInputs, groupOutputs) = (geometry.inputs / geometry.groups, n / geometry.groups)
    let block = patchBlock
    withWeights { weights, bias in
      threads.forEach(y.shape.pixels, by: block) { pixels, worker in
        let patches = scratch + worker * block * k
        let rows = y.base + pixels.lowerBound * n
        for group in 0..<geometry.groups {
          gatherPatches(
            of: x, channels: (group * groupInputs)..<((group + 1) * groupInputs),
            under: pixels, of: y.shape, into: patches)
          accumulate(
            MatrixView(base: patches, stride: k), k: k,
            MatrixView(base: weights + group * groupOutputs, stride: n), n: groupOutputs,
            pixels: pixels.count,
            residual: residual.map { $0 + pixels.lowerBound * n + group * groupOutputs },
            into: rows + group * groupOutputs)
        }
        activation.apply(to: rows, pixels: pixels.count, channels: n, bias: bias)
      }
    }
  }

  /// y ← a · b, or residual + a · b; the residual may already stand in y.
  private func accumulate(
    _ a: MatrixView, k: Int, _ b: MatrixView, n: Int, pixels: Int,
    residual: UnsafePointer<Float>?, into y: UnsafeMutablePointer<Float>
  ) {
    if let residual, residual != UnsafePointer(y) {
      for pixel in 0..<pixels {
        (y + pixel * geometry.outputs).update(from: residual + pixel * geometry.outputs, count: n)
      }
    }
    MatrixProduct.multiply(
      m: pixels, n: n, k: k, a, b, beta: residual == nil ? 0 : 1, into: y, stride: geometry.outputs)
  }

  /// Writes the patch under each output pixel as one row `[kernelHeight, kernelWidth, channels]`, zeros outside x.
  private func gatherPatches(
    of x: TensorView, channels: Range<Int>, under pixels: Range<Int>, of output: Shape,
    into patches: UnsafeMutablePointer<Float>
  ) {
    let g = geometry
    let depth = channels.count
    var patch = patches
    for pixel in pixels {
      let (line, j) = pixel.quotientAndRemainder(dividingBy: output.w)
      let (n, i) = line.quotientAndRemainder(dividingBy: output.h)
      let left = j * g.stride - g.paddingWidth
      for u in 0..<g.kernelHeight {
        let row = i * g.stride + u * g.dilation - g.paddingHeight
        guard row >= 0 && row < x.shape.h else {
          patch.update(repeating: 0, count: g.kernelWidth * depth)
          patch += g.kernelWidth * depth
          continue
        }
        let line = x.base + (n * x.shape.h + row) * x.shape.w * x.shape.c + channels.lowerBound
        for v in 0..<g.kernelWidth {
          let column = left + v * g.dilation
          if column >= 0 && column < x.shape.w {
            copy(line + column * x.shape.c, to: patch, count: depth)
          } else {
            patch.update(repeating: 0, count: depth)
          }
          patch += depth
        }
      }
    }
  }

  /// Copies a few floats; for the short runs of a patch this beats a call of `memcpy`.
  @inline(__always)
  private func copy(
    _ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int
  ) {
    var c = 0
    while c + 16 <= count {
      (target + c).lanes = (source + c).lanes
      c += 16
    }
    while c < count {
      target[c] = source[c]
      c += 1
    }
  }

  /// Calls `body` with the weights and biases as pointers.
  func withWeights(_ body: (UnsafePointer<Float>, UnsafePointer<Float>) -> Void) {
    weights.withUnsafeBufferPointer { weights in
      bias.withUnsafeBufferPointer { bias in
        guard let weights = weights.baseAddress, let bias = bias.baseAddress else { return }
        body(weights, bias)
      }
    }
  }
}
