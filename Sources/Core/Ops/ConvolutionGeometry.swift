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
