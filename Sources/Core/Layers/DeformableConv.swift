/// A deformable convolution and the convolution that makes its offsets.
///
///     y = f( w ∗ x displaced by (offset ∗ guide) + b )
struct DeformableConv: Sendable {
  private let name: String
  private let form: Form
  private let offset: Conv

  private enum Form: Sendable {
    case fixed(Deferred<DeformableConvolution>)
    case trained(TrainedForm)
  }

  private struct TrainedForm: Sendable {
    let convolution: KernelDeformableConvolution
    let activation: Activation
    let kernel, bias: ParameterLayout.Entry
  }

  /// The convolution at `weights`, which reads `weight`, `bias` and, for the offsets, `offset.{weight,bias}`.
  init(_ weights: Weights, _ geometry: DeformableGeometry, _ activation: Activation = .identity) {
    precondition(
      activation == .identity || activation == .relu,
      "\(weights.path): a deformable convolution does not apply \(activation)")
    name = weights.path
    form =
      weights.isTraining
      ? .trained(
        TrainedForm(
          convolution: KernelDeformableConvolution(geometry), activation: activation,
          kernel: weights.parameter("weight"), bias: weights.parameter("bias")))
      : .fixed(
        weights.layer {
          weights.withTensor("weight", geometry.undeformed.kernelShape, .kernel) { kernel in
            let bias = weights.tensor("bias", [geometry.outputs], .bias)
            let isComplete = !kernel.isEmpty && !bias.isEmpty
            return DeformableConvolution(
              geometry,
              weights: isComplete ? geometry.undeformed.channelsLast(kernel, scale: nil) : [],
              bias: bias, activation: activation)
          }
        })
    offset = Conv(
      weights["offset"],
      ConvolutionGeometry(geometry.inputs, geometry.offsets, kernel: geometry.kernel))
  }

  /// The result for x, displaced by what is made of `guide`.
  func callAsFunction(_ x: Value, guidedBy guide: Value) -> Value {
    let offsets = offset(guide)
    switch form {
    case .fixed(let convolution):
      return x.applying(convolution.value, to: offsets, named: name)
    case .trained(let form):
      let y = x.applying(
        form.convolution, to: offsets, form.kernel.value(in: x.trace),
        form.bias.value(in: x.trace), named: name)
      return form.activation == .relu ? y.applying(ReLU(), named: name + " activation") : y
    }
  }
}
