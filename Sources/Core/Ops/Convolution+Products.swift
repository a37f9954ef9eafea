import CKernels

extension Convolution {
  /// How the output is cut into tasks: about this many pixels by this many channels.
  ///
  /// A block of the left side (pixels × ``Kernels/row`` floats, 122 kB) and one of the right side (``Kernels/depth`` ×
  /// channels, 262 kB) then stay in the second-level cache together.
  static let productBlock = (pixels: 112, channels: 256)

  /// A task takes up to this many blocks of pixels, one after the other: while one is multiplied, the next is fetched.
  private static let blocksPerTask = 4

  private var rowRoom: Int { (Self.productBlock.pixels + kernels.rows) * Kernels.row }

  /// Room for the gathered rows of one block per thread.
  func productScratch(threads: Threads) -> Int { threads.count * rowRoom }

  /// Any kernel: the patches under a block of output pixels are gathered a depth at a time and multiplied.
  func runProducts(
    _ products: [PackedProduct], _ x: TensorView, _ residual: UnsafePointer<Float>?,
    _ y: MutableTensorView, _ scratch: UnsafeMutablePointer<Float>, _ threads: Threads
  ) {
    let columns = geometry.outputs / geometry.groups
    let rowBlocks = EvenBlocks(y.shape.pixels, of: kernels.rows, upTo: Self.productBlock.pixels)
    let runs = EvenBlocks(
      rowBlocks.count, of: 1, upTo: min(Self.blocksPerTask, max(1, rowBlocks.count / 16)))
    let columnBlocks = EvenBlocks(columns, of: kernels.panel, upTo: Self.productBlock.channels)
    threads.forEach(runs.count * columnBlocks.count * geometry.groups) { task, worker in
      let (run, part) = task.quotientAndRemainder(dividingBy: columnBlocks.count * geometry.groups)
      let (group, columnBlock) = part.quotientAndRemainder(dividingBy: columnBlocks.count)
      multiply(
        products[group], group: group, blocks: rowBlocks[runs[run]],
        columns: columnBlocks[columnBlock], x, residual, y, rows: scratch + worker * rowRoom)
    }
  }

  /// A part of the output: `blocks` of pixels by `columns` of a group.
  private func multiply(
    _ product: PackedProduct, group: Int, blocks: Slice<EvenBlocks>, columns: Range<Int>,
    _ x: TensorView, _ residual: UnsafePointer<Float>?, _ y: MutableTensorView,
    rows: UnsafeMutablePointer<Float>
  ) {
    let precision = product.precision
    let first = group * (geometry.outputs / geometry.groups) + columns.lowerBound
    let (low, high) = activation.bounds
    let steps = blocks.flatMap { self.steps(under: $0, of: y.shape, x.shape, precision) }
    let multiply =
      precision == .float32 ? kernels.leaves.product : kernels.leaves.product_half
    bias.withUnsafeBufferPointer { bias in
      withUnsafeTemporaryAllocation(
        of: UnsafePointer<Float>?.self, capacity: Self.productBlock.pixels + kernels.rows
      ) { sources in
        guard let sources = sources.baseAddress else { return }
        for (index, step) in steps.enumerated() {
          gather(
            step.depths, group: group, under: step.pixels, of: y.shape, x, sources, precision,
            into: rows)
          var next = hfgd_next()
          if index + 1 < steps.count {
            let following = steps[index + 1]
            next.panel = product.panels(
              block: following.depths.lowerBound, column: columns.lowerBound)
            if geometry.isOneByOne {
              locate(
                u: 0, v: 0, span: 1,
                channel: group * (geometry.inputs / geometry.groups) + following.depths.lowerBound,
                under: following.pixels, of: y.shape, x, sources)
              next.rows = UnsafePointer(sources)
              next.count = following.pixels.count
              next.depth = following.depths.count
            }
          }
          let place = step.pixels.lowerBound * geometry.outputs + first
          let (isFirst, isLast) = (step.isFirst, step.isLast)
          // The residual is added to the first sum: where it already stands in the output, later sums would overwrite it.
          let isInPlace = !isLast && isFirst && residual == UnsafePointer(y.base)
          var epilogue = hfgd_epilogue(
            bias: isLast ? bias.baseAddress.map { $0 + first } : nil,
            residual: isFirst && !isInPlace ? residual.map { $0 + place } : nil,
            low: isLast ? low : -.infinity, high: isLast ? high : .infinity)
          let isPlain = !isLast && epilogue.residual == nil
          withUnsafePointer(to: &epilogue) { epilogue in
            multiply?(
              rows, step.pixels.count,
              product.panels(block: step.depths.lowerBound, column: columns.lowerBound),
              precision.slots(step.depths.count), columns.count, y.base + place,
              geometry.outputs, isInPlace || !isFirst ? 1 : 0, isPlain ? nil : epilogue, &next)
          }
          if isLast && activation == .gelu {
            for p in 0..<step.pixels.count {
              let row = y.base + place + p * geometry.outputs
              kernels.leaves.gelu(row, columns.count, row)
            }
          }
        }
      }
    }
  }

