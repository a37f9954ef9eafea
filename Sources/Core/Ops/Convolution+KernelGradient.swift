import CKernels

/// The gradient of a convolution's kernel.
///
///     ∂w[u, v, k, o] = Σ_{n, i, j} x[n, i·s + u·d − p, j·s + v·d − p, k] · ∂z[n, i, j, o]
///
/// For each tap a matrix product over all pixels, whose left side is transposed as it lies, or Winograd's form of that.
/// Inputs: x and ∂z; the result is `[1, taps, inputs / groups, outputs]`. The pixels are cut into parts whose number
/// depends on the shapes alone; each has its own sums, which are added in order.
struct ConvolutionKernelGradient: Operation {
  let geometry: ConvolutionGeometry
  var kernels = Kernels.current

  init(_ geometry: ConvolutionGeometry) { self.geometry = geometry }

  var summary: String {
    "kernel gradient of \(geometry.kernelHeight)×\(geometry.kernelWidth) convolution"
  }

  func outputShape(for inputs: [Shape]) -> Shape { KernelConvolution.kernelShape(geometry) }

  /// Those of the convolution itself.
  func multiplyAdds(for inputs: [Shape]) -> Int { inputs[1].count * geometry.productsPerOutput }

  /// Winograd's form, where it takes enough fewer products.
  private func winograd(_ dz: Shape) -> WinogradKernelGradient? {
    guard case .winograd(let tile) = Convolution.form(geometry, over: dz, upTo: .six) else {
      return nil
    }
    return WinogradKernelGradient(geometry, over: dz, tile: tile, kernels: kernels)
  }

  /// Pixels of ∂z that are packed at once.
  private static let depth = 256
  /// Rows of the kernel's matrix, taps × channels, that a task takes at least: packing ∂z must be worth it.
  private static let rowsPerTask = 256
  /// Tasks that are wanted, and pixels that make a part of its own.
  private static let (tasks, pixelsPerPart) = (16, 1024)

  private var taps: Int { geometry.kernelHeight * geometry.kernelWidth }
  private var columns: Int { geometry.outputs / geometry.groups }

  /// The taps that a task of a dense convolution takes.
  private var tapsPerTask: Int {
    min(taps, max(1, Self.rowsPerTask * geometry.groups / geometry.inputs))
  }

  /// The channels that a task takes of each tap.
  private var channelBlocks: EvenBlocks {
    EvenBlocks(geometry.inputs / geometry.groups, of: kernels.rows, upTo: Self.rowsPerTask)
  }

  private var rowTasks: Int {
    (taps + tapsPerTask - 1) / tapsPerTask * channelBlocks.count * geometry.groups
  }

  /// The parts that the output's rows are cut into.
  private func parts(_ dz: Shape) -> EvenBlocks {
    let lines = dz.n * dz.h
    let wanted = geometry.isDepthwise ? Self.tasks : (Self.tasks + rowTasks - 1) / rowTasks
    let count = max(1, min(wanted, dz.pixels / Self.pixelsPerPart, lines))
    return EvenBlocks(lines, of: 1, upTo: (lines + count - 1) / count)
  }

