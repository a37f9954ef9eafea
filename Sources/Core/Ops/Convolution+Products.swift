import CKernels

/// A convolution's kernel as the right side of matrix products, cut into blocks of depth and panels of columns.
///
/// The rows of the matrix are taps × channels, in the order of `Convolution.weights`; its columns are the outputs.
/// A block of ``Kernels/depth`` rows follows the other; in it the panels of `panel` columns follow each other, each
/// row by row.
struct PackedProduct: Sendable {
  private let panels: PackedFloats
  private let depth, paddedColumns: Int

  /// The matrix `[depth, columns]` at `matrix`, whose rows lie `stride` apart.
  init(
    _ matrix: UnsafePointer<Float>, depth: Int, columns: Int, stride: Int, for kernels: Kernels
  ) {
    let panel = kernels.panel
    let paddedColumns = kernels.padded(columns)
    self.depth = depth
    self.paddedColumns = paddedColumns
    panels = PackedFloats(count: depth * paddedColumns) { packed in
      var target = packed
      for block in Swift.stride(from: 0, to: depth, by: Kernels.depth) {
        let rows = block..<min(block + Kernels.depth, depth)
        for column in Swift.stride(from: 0, to: columns, by: panel) {
          let width = min(panel, columns - column)
          for row in rows {
            target.update(from: matrix + row * stride + column, count: width)
            target += panel
          }
        }
      }
    }
  }

  /// The panels of the block that starts at row `block`, from `column` on, which must be a multiple of the panel.
  func panels(block: Int, column: Int) -> UnsafePointer<Float> {
    panels.base + block * paddedColumns + column * min(Kernels.depth, depth - block)
  }
}

extension Convolution {
  /// How the output is cut into tasks: about this many pixels by this many channels.
  ///
  /// A block of the left side (pixels × ``Kernels/row`` floats, 122 kB) and one of the right side (``Kernels/depth`` ×
  /// channels, 262 kB) then stay in the second-level cache together.
  static let productBlock = (pixels: 112, channels: 256)

  /// Room for the gathered rows of one block per thread.
  func productScratch(threads: Threads) -> Int {
    threads.count * (Self.productBlock.pixels + kernels.rows) * Kernels.row
  }

  /// Any kernel: the patches under a block of output pixels are gathered a depth at a time and multiplied.
  func runProducts(
    _ products: [PackedProduct], _ x: TensorView, _ residual: UnsafePointer<Float>?,
    _ y: MutableTensorView, _ scratch: UnsafeMutablePointer<Float>, _ threads: Threads
  ) {
    let columns = geometry.outputs / geometry.groups
    let rowBlocks = evenBlocks(y.shape.pixels, of: kernels.rows, upTo: Self.productBlock.pixels)
    let columnBlocks = evenBlocks(columns, of: kernels.panel, upTo: Self.productBlock.channels)
    let room = (Self.productBlock.pixels + kernels.rows) * Kernels.row
    threads.forEach(rowBlocks.count * columnBlocks.count * geometry.groups) { task, worker in
      let (block, part) = task.quotientAndRemainder(
        dividingBy: columnBlocks.count * geometry.groups)
      let (group, columnBlock) = part.quotientAndRemainder(dividingBy: columnBlocks.count)
      multiply(
        products[group], group: group, pixels: rowBlocks[block],
        columns: columnBlocks[columnBlock], x, residual, y, rows: scratch + worker * room)
    }
  }

  /// One block of the output: `pixels` by `columns` of a group.
  private func multiply(
    _ product: PackedProduct, group: Int, pixels: Range<Int>, columns: Range<Int>, _ x: TensorView,
    _ residual: UnsafePointer<Float>?, _ y: MutableTensorView, rows: UnsafeMutablePointer<Float>
  ) {
    let depth = geometry.productsPerOutput
    let first = group * (geometry.outputs / geometry.groups) + columns.lowerBound
    let start = pixels.lowerBound * geometry.outputs + first
    // A residual that already stands in the output is what the products are added to.
    let isInPlace = residual == UnsafePointer(y.base)
    let (low, high) = activation.bounds
    withExtendedLifetime(product) {
      bias.withUnsafeBufferPointer { bias in
        var epilogue = hfgd_epilogue(
          bias: bias.baseAddress.map { $0 + first },
          residual: isInPlace ? nil : residual.map { $0 + start }, low: low, high: high)
        for block in stride(from: 0, to: depth, by: Kernels.depth) {
          let length = min(Kernels.depth, depth - block)
          gather(block..<(block + length), group: group, under: pixels, of: y.shape, x, into: rows)
          let isLast = block + length == depth
          withUnsafePointer(to: &epilogue) { epilogue in
            kernels.leaves.product(
              rows, pixels.count, product.panels(block: block, column: columns.lowerBound), length,
              columns.count, y.base + start, geometry.outputs, block > 0 || isInPlace ? 1 : 0,
              isLast ? epilogue : nil,
              isLast ? nil : product.panels(block: block + length, column: columns.lowerBound))
          }
        }
      }
    }
  }

  /// Writes products `depth` of the patch under each output pixel, zeros outside x, ``Kernels/row`` floats apart.
  private func gather(
    _ depth: Range<Int>, group: Int, under pixels: Range<Int>, of output: Shape, _ x: TensorView,
    into rows: UnsafeMutablePointer<Float>
  ) {
    let g = geometry
    let channels = g.inputs / g.groups
    withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: pixels.count) {
      sources in
      guard let list = sources.baseAddress else { return }
      var k = depth.lowerBound
      while k < depth.upperBound {
        let (tap, channel) = k.quotientAndRemainder(dividingBy: channels)
        let length = min(channels - channel, depth.upperBound - k)
        let (u, v) = tap.quotientAndRemainder(dividingBy: g.kernelWidth)
        let base = x.base + group * channels + channel
        var (line, j) = pixels.lowerBound.quotientAndRemainder(dividingBy: output.w)
        var (n, i) = line.quotientAndRemainder(dividingBy: output.h)
        for p in 0..<pixels.count {
          let row = i * g.stride + u * g.dilation - g.paddingHeight
          let column = j * g.stride + v * g.dilation - g.paddingWidth
          let isInside = row >= 0 && row < x.shape.h && column >= 0 && column < x.shape.w
          list[p] =
            isInside ? base + ((n * x.shape.h + row) * x.shape.w + column) * x.shape.c : nil
          j += 1
          if j == output.w {
            (j, line) = (0, line + 1)
            (n, i) = line.quotientAndRemainder(dividingBy: output.h)
          }
        }
        kernels.leaves.gather(list, pixels.count, length, rows + (k - depth.lowerBound))
        k += length
      }
    }
  }
}

/// `0 ..< total` cut into ranges of at most `limit` and about equal length, multiples of `unit` but for the last.
func evenBlocks(_ total: Int, of unit: Int, upTo limit: Int) -> [Range<Int>] {
  let units = (total + unit - 1) / unit
  let unitsPerBlock = max(1, limit / unit)
  let count = max(1, (units + unitsPerBlock - 1) / unitsPerBlock)
  return (0..<count).map { block in
    (block * units / count * unit)..<min(total, (block + 1) * units / count * unit)
  }
}
