/// The numbers that tell one convolution from another.
public struct ConvolutionGeometry: Sendable, Hashable {
  /// Channels that come in and go out.
  public let inputs, outputs: Int
  /// Kernel extents in pixels.
  public let kernelHeight, kernelWidth: Int
  /// Distance between neighbouring outputs, in input pixels.
  public let stride: Int
  /// Distance between neighbouring taps, in input pixels.
  public let dilation: Int
  /// Channels are cut into this many groups that do not see each other; `inputs` groups make it depthwise.
  public let groups: Int
  /// Zeros around the input: by default `dilation · (kernel − 1) / 2`, which keeps the size at stride 1 and is
  /// TensorFlow's SAME on the odd sizes that our models work with.
  public let paddingHeight, paddingWidth: Int
  /// Whether a last kernel that hangs over the right or bottom edge, where zeros lie, makes an output.
  public let isCeiling: Bool

  /// The geometry of a square kernel with "same" padding.
  public init(
    _ inputs: Int, _ outputs: Int, kernel: Int = 1, stride: Int = 1, dilation: Int = 1,
    groups: Int = 1
  ) {
    let padding = dilation * (kernel - 1) / 2
    self.init(
      inputs, outputs, kernel: (kernel, kernel), stride: stride, dilation: dilation, groups: groups,
      padding: (padding, padding))
  }

  /// The geometry of any kernel and padding, each given as (height, width).
  public init(
    _ inputs: Int, _ outputs: Int, kernel: (Int, Int), stride: Int = 1, dilation: Int = 1,
    groups: Int = 1, padding: (Int, Int), isCeiling: Bool = false
  ) {
    precondition(
      groups > 0 && inputs % groups == 0 && outputs % groups == 0,
      "\(inputs) → \(outputs) channels cannot be cut into \(groups) groups")
    precondition(
      stride > 0 && dilation > 0 && kernel.0 > 0 && kernel.1 > 0,
      "stride \(stride), dilation \(dilation) and kernel \(kernel) must be positive")
    self.inputs = inputs
    self.outputs = outputs
    (kernelHeight, kernelWidth) = kernel
    self.stride = stride
    self.dilation = dilation
    self.groups = groups
    (paddingHeight, paddingWidth) = padding
    self.isCeiling = isCeiling
  }

  /// The geometry of patches of `size` × `size` pixels that do not overlap.
  ///
  /// A picture that is no multiple of them is filled up with zeros at the right and the bottom, or cropped.
  init(_ inputs: Int, _ outputs: Int, patch size: Int, _ edge: PatchEdge) {
    self.init(
      inputs, outputs, kernel: (size, size), stride: size, padding: (0, 0),
      isCeiling: edge == .padded)
  }

  /// Products that make one output value: kernel area times the channels of a group.
  var productsPerOutput: Int { kernelHeight * kernelWidth * (inputs / groups) }

  /// Whether each output sees one input pixel.
  var isOneByOne: Bool { kernelHeight == 1 && kernelWidth == 1 }

  /// Whether every channel is filtered by itself.
  var isDepthwise: Bool { groups == inputs && outputs == inputs && groups > 1 }

  /// The output's extent: ⌊(size + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1, or ⌈…⌉ + 1.
  func outputExtent(_ size: Int, kernel: Int, padding: Int) -> Int {
    let span = size + 2 * padding - dilation * (kernel - 1) - 1
    return (isCeiling ? span + stride - 1 : span) / stride + 1
  }
}

/// What becomes of the last rows and columns of a picture or map that is no multiple of its patches.
public enum PatchEdge: Sendable, Hashable {
  /// Zeros fill up the last patches: grids are rounded up.
  case padded
  /// They are left out: grids are rounded down, as by PyTorch's convolutions.
  case cropped
}

/// 2-D convolution (cross-correlation, as everywhere in the field) with bias, an optional sum, and activation.
///
///     y[n, i, j, o] = f( b[o] + r[n, i, j, o] + Σ_{u, v, k} w[u, v, k, o] · x[n, i·s + u·d − p, j·s + v·d − p, k] )
///
/// Inputs: x `[n, h, w, inputs]` and perhaps a residual r of the output's shape. Values outside x are 0.
/// 1×1 kernels are one matrix product, depthwise ones a vector loop, all others matrix products over gathered patches;
/// `convolutionReference` is the specification of all three.
public struct Convolution: Operation {
  /// Kernel, stride, dilation, groups, padding.
  public let geometry: ConvolutionGeometry
  /// Weights as `[kernelHeight, kernelWidth, inputs / groups, outputs]`; empty where only sizes are of interest, and where
  /// the packed ones are enough.
  public let weights: [Float]
  /// One value per output channel.
  public let bias: [Float]
  /// Applied last.
  public private(set) var activation: Activation
  let kernels: Kernels
  private let form: Form
  private let packed: Packed

