extension Convolution {
  /// One filter per channel: a row of outputs at a time, vectors along the channels.
  func runDepthwise(
    _ x: TensorView, _ residual: UnsafePointer<Float>?, _ y: MutableTensorView, _ threads: Threads
  ) {
    let rowCount = y.shape.w * y.shape.c
    withWeights { weights, bias in
      threads.forEach(y.shape.n * y.shape.h, by: 4) { rows, _ in
        for line in rows {
          let (n, i) = line.quotientAndRemainder(dividingBy: y.shape.h)
          let image = TensorView(
            shape: Shape(h: x.shape.h, w: x.shape.w, c: x.shape.c),
            base: x.base + n * x.shape.h * x.shape.w * x.shape.c)
          depthwiseRow(
            of: image, row: i, weights, bias, residual.map { $0 + line * rowCount },
            into: y.base + line * rowCount, width: y.shape.w)
        }
      }
    }
  }

  /// Output row `i` of one image `x`.
  private func depthwiseRow(
    of x: TensorView, row i: Int, _ weights: UnsafePointer<Float>, _ bias: UnsafePointer<Float>,
    _ residual: UnsafePointer<Float>?, into y: UnsafeMutablePointer<Float>, width: Int
  ) {
    let g = geometry
    let channels = g.inputs
    let top = i * g.stride - g.paddingHeight
    let taps = taps(from: top, kernel: g.kernelHeight, extent: x.shape.h)
    for j in 0..<width {
      let left = j * g.stride - g.paddingWidth
      let tapsAcross = self.taps(from: left, kernel: g.kernelWidth, extent: x.shape.w)
      let output = y + j * channels
      var c = 0
      while c + 16 <= channels {
        var sum = (bias + c).lanes
        if let residual { sum += (residual + j * channels + c).lanes }
        for u in taps {
          let line = x.base + (top + u * g.dilation) * x.shape.w * channels
          for v in tapsAcross {
            let value = (line + (left + v * g.dilation) * channels + c).lanes
            sum += value * (weights + (u * g.kernelWidth + v) * channels + c).lanes
          }
        }
        (output + c).lanes = activation(sum)
        c += 16
      }
      while c < channels {
        var sum = bias[c]
        if let residual { sum += residual[j * channels + c] }
        for u in taps {
          let line = x.base + (top + u * g.dilation) * x.shape.w * channels
          for v in tapsAcross {
            sum +=
              line[(left + v * g.dilation) * channels + c]
              * weights[(u * g.kernelWidth + v) * channels + c]
          }
        }
        output[c] = activation(sum)
        c += 1
      }
    }
  }

  /// The taps of a kernel whose first one stands at `start` that fall inside `0..<extent`.
  private func taps(from start: Int, kernel: Int, extent: Int) -> Range<Int> {
    let d = geometry.dilation
    let first = start < 0 ? (-start + d - 1) / d : 0
    let end = start < extent ? min(kernel, (extent - 1 - start) / d + 1) : 0
    return min(first, end)..<end
  }
}
