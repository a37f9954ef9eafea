import CKernels

/// The numbers that tell one deformable convolution from another; the stride is 1 and the grid stays.
struct DeformableGeometry: Sendable, Hashable {
  /// Channels that come in and go out.
  let inputs, outputs: Int
  /// Side of the kernel in pixels, odd.
  let kernel: Int
  /// Channels are cut into this many groups, each of which is displaced in its own way.
  let groups: Int

  init(_ inputs: Int, _ outputs: Int, kernel: Int = 3, groups: Int = 1) {
    precondition(
      kernel % 2 == 1 && groups > 0 && inputs % groups == 0,
      "a deformable convolution of \(inputs) channels in \(groups) groups with a kernel of \(kernel)"
    )
    self.inputs = inputs
    self.outputs = outputs
    self.kernel = kernel
    self.groups = groups
  }

  /// Taps of the kernel.
  var taps: Int { kernel * kernel }
  /// Channels of a group.
  var groupInputs: Int { inputs / groups }
  /// Channels of the map of offsets: two numbers for each tap of each group, then one logit each.
  var offsets: Int { 3 * taps * groups }
  /// The same kernel where nothing is displaced.
  var undeformed: ConvolutionGeometry { ConvolutionGeometry(inputs, outputs, kernel: kernel) }
}

/// A convolution whose taps look where the network tells them to.
///
///     y[p, o] = f( b[o] + Σ_{t, k} w[t, k, o] · σ(m_t(p)) · x̂[p + t + Δ_t(p), k] )
///
/// Zhu, Hu, Lin and Dai, "Deformable ConvNets v2" (arXiv:1811.11168), equation 1. x̂ is x between its pixels, bilinear, with zeros
/// around it; Δ and the logits m differ between pixels p, taps t and groups of channels k. Inputs: x `[n, h, w, inputs]` and the
/// map of offsets `[n, h, w, 3·taps·groups]`: Δ as (down, right) in pixels, tap by tap within group by group, then all m.
/// That is torchvision's `deform_conv2d` of the first two thirds and the logistic function of the last.
///
/// Samples are written where a product reads its rows, so that no matrix of patches is ever made.
/// `deformableConvolutionReference` is the specification.
struct DeformableConvolution: Operation {
  let geometry: DeformableGeometry
  /// One value per output channel.
  private let bias: [Float]
  private let activation: Activation
  private let product: PackedProduct?
  let kernels: Kernels

  /// A convolution from weights in `[kernel, kernel, inputs, outputs]` order; without weights it is of use for its sizes alone.
  init(
    _ geometry: DeformableGeometry, weights: [Float], bias: [Float],
    activation: Activation = .identity, kernels: Kernels = .current
  ) {
    precondition(
      weights.isEmpty || weights.count == geometry.taps * geometry.inputs * geometry.outputs,
      "\(weights.count) weights for \(geometry)")
    precondition(activation != .gelu, "a deformable convolution does not apply GELU")
    self.geometry = geometry
    self.bias = bias
    self.activation = activation
    self.kernels = kernels
    product = weights.withUnsafeBufferPointer { weights in
      weights.baseAddress.flatMap {
        weights.isEmpty ? nil : Self.packed(geometry, $0, kernels, Threads(1), nil)
      }
    }
  }

  /// A convolution from a kernel in memory: `threads` pack it in `scratch`, ``packedCount(_:for:)`` floats that it reads as long
  /// as it is used.
  init(
    _ geometry: DeformableGeometry, kernel: UnsafePointer<Float>, bias: [Float], kernels: Kernels,
    threads: Threads, in scratch: UnsafeMutablePointer<Float>
  ) {
    self.geometry = geometry
    self.bias = bias
    self.kernels = kernels
    activation = .identity
    product = Self.packed(geometry, kernel, kernels, threads, scratch)
  }

  private static func packed(
    _ geometry: DeformableGeometry, _ kernel: UnsafePointer<Float>, _ kernels: Kernels,
    _ threads: Threads, _ scratch: UnsafeMutablePointer<Float>?
  ) -> PackedProduct {
    PackedProduct(
      kernel, depth: geometry.taps * geometry.inputs, columns: geometry.outputs,
      stride: geometry.outputs, for: kernels, threads: threads, in: scratch)
  }

  /// Floats that a kernel takes when it is packed.
  static func packedCount(_ geometry: DeformableGeometry, for kernels: Kernels) -> Int {
    PackedProduct.count(
      depth: geometry.taps * geometry.inputs, columns: geometry.outputs, for: kernels)
  }

  /// For example "3×3 deformable convolution 256 → 256".
  var summary: String {
    let g = geometry
    return "\(g.kernel)×\(g.kernel) deformable convolution \(g.inputs) → \(g.outputs)"
      + (g.groups > 1 ? ", \(g.groups) groups" : "")
  }

  func outputShape(for inputs: [Shape]) -> Shape {
    let x = inputs[0]
    precondition(x.c == geometry.inputs, "\(summary) does not take \(x)")
    precondition(
      inputs[1] == x.channels(geometry.offsets), "\(summary) of \(x) has no offsets \(inputs[1])")
    return x.channels(geometry.outputs)
  }

  /// Those of the same convolution where nothing is displaced; the samples count as nothing.
  func multiplyAdds(for inputs: [Shape]) -> Int {
    inputs[0].pixels * geometry.taps * geometry.inputs * geometry.outputs
  }