  private var packedCount: Int { Self.depth * kernels.padded(columns) }
  /// Room for the channels of a task under the pixels that are packed at once.
  private var rowRoom: Int { isCrowded ? Self.depth * Kernels.row : 0 }

  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    if let winograd = winograd(inputs[1]) { return winograd.scratchCount }
    let kernel = roundedToCacheLine(outputShape(for: inputs).count)
    return (parts(inputs[1]).count - 1) * kernel
      + (geometry.isDepthwise ? 0 : threads.count * (packedCount + rowRoom))
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (x, dz) = (inputs[0], inputs[1])
    if let winograd = winograd(dz.shape) {
      return winograd.run(x, dz, into: output, scratch, threads)
    }
    let parts = parts(dz.shape)
    let count = output.shape.count
    let room = roundedToCacheLine(count)
    let packed = scratch + (parts.count - 1) * room
    func sums(_ part: Int) -> UnsafeMutablePointer<Float> {
      part == 0 ? output.base : scratch + (part - 1) * room
    }
    if geometry.isDepthwise {
      threads.forEach(parts.count) { part, _ in
        sums(part).update(repeating: 0, count: count)
        addDepthwise(x, dz, lines: parts[part], to: sums(part))
      }
    } else {
      threads.forEach(parts.count * rowTasks) { task, worker in
        let (part, rows) = task.quotientAndRemainder(dividingBy: rowTasks)
        multiply(
          x, dz, lines: parts[part], rowTask: rows, into: sums(part),
          scratch: packed + worker * (packedCount + rowRoom))
      }
    }
    guard parts.count > 1 else { return }
    threads.forEach(count, by: 1 << 14) { values, _ in
      for part in 1..<parts.count {
        kernels.leaves.add_scaled(
          sums(part) + values.lowerBound, values.count, 1, output.base + values.lowerBound)
      }
    }
  }

  private func addDepthwise(
    _ x: TensorView, _ dz: TensorView, lines: Range<Int>, to sums: UnsafeMutablePointer<Float>
  ) {
    var depthwise = hfgd_depthwise(geometry, x.shape)
    for line in lines {
      let (n, i) = line.quotientAndRemainder(dividingBy: dz.shape.h)
      kernels.leaves.depthwise_weights_row(
        x.base + n * x.shape.h * x.shape.w * x.shape.c, &depthwise, i,
        dz.base + line * dz.shape.w * dz.shape.c, dz.shape.w, sums)
    }
  }

  /// Some taps and channels of the kernel's matrix from the pixels in `lines`.
  private func multiply(
    _ x: TensorView, _ dz: TensorView, lines: Range<Int>, rowTask: Int,
    into sums: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    let g = geometry
    let (gathered, packed) = (scratch, scratch + rowRoom)
    let blocks = channelBlocks
    let (rest, block) = rowTask.quotientAndRemainder(dividingBy: blocks.count)
    let (tapTask, group) = rest.quotientAndRemainder(dividingBy: g.groups)
    let channels = blocks[block]
    let someTaps = (tapTask * tapsPerTask)..<min(taps, (tapTask + 1) * tapsPerTask)
    let pixels = (lines.lowerBound * dz.shape.w)..<(lines.upperBound * dz.shape.w)
    withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: Self.depth) { rows in
      for first in stride(from: pixels.lowerBound, to: pixels.upperBound, by: Self.depth) {
        let count = min(Self.depth, pixels.upperBound - first)
        kernels.leaves.pack(
          dz.base + first * g.outputs + group * columns, g.outputs, count, columns, packed)
        for tap in someTaps {
          let channel = group * (g.inputs / g.groups) + channels.lowerBound
          locate(tap, channel: channel, under: first..<(first + count), of: dz.shape, x, rows)
          if isCrowded { gather(count, channels.count, rows, into: gathered) }
          let place = (tap * (g.inputs / g.groups) + channels.lowerBound) * g.outputs
          kernels.leaves.outer(
            rows.baseAddress, channels.count, packed, count, columns,
            sums + place + group * columns, g.outputs, first > pixels.lowerBound ? 1 : 0)
        }
      }
    }
  }

  /// Whether the same channels of neighbouring pixels lie where they drive each other out of the cache.
  private var isCrowded: Bool { geometry.inputs.isMultiple(of: 256) }

  /// Copies the channels under each pixel to where they do not.
  private func gather(
    _ count: Int, _ channels: Int,
    _ rows: UnsafeMutableBufferPointer<UnsafePointer<Float>?>,
    into gathered: UnsafeMutablePointer<Float>
  ) {
    kernels.leaves.gather(rows.baseAddress, count, channels, gathered)
    for p in 0..<count where rows[p] != nil {
      rows[p] = UnsafePointer(gathered + p * Kernels.row)
    }
  }

  /// Notes where `channel` of a tap lies under each pixel, `nil` outside x.
  private func locate(
    _ tap: Int, channel: Int, under pixels: Range<Int>, of output: Shape, _ x: TensorView,
    _ rows: UnsafeMutableBufferPointer<UnsafePointer<Float>?>
  ) {
    let g = geometry
    let (u, v) = tap.quotientAndRemainder(dividingBy: g.kernelWidth)
    var (line, j) = pixels.lowerBound.quotientAndRemainder(dividingBy: output.w)
    var (n, i) = line.quotientAndRemainder(dividingBy: output.h)
    for p in 0..<pixels.count {
      let row = i * g.stride + u * g.dilation - g.paddingHeight
      let column = j * g.stride + v * g.dilation - g.paddingWidth
      let isInside = row >= 0 && row < x.shape.h && column >= 0 && column < x.shape.w
      rows[p] =
        isInside
        ? x.base + ((n * x.shape.h + row) * x.shape.w + column) * x.shape.c + channel : nil
      j += 1
      if j == output.w {
        (j, line) = (0, line + 1)
        (n, i) = line.quotientAndRemainder(dividingBy: output.h)
      }
    }
  }
}
