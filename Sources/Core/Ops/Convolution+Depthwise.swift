import CKernels

extension Convolution {
  /// One filter per channel: a few rows of outputs at a time, vectors along the channels.
  func runDepthwise(
    _ weights: [Float], _ x: TensorView, _ residual: UnsafePointer<Float>?, _ y: MutableTensorView,
    _ threads: Threads
  ) {
    let rowCount = y.shape.w * y.shape.c
    let (low, high) = activation.bounds
    // Rows of a task: the taller the kernel, the more they have in common.
    let blocks = EvenBlocks(y.shape.h, of: 1, upTo: geometry.kernelHeight + 1)
    weights.withUnsafeBufferPointer { weights in
      bias.withUnsafeBufferPointer { bias in
        threads.forEach(y.shape.n * blocks.count) { task, _ in
          let (n, block) = task.quotientAndRemainder(dividingBy: blocks.count)
          let rows = blocks[block]
          let start = (n * y.shape.h + rows.lowerBound) * rowCount
          var depthwise = hfgd_depthwise(geometry, x.shape)
          var epilogue = hfgd_epilogue(
            bias: bias.baseAddress, residual: residual.map { $0 + start }, low: low, high: high)
          kernels.leaves.depthwise_rows(
            x.base + n * x.shape.h * x.shape.w * x.shape.c, &depthwise, rows.lowerBound, rows.count,
            weights.baseAddress, &epilogue, y.shape.w, y.base + start)
        }
      }
    }
  }
}

extension hfgd_depthwise {
  /// A geometry over an input of `shape`.
  init(_ g: ConvolutionGeometry, _ shape: Shape) {
    self.init(
      height: shape.h, width: shape.w, channels: g.inputs, kernel_height: g.kernelHeight,
      kernel_width: g.kernelWidth, stride: g.stride, dilation: g.dilation,
      padding_height: g.paddingHeight, padding_width: g.paddingWidth)
  }
}
