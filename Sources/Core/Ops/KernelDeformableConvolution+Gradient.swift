import CKernels

/// The gradient of a deformable convolution's kernel.
///
///     ∂w[t, k, o] = Σ_p σ(m_t(p)) · x̂[p + t + Δ_t(p), k] · ∂y[p, o]
///
/// Inputs: ∂y, x and the map of offsets; the result is `[1, taps, inputs, outputs]`. The samples are taken again.
struct DeformableKernelGradient: Operation {
  private let geometry: DeformableGeometry
  private let kernels: Kernels

  init(_ geometry: DeformableGeometry, _ kernels: Kernels) {
    self.geometry = geometry
    self.kernels = kernels
  }

  var summary: String { "kernel gradient of deformable convolution" }

  func outputShape(for inputs: [Shape]) -> Shape {
    KernelConvolution.kernelShape(geometry.undeformed)
  }

  func multiplyAdds(for inputs: [Shape]) -> Int {
    inputs[0].pixels * geometry.taps * geometry.inputs * geometry.outputs
  }

  /// Pixels that are sampled at once, and channels of a task.
  private static let (pixels, slice) = (256, 128)

  private var packedCount: Int { Self.pixels * kernels.padded(geometry.outputs) }
  private var room: Int { packedCount + Self.pixels * Kernels.row }

  /// For each thread the packed gradients and the samples of some pixels.
  func scratchCount(for inputs: [Shape], threads: Threads) -> Int { threads.count * room }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (dy, g) = (inputs[0], geometry)
    let sampling = DeformableSampling(g, inputs[1], offsets: inputs[2], kernels)
    let slices = g.slices(upTo: Self.slice)
    let chunks = EvenBlocks(dy.shape.h * dy.shape.w, of: 1, upTo: Self.pixels)
    threads.forEach(g.taps * slices.count) { task, worker in
      let (tap, index) = task.quotientAndRemainder(dividingBy: slices.count)
      let (group, channels) = slices[index]
      let packed = scratch + worker * room
      let rows = packed + packedCount
      let target = output.base + (tap * g.inputs + channels.lowerBound) * g.outputs
      withUnsafeTemporaryAllocation(of: hfgd_sampled.self, capacity: Self.pixels) { places in
        guard let places = places.baseAddress else { return }
        for image in 0..<dy.shape.n {
          for pixels in chunks {
            let first = image * dy.shape.h * dy.shape.w + pixels.lowerBound
            kernels.leaves.pack(
              dy.base + first * g.outputs, g.outputs, pixels.count, g.outputs, packed)
            sampling.locate(tap: tap, group: group, image: image, pixels: pixels, places)
            sampling.sample(places, pixels.count, image: image, channels: channels, into: rows)
            kernels.multiplyTransposed(
              PixelVectors(base: UnsafePointer(rows), stride: Kernels.row), channels.count,
              depth: pixels.count, packed, columns: g.outputs,
              into: PixelVectors(base: target, stride: g.outputs), accumulates: first > 0)
          }
        }
      }
    }
  }
}

/// The gradients of a deformable convolution's map and of its offsets, side by side.
///
/// With the gradient of a sample, γ_t = w_t · ∂y, and the shares s_c of its four corners x_c:
///
///     ∂x_c += σ(m) · s_c · γ,   ∂Δ = σ(m) · Σ_c (∂s_c / ∂Δ) · ⟨γ, x_c⟩,   ∂m = σ(m) · (1 − σ(m)) · Σ_c s_c · ⟨γ, x_c⟩
///
/// Inputs: ∂y, x, the map of offsets and w; the result is `[n, h, w, inputs + offsets]`. Samples of all pixels may fall on the
/// same ones, so it is images and channels that threads share, not pixels; what slices of channels give to the offsets is
/// added in their order.
struct DeformableInputGradient: Operation {
  private let geometry: DeformableGeometry
  private let kernels: Kernels

  init(_ geometry: DeformableGeometry, _ kernels: Kernels) {
    self.geometry = geometry
    self.kernels = kernels
  }

  var summary: String { "input gradient of deformable convolution" }

  func outputShape(for inputs: [Shape]) -> Shape {
    inputs[1].channels(geometry.inputs + geometry.offsets)
  }

  func multiplyAdds(for inputs: [Shape]) -> Int {
    inputs[0].pixels * geometry.taps * geometry.inputs * geometry.outputs
  }

  /// Pixels of a product, and channels of a task.
  private static let (pixels, slice) = (112, 64)

  private var panelCount: Int { geometry.outputs * kernels.padded(Self.slice) }
  private var rowRoom: Int { (Self.pixels + kernels.rows) * Kernels.row }
  private var room: Int { geometry.taps * panelCount + 2 * rowRoom }

