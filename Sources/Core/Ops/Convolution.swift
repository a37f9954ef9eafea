/// 2-D convolution (cross-correlation, as everywhere in the field) with bias, an optional sum, and activation.
///
///     y[n, i, j, o] = f( b[o] + r[n, i, j, o] + Σ_{u, v, k} w[u, v, k, o] · x[n, i·s + u·d − p, j·s + v·d − p, k] )
///
/// Inputs: x `[n, h, w, inputs]` and perhaps a residual r of the output's shape. Values outside x are 0.
/// ``Form`` says how the sums are made; `convolutionReference` is the specification of all forms.
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
    switch form.taken(by: geometry, over: output) {
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
    where form.taken(by: geometry, over: output.shape) == .products:
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