  private var rowRoom: Int {
    (Convolution.productBlock.pixels + kernels.rows) * Kernels.row
  }

  /// Room for the sampled rows of one block per thread.
  func scratchCount(for inputs: [Shape], threads: Threads) -> Int { threads.count * rowRoom }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    guard let product else { preconditionFailure("\(summary) has no weights") }
    let sampling = DeformableSampling(geometry, inputs[0], offsets: inputs[1], kernels)
    let blocks = EvenBlocks(
      output.shape.h * output.shape.w, of: kernels.rows, upTo: Convolution.productBlock.pixels)
    threads.forEach(output.shape.n * blocks.count) { task, worker in
      let (image, block) = task.quotientAndRemainder(dividingBy: blocks.count)
      multiply(
        product, sampling, image: image, pixels: blocks[block], rows: scratch + worker * rowRoom,
        into: output)
    }
  }

  /// Some pixels of the output: samples of a block of depth, one product, and the next.
  private func multiply(
    _ product: PackedProduct, _ sampling: DeformableSampling, image: Int, pixels: Range<Int>,
    rows: UnsafeMutablePointer<Float>, into y: MutableTensorView
  ) {
    let depth = geometry.taps * geometry.inputs
    let (low, high) = activation.bounds
    let target = y.base + (image * y.shape.h * y.shape.w + pixels.lowerBound) * y.shape.c
    withUnsafeTemporaryAllocation(of: hfgd_sampled.self, capacity: pixels.count) { places in
      guard let places = places.baseAddress else { return }
      var located: (tap: Int, group: Int)?
      bias.withUnsafeBufferPointer { bias in
        for start in stride(from: 0, to: depth, by: Kernels.depth) {
          let end = min(start + Kernels.depth, depth)
          var k = start
          while k < end {
            let (tap, channel) = k.quotientAndRemainder(dividingBy: geometry.inputs)
            let group = channel / geometry.groupInputs
            let channels = channel..<min((group + 1) * geometry.groupInputs, channel + end - k)
            if located.map({ $0 == (tap, group) }) != true {
              sampling.locate(tap: tap, group: group, image: image, pixels: pixels, places)
              located = (tap, group)
            }
            sampling.sample(
              places, pixels.count, image: image, channels: channels, into: rows + (k - start))
            k += channels.count
          }
          let isLast = end == depth
          var next = hfgd_next()
          next.panel = isLast ? nil : product.panels(block: end, column: 0)
          var epilogue = hfgd_epilogue(
            bias: bias.baseAddress, residual: nil, low: low, high: high)
          withUnsafePointer(to: &epilogue) { epilogue in
            kernels.leaves.product(
              rows, pixels.count, product.panels(block: start, column: 0), end - start,
              geometry.outputs, target, geometry.outputs, start > 0 ? 1 : 0,
              isLast ? epilogue : nil, &next)
          }
        }
      }
    }
  }
}

/// Where the taps of a deformable convolution look in a batch of maps, and what they see there.
struct DeformableSampling {
  private let geometry: DeformableGeometry
  private let x, offsets: TensorView
  private let kernels: Kernels

  init(
    _ geometry: DeformableGeometry, _ x: TensorView, offsets: TensorView, _ kernels: Kernels
  ) {
    self.geometry = geometry
    self.x = x
    self.offsets = offsets
    self.kernels = kernels
  }

  /// Among a pixel's offsets, the first of a tap's two numbers and its logit.
  static func channels(_ g: DeformableGeometry, tap: Int, group: Int) -> (offset: Int, logit: Int) {
    let index = group * g.taps + tap
    return (2 * index, 2 * g.taps * g.groups + index)
  }

  /// Notes where a tap of a group looks from `pixels` of an image.
  func locate(
    tap: Int, group: Int, image: Int, pixels: Range<Int>,
    _ places: UnsafeMutablePointer<hfgd_sampled>
  ) {
    let (u, v) = tap.quotientAndRemainder(dividingBy: geometry.kernel)
    let (h, w) = (x.shape.h, x.shape.w)
    let channels = DeformableSampling.channels(geometry, tap: tap, group: group)
    var deformation = hfgd_deformation(
      height: h, width: w, stride: offsets.shape.c, offset: channels.offset, logit: channels.logit)
    var pixel = pixels.lowerBound
    while pixel < pixels.upperBound {
      let (i, j) = pixel.quotientAndRemainder(dividingBy: w)
      let count = min(w - j, pixels.upperBound - pixel)
      kernels.leaves.locate_samples(
        &deformation, offsets.base + (image * h * w + pixel) * offsets.shape.c, count,
        i + u - geometry.kernel / 2, j + v - geometry.kernel / 2,
        places + (pixel - pixels.lowerBound))
      pixel += count
    }
  }

  /// The first of an image's `channels`, from which places count.
  func base(image: Int, channel: Int) -> UnsafePointer<Float> {
    x.base + image * x.shape.h * x.shape.w * x.shape.c + channel
  }

  /// Writes up to ``Kernels/depth`` channels of what lies at `places` to rows ``Kernels/row`` apart.
  func sample(
    _ places: UnsafePointer<hfgd_sampled>, _ count: Int, image: Int, channels: Range<Int>,
    into rows: UnsafeMutablePointer<Float>
  ) {
    kernels.leaves.sample(
      base(image: image, channel: channels.lowerBound), x.shape.c, places, count, channels.count,
      rows)
  }
}
