/// A 1×1 convolution of a resized map, computed before the resizing.
///
///     y = f( b + W · up(x) ) = f( up(b + W · x) )
///
/// The projection works on each pixel by itself and the weights of any resizing sum to 1, so the two may be
/// exchanged; on the coarser grid the projection costs a quarter where the resizing doubles both sides. The activation is
/// not linear and comes last. Input: x `[n, h, w, inputs]`.
public struct ResizedProjection: Operation {
  /// The 1×1 convolution, without activation.
  public let projection: Convolution
  /// The resizing, with the activation of the result.
  public let resize: Resize

  /// `projection` of what `resize` makes, activated as `resize` says.
  public init(_ projection: Convolution, after resize: Resize) {
    let pointwise = ConvolutionGeometry(projection.geometry.inputs, projection.geometry.outputs)
    precondition(
      projection.geometry == pointwise && projection.activation == .identity,
      "only a 1×1 convolution without activation may be exchanged with a resizing")
    self.projection = projection
    self.resize = resize
  }

  /// `projection` on a grid of `height` × `width`, its activation last.
  init(_ projection: Convolution, resizedTo height: Int, _ width: Int) {
    self.init(
      projection.activated(by: .identity),
      after: Resize(height: height, width: width, activation: projection.activation))
  }

  /// For example "1×1 convolution 256 → 256 after bilinear resize to 257×257".
  public var summary: String { "\(projection.summary) after \(resize.summary)" }

  /// `[n, height, width, outputs]`.
  public func outputShape(for inputs: [Shape]) -> Shape {
    projection.outputShape(for: [resize.outputShape(for: [inputs[0]])])
  }

  /// Those of the definition, on the output's grid.
  public func multiplyAdds(for inputs: [Shape]) -> Int {
    projection.multiplyAdds(for: [resize.outputShape(for: [inputs[0]])])
  }

  /// The projected map before its resizing, and what either needs.
  public func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    let projected = projection.outputShape(for: [inputs[0]])
    return roundedToCacheLine(projected.count)
      + max(
        projection.scratchCount(for: [inputs[0]], threads: threads),
        resize.scratchCount(for: [projected], threads: threads))
  }

  /// Computes the output; see ``Operation/run(_:into:scratch:threads:)``.
  public func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let projected = MutableTensorView(
      shape: projection.outputShape(for: [inputs[0].shape]), base: scratch)
    let rest = scratch + roundedToCacheLine(projected.shape.count)
    projection.run([inputs[0]], into: projected, scratch: rest, threads: threads)
    resize.run(
      [TensorView(shape: projected.shape, base: scratch)], into: output, scratch: rest,
      threads: threads)
  }
}