  /// What each slice gives to the offsets; for each thread the panels of a slice, rows of ∂y and gradients of samples.
  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    shareCount(inputs[1]) + threads.count * room
  }

  private func shareCount(_ x: Shape) -> Int {
    roundedToCacheLine(geometry.slices(upTo: Self.slice).count * x.pixels * 3 * geometry.taps)
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (x, g) = (inputs[1], geometry)
    let slices = g.slices(upTo: Self.slice)
    let shares = scratch
    let workspace = scratch + shareCount(x.shape)
    let shareSize = x.shape.pixels * 3 * g.taps
    threads.forEach(x.shape.n * slices.count) { task, worker in
      let (image, index) = task.quotientAndRemainder(dividingBy: slices.count)
      add(
        slices[index], of: image, inputs, into: output, shares: shares + index * shareSize,
        workspace + worker * room)
    }
    threads.forEach(x.shape.pixels, by: 256) { pixels, _ in
      for pixel in pixels {
        let target = output.base + pixel * output.shape.c + g.inputs
        target.update(repeating: 0, count: g.offsets)
        for (index, slice) in slices.enumerated() {
          let share = shares + index * shareSize + pixel * 3 * g.taps
          for tap in 0..<g.taps {
            let place = DeformableSampling.channels(g, tap: tap, group: slice.group)
            target[place.offset] += share[3 * tap]
            target[place.offset + 1] += share[3 * tap + 1]
            target[place.logit] += share[3 * tap + 2]
          }
        }
      }
    }
  }

  /// What the channels of a slice give: ∂x, and for each pixel and tap a share of the gradients of Δ and m.
  private func add(
    _ slice: (group: Int, channels: Range<Int>), of image: Int, _ inputs: [TensorView],
    into output: MutableTensorView, shares: UnsafeMutablePointer<Float>,
    _ workspace: UnsafeMutablePointer<Float>
  ) {
    let (dy, x, kernel, g) = (inputs[0], inputs[1], inputs[3], geometry)
    let sampling = DeformableSampling(g, x, offsets: inputs[2], kernels)
    let (first, count) = (slice.channels.lowerBound, slice.channels.count)
    let area = x.shape.h * x.shape.w
    let dx = output.base + image * area * output.shape.c + first
    for pixel in 0..<area { (dx + pixel * output.shape.c).update(repeating: 0, count: count) }
    for tap in 0..<g.taps {
      kernels.packTransposed(
        PixelVectors(base: kernel.base + (tap * g.inputs + first) * g.outputs, stride: g.outputs),
        depth: g.outputs, columns: count, into: workspace + tap * panelCount)
    }
    let rows = workspace + g.taps * panelCount
    let gradients = rows + rowRoom
    withUnsafeTemporaryAllocation(of: hfgd_sampled.self, capacity: Self.pixels) { places in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: 4 * Self.pixels) { products in
        guard let places = places.baseAddress, let products = products.baseAddress else { return }
        for pixels in EvenBlocks(area, of: kernels.rows, upTo: Self.pixels) {
          let start = image * area + pixels.lowerBound
          for tap in 0..<g.taps {
            kernels.multiply(
              PixelVectors(base: dy.base + start * g.outputs, stride: g.outputs), pixels.count,
              depth: g.outputs, workspace + tap * panelCount, columns: count, rows: rows,
              into: PixelVectors(base: gradients, stride: Kernels.row))
            sampling.locate(
              tap: tap, group: slice.group, image: image, pixels: pixels, places)
            kernels.leaves.sample_gradient(
              sampling.base(image: image, channel: first), x.shape.c, places, pixels.count, count,
              gradients, dx, output.shape.c, products)
            for p in 0..<pixels.count {
              places[p].writeGradient(
                of: products + 4 * p, to: shares + ((start + p) * g.taps + tap) * 3)
            }
          }
        }
      }
    }
  }
}

extension hfgd_sampled {
  /// The gradients of the place, down and right, and of the factor's logit, from ⟨γ, x_c⟩ of the corners.
  fileprivate func writeGradient(
    of corners: UnsafePointer<Float>, to gradient: UnsafeMutablePointer<Float>
  ) {
    let (topLeft, topRight) = (corners[0], corners[1])
    let (bottomLeft, bottomRight) = (corners[2], corners[3])
    let top = topLeft + across * (topRight - topLeft)
    let bottom = bottomLeft + across * (bottomRight - bottomLeft)
    gradient[0] = share * (bottom - top)
    gradient[1] =
      share * ((1 - down) * (topRight - topLeft) + down * (bottomRight - bottomLeft))
    gradient[2] = share * (1 - share) * (top + down * (bottom - top))
  }
}

extension DeformableGeometry {
  /// The channels of each group in slices.
  fileprivate func slices(upTo limit: Int) -> [(group: Int, channels: Range<Int>)] {
    (0..<groups).flatMap { group in
      EvenBlocks(groupInputs, of: 16, upTo: limit).map { channels in
        let first = group * groupInputs
        return (group, (first + channels.lowerBound)..<(first + channels.upperBound))
      }
    }
  }
}
