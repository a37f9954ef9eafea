/// Float32 values on a grid, channels innermost: a plain value, copied on write.
///
/// Tensors carry data in and out of a run. Inside a run the values live in one planned arena (``Program``).
public struct Tensor: Sendable, Equatable {
  /// The extents.
  public let shape: Shape
  /// The values in row-major NHWC order.
  public var values: [Float]

  /// A tensor from its values, of which there must be `shape.count`.
  public init(_ shape: Shape, _ values: [Float]) {
    precondition(values.count == shape.count, "\(values.count) values do not fill \(shape)")
    self.shape = shape
    self.values = values
  }

  /// A tensor that holds `value` everywhere.
  public init(_ shape: Shape, filled value: Float = 0) {
    self.init(shape, [Float](repeating: value, count: shape.count))
  }

  /// A tensor whose storage `fill` writes; every value must be written.
  init(_ shape: Shape, writing fill: (UnsafeMutablePointer<Float>) -> Void) {
    self.shape = shape
    values = [Float](unsafeUninitializedCapacity: shape.count) { buffer, count in
      if let base = buffer.baseAddress { fill(base) }
      count = shape.count
    }
  }

  /// The value at batch `n`, row `y`, column `x`, channel `c`.
  public subscript(n: Int, y: Int, x: Int, c: Int) -> Float {
    get { values[((n * shape.h + y) * shape.w + x) * shape.c + c] }
    set { values[((n * shape.h + y) * shape.w + x) * shape.c + c] = newValue }
  }

  /// The upper left `h` × `w` pixels of every image in the batch.
  public func cropped(h: Int, w: Int) -> Tensor {
    precondition(h <= shape.h && w <= shape.w, "cannot crop \(shape) to \(h)×\(w)")
    if h == shape.h && w == shape.w { return self }
    var cropped: [Float] = []
    cropped.reserveCapacity(shape.n * h * w * shape.c)
    for n in 0..<shape.n {
      for y in 0..<h {
        let start = (n * shape.h + y) * shape.w * shape.c
        cropped += values[start..<(start + w * shape.c)]
      }
    }
    return Tensor(Shape(n: shape.n, h: h, w: w, c: shape.c), cropped)
  }
}

/// Values that a kernel reads: a shape over memory that somebody else owns and keeps alive.
public struct TensorView {
  /// The extents.
  public let shape: Shape
  /// The first value; the rest follow in NHWC order without gaps.
  public let base: UnsafePointer<Float>
}

extension TensorView {
  /// A copy of the values.
  var values: [Float] { Array(UnsafeBufferPointer(start: base, count: shape.count)) }
}

/// Values that a kernel writes.
public struct MutableTensorView {
  /// The extents.
  public let shape: Shape
  /// The first value; the rest follow in NHWC order without gaps.
  public let base: UnsafeMutablePointer<Float>
}

extension Tensor {
  /// A tensor of its own from values that a run is about to forget.
  public init(copying view: TensorView) {
    self.init(view.shape, view.values)
  }
}

extension Tensor {
  /// What `body` makes of the values where they lie; the view is valid only inside it.
  func withView<Result>(_ body: (TensorView) -> Result) -> Result {
    values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else {
        preconditionFailure("a tensor of shape \(shape) has no values to look at")
      }
      return body(TensorView(shape: shape, base: base))
    }
  }
}