  /// The weights in the order that the form needs.
  private enum Packed: Sendable {
    /// There are no weights.
    case none
    case depthwise([Float])
    /// For each group.
    case products([PackedProduct])
    case winograd(WinogradKernel)
    case byGrid(WinogradKernel, PackedProduct)
  }

  /// A convolution from its folded weights in `[kernelHeight, kernelWidth, inputs / groups, outputs]` order.
  public init(
    _ geometry: ConvolutionGeometry, weights: [Float], bias: [Float],
    activation: Activation = .identity, precision: Precision = .float32,
    keepingWeights: Bool = true
  ) {
    self.init(
      geometry, weights: weights, bias: bias, activation: activation, precision: precision,
      keepingWeights: keepingWeights, kernels: .current, form: Self.form(geometry))
  }

  /// The same with the leaves of `kernels`, in a `form`; depthwise ones have but one.
  init(
    _ geometry: ConvolutionGeometry, weights: [Float], bias: [Float],
    activation: Activation = .identity, precision: Precision = .float32,
    keepingWeights: Bool = true, kernels: Kernels, form: Form
  ) {
    let expected = geometry.productsPerOutput * geometry.outputs
    precondition(
      weights.isEmpty || weights.count == expected,
      "\(weights.count) weights where the geometry has \(expected)")
    precondition(
      weights.isEmpty || bias.count == geometry.outputs,
      "\(bias.count) biases for \(geometry.outputs) channels")
    self.geometry = geometry
    self.weights = keepingWeights ? weights : []
    self.bias = bias
    self.activation = activation
    self.kernels = kernels
    let form = geometry.isDepthwise ? .depthwise : form
    self.form = form
    packed = weights.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress, !buffer.isEmpty else { return .none }
      return Self.packed(
        geometry, base, form, precision: precision, kernels, Threads(1), nil)
    }
  }

  /// Floats that a kernel takes when it is packed for a form.
  static func packedCount(_ geometry: ConvolutionGeometry, _ form: Form, for kernels: Kernels)
    -> Int
  {
    switch form {
    case .depthwise: return 0
    case .products:
      let columns = geometry.outputs / geometry.groups
      return geometry.groups
        * PackedProduct.count(depth: geometry.productsPerOutput, columns: columns, for: kernels)
    case .winograd(let tile):
      return WinogradKernel.count(
        inputs: geometry.inputs, outputs: geometry.outputs, tile: tile, for: kernels)
    case .byGrid(let tile):
      return packedCount(geometry, .winograd(tile), for: kernels)
        + packedCount(geometry, .products, for: kernels)
    }
  }

  /// A convolution from a kernel in memory, without activation: `threads` pack it in `scratch`, which has
  /// ``packedCount(_:_:for:)`` floats that the convolution reads as long as it is used.
  init(
    _ geometry: ConvolutionGeometry, kernel: UnsafePointer<Float>, bias: [Float], form: Form,
    kernels: Kernels, threads: Threads, in scratch: UnsafeMutablePointer<Float>
  ) {
    self.init(
      geometry, bias: bias, form, kernels,
      Self.packed(geometry, kernel, form, precision: .float32, kernels, threads, scratch))
  }

  /// The same of a 1×1 kernel that is stored transposed: `[outputs, inputs]`.
  init(
    _ geometry: ConvolutionGeometry, transposed kernel: UnsafePointer<Float>, bias: [Float],
    kernels: Kernels, threads: Threads, in scratch: UnsafeMutablePointer<Float>
  ) {
    precondition(
      geometry.isOneByOne && geometry.groups == 1, "only 1×1 kernels are read transposed")
    self.init(
      geometry, bias: bias, .products, kernels,
      .products([
        PackedProduct(
          transposed: kernel, depth: geometry.inputs, columns: geometry.outputs, for: kernels,
          threads: threads, in: scratch)
      ]))
  }

  /// A convolution without weights: sizes are all that may be asked of it.
  init(_ geometry: ConvolutionGeometry, form: Form, shapesOnlyFor kernels: Kernels) {
    self.init(geometry, bias: [], form, kernels, .none)
  }

  private init(
    _ geometry: ConvolutionGeometry, bias: [Float], _ form: Form, _ kernels: Kernels,
    _ packed: Packed
  ) {
    self.geometry = geometry
    self.bias = bias
    self.kernels = kernels
    self.form = form
    self.packed = packed
    weights = []
    activation = .identity
  }

  private static func packed(
    _ geometry: ConvolutionGeometry, _ weights: UnsafePointer<Float>, _ form: Form,
    precision: Precision, _ kernels: Kernels, _ threads: Threads,
    _ scratch: UnsafeMutablePointer<Float>?
  ) -> Packed {
    func winograd(_ tile: WinogradKernel.Tile) -> WinogradKernel {
      WinogradKernel(
        weights, inputs: geometry.inputs, outputs: geometry.outputs, tile: tile, for: kernels,
        threads: threads, in: scratch)
    }
    func products(in scratch: UnsafeMutablePointer<Float>?) -> [PackedProduct] {
      let (depth, columns) = (geometry.productsPerOutput, geometry.outputs / geometry.groups)
      let count = PackedProduct.count(
        depth: depth, columns: columns, precision: precision, for: kernels)
      return (0..<geometry.groups).map { group in
        PackedProduct(
          weights + group * columns, depth: depth, columns: columns, stride: geometry.outputs,
          precision: precision, for: kernels, threads: threads,
          in: scratch.map { $0 + group * count })
      }
    }
    switch form {
    case .depthwise:
      let count = geometry.productsPerOutput * geometry.outputs
      return .depthwise(Array(UnsafeBufferPointer(start: weights, count: count)))
    case .products: return .products(products(in: scratch))
    case .winograd(let tile): return .winograd(winograd(tile))
    case .byGrid(let tile):
      let room = packedCount(geometry, .winograd(tile), for: kernels)
      return .byGrid(winograd(tile), products(in: scratch.map { $0 + room })[0])
    }
  }

  /// The same convolution with another activation.
  func activated(by activation: Activation) -> Convolution {
    var convolution = self
    convolution.activation = activation
    return convolution
  }

  /// For example "3×3 convolution 64 → 128, stride 2".
  public var summary: String {
    let g = geometry
    var text = "\(g.kernelHeight)×\(g.kernelWidth) "
    text +=
      g.isDepthwise ? "depthwise convolution \(g.inputs)" : "convolution \(g.inputs) → \(g.outputs)"
    if g.stride > 1 { text += ", stride \(g.stride)" }
    if g.dilation > 1 { text += ", dilation \(g.dilation)" }
    if g.groups > 1 && !g.isDepthwise { text += ", \(g.groups) groups" }
    return text
  }

  /// `[n, h', w', outputs]`; a second input must have that shape.
  public func outputShape(for inputs: [Shape]) -> Shape {
    let x = inputs[0]
    precondition(
      x.c == geometry.inputs, "convolution of \(geometry.inputs) channels does not take \(x)")
    let output = Shape(
      n: x.n,
      h: geometry.outputExtent(x.h, kernel: geometry.kernelHeight, padding: geometry.paddingHeight),
      w: geometry.outputExtent(x.w, kernel: geometry.kernelWidth, padding: geometry.paddingWidth),
      c: geometry.outputs)
    if inputs.count > 1 {
      precondition(inputs[1] == output, "cannot add \(inputs[1]) to a convolution's \(output)")
    }
    return output
  }

  /// Products per output value times output values.
  public func multiplyAdds(for inputs: [Shape]) -> Int {
    outputShape(for: inputs).count * geometry.productsPerOutput
  }

  /// The residual's memory becomes the output's: the products are added to it in place.
  public var overwritableInput: Int? { geometry.isDepthwise ? nil : 1 }

  /// Room for one block of gathered patches or of transformed tiles per thread.
  public func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    let output = outputShape(for: inputs)
    switch Self.form(form, geometry, over: output) {
    case .depthwise: return 0
    case .products: return productScratch(threads: threads)
    case .winograd(let tile), .byGrid(let tile):
      return winogradScratch(tile, for: output, threads: threads)
    }
  }

  /// Computes the output; see ``Operation/run(_:into:scratch:threads:)``.
  public func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let x = inputs[0]
    let residual = inputs.count > 1 ? inputs[1].base : nil
    switch packed {
    case .none: preconditionFailure("\(summary) has no weights: it was made for counting only")
    case .depthwise(let weights):
      runDepthwise(weights, x, residual, output, threads)
      applyGELU(to: output, threads)
    case .products(let products):
      runProducts(products, x, residual, output, scratch, threads)
    case .byGrid(_, let product)
    where Self.form(form, geometry, over: output.shape) == .products:
      runProducts([product], x, residual, output, scratch, threads)
    case .winograd(let kernel), .byGrid(let kernel, _):
      runWinograd(kernel, x, residual, output, scratch, threads)
      applyGELU(to: output, threads)
    }
  }

  /// Products apply it to what they have just written; here it comes last.
  private func applyGELU(to output: MutableTensorView, _ threads: Threads) {
    guard activation == .gelu else { return }
    GELU(kernels).apply(to: UnsafePointer(output.base), output.shape.count, output.base, threads)
  }
}
