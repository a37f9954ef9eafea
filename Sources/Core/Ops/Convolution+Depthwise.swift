import CKernels

extension Convolution {
  /// One filter per channel: a row of outputs at a time, vectors along the channels.
  func runDepthwise(
    _ weights: [Float], _ x: TensorView, _ residual: UnsafePointer<Float>?, _ y: MutableTensorView,
    _ threads: Threads
  ) {
    let rowCount = y.shape.w * y.shape.c
    let (low, high) = activation.bounds
    let row = kernels.leaves.depthwise_row
    weights.withUnsafeBufferPointer { weights in
      bias.withUnsafeBufferPointer { bias in
        threads.forEach(y.shape.n * y.shape.h, by: 4) { rows, _ in
          var depthwise = hfgd_depthwise(geometry, x.shape)
          var epilogue = hfgd_epilogue(
            bias: bias.baseAddress, residual: nil, low: low, high: high)
          for line in rows {
            let (n, i) = line.quotientAndRemainder(dividingBy: y.shape.h)
            epilogue.residual = residual.map { $0 + line * rowCount }
            row?(
              x.base + n * x.shape.h * x.shape.w * x.shape.c, &depthwise, i, weights.baseAddress,
              &epilogue, y.shape.w, y.base + line * rowCount)
          }
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