  /// A block of depth under a block of pixels.
  private struct Step {
    let pixels, depths: Range<Int>
    let isFirst, isLast: Bool
  }

  /// The blocks of depth under a block of pixels, without those whose taps all fall outside x: at large dilations on small
  /// grids that is most of them.
  private func steps(
    under pixels: Range<Int>, of output: Shape, _ x: Shape, _ precision: Precision
  ) -> [Step] {
    let g = geometry
    let channels = g.inputs / g.groups
    let (top, bottom) = (pixels.lowerBound / output.w, (pixels.upperBound - 1) / output.w)
    let isInOneImage = top / output.h == bottom / output.h
    let rows = isInOneImage ? (top % output.h, bottom % output.h) : (0, output.h - 1)
    func reaches(_ first: Int, _ last: Int, _ offset: Int, _ extent: Int) -> Bool {
      first * g.stride + offset < extent && last * g.stride + offset >= 0
    }
    func reaches(_ depths: Range<Int>) -> Bool {
      (depths.lowerBound / channels...(depths.upperBound - 1) / channels).contains { tap in
        let (u, v) = tap.quotientAndRemainder(dividingBy: g.kernelWidth)
        return reaches(rows.0, rows.1, u * g.dilation - g.paddingHeight, x.h)
          && reaches(0, output.w - 1, v * g.dilation - g.paddingWidth, x.w)
      }
    }
    let all = stride(from: 0, to: g.productsPerOutput, by: precision.depth).map {
      $0..<min($0 + precision.depth, g.productsPerOutput)
    }
    let reached = all.filter(reaches)
    // Without any, the zeros of one are the sum.
    let taken = reached.isEmpty ? [all[0]] : reached
    return taken.indices.map {
      Step(pixels: pixels, depths: taken[$0], isFirst: $0 == 0, isLast: $0 == taken.count - 1)
    }
  }

  /// Writes products `depth` of the patch under each output pixel, zeros outside x, ``Kernels/row`` floats apart.
  private func gather(
    _ depth: Range<Int>, group: Int, under pixels: Range<Int>, of output: Shape, _ x: TensorView,
    _ sources: UnsafeMutablePointer<UnsafePointer<Float>?>, _ precision: Precision,
    into rows: UnsafeMutablePointer<Float>
  ) {
    let g = geometry
    let channels = g.inputs / g.groups
    // The taps of a kernel's row lie side by side in memory: under most pixels they are one run.
    let isRun = g.groups == 1 && g.dilation == 1 && g.kernelWidth > 1
    var k = depth.lowerBound
    while k < depth.upperBound {
      let (tap, channel) = k.quotientAndRemainder(dividingBy: channels)
      let (u, v) = tap.quotientAndRemainder(dividingBy: g.kernelWidth)
      let taps = isRun ? g.kernelWidth - v : 1
      let length = min(taps * channels - channel, depth.upperBound - k)
      locate(
        u: u, v: v, span: taps, channel: group * channels + channel, under: pixels, of: output, x,
        sources)
      let place = k - depth.lowerBound
      switch precision {
      case .float32:
        kernels.leaves.gather(sources, pixels.count, length, rows + place)
        if taps > 1 {
          forEachAtBorder(u, v, channel, length, under: pixels, of: output, x) {
            rows[$0 * Kernels.row + place + $1] = $2
          }
        }
      case .bfloat16:
        let room = pixels.count * Kernels.row
        rows.withMemoryRebound(to: UInt16.self, capacity: 2 * room) { halves in
          kernels.leaves.gather_half(sources, pixels.count, length, halves + place)
          if taps > 1 {
            forEachAtBorder(u, v, channel, length, under: pixels, of: output, x) {
              halves[2 * $0 * Kernels.row + place + $1] = HalfPrecision.bf16($2)
            }
          }
          // An odd depth is filled up to a pair.
          if k + length == depth.upperBound && depth.count % 2 == 1 {
            for p in 0..<pixels.count { halves[2 * p * Kernels.row + depth.count] = 0 }
          }
        }
      }
      k += length
    }
  }

  /// Notes where `channel` of tap (u, v) lies under each pixel, `nil` where one of `span` taps falls outside x.
  private func locate(
    u: Int, v: Int, span: Int, channel: Int, under pixels: Range<Int>, of output: Shape,
    _ x: TensorView, _ sources: UnsafeMutablePointer<UnsafePointer<Float>?>
  ) {
    let g = geometry
    forEachPixel(pixels, of: output) { p, n, i, j in
      let row = i * g.stride + u * g.dilation - g.paddingHeight
      let column = j * g.stride + v * g.dilation - g.paddingWidth
      let isInside = row >= 0 && row < x.shape.h && column >= 0 && column + span <= x.shape.w
      sources[p] =
        isInside
        ? x.base + ((n * x.shape.h + row) * x.shape.w + column) * x.shape.c + channel : nil
    }
  }

  /// Calls `body(p, k, value)` for pixels whose run of taps hangs over the left or right border, with what lies inside.
  @inline(__always)
  private func forEachAtBorder(
    _ u: Int, _ v: Int, _ channel: Int, _ length: Int, under pixels: Range<Int>, of output: Shape,
    _ x: TensorView, _ body: (_ p: Int, _ k: Int, _ value: Float) -> Void
  ) {
    let g = geometry
    forEachPixel(pixels, of: output) { p, n, i, j in
      let row = i * g.stride + u - g.paddingHeight
      let left = j * g.stride + v - g.paddingWidth
      guard row >= 0, row < x.shape.h, left < 0 || left + g.kernelWidth - v > x.shape.w else {
        return
      }
      let line = x.base + (n * x.shape.h + row) * x.shape.w * x.shape.c
      for k in 0..<length {
        let (tap, c) = (channel + k).quotientAndRemainder(dividingBy: g.inputs)
        let column = left + tap
        if column >= 0 && column < x.shape.w { body(p, k, line[column * x.shape.c + c]) }
      }
    }
  }

  /// Calls `body(p, n, i, j)` for the p-th of `pixels`, which lies in image n, row i, column j.
  @inline(__always)
  private func forEachPixel(
    _ pixels: Range<Int>, of output: Shape, _ body: (Int, Int, Int, Int) -> Void
  ) {
    var (line, j) = pixels.lowerBound.quotientAndRemainder(dividingBy: output.w)
    var (n, i) = line.quotientAndRemainder(dividingBy: output.h)
    for p in 0..<pixels.count {
      body(p, n, i, j)
      j += 1
      if j == output.w {
        (j, line) = (0, line + 1)
        (n, i) = line.quotientAndRemainder(dividingBy: output.h)
      }
    }
  }
}
