import CKernels

/// Max or average over a square window.
///
/// The window of output (i, j) starts at (i·stride − padding, j·stride − padding) and is clipped to the input: cells
/// outside neither win a maximum nor count in an average (PyTorch's `count_include_pad=False`, TensorFlow's SAME). A NaN
/// under the window makes NaN of either, as in PyTorch.
public struct Pooling: Operation {
  /// What becomes of the values under the window.
  public enum Kind: Sendable, Hashable {
    /// The largest value.
    case max
    /// The mean of the values inside the input.
    case average
  }

  /// Maximum or average.
  public let kind: Kind
  /// Window extent, distance between windows, and overhang at the top and left, in pixels.
  public let kernel, stride, padding: Int
  /// Whether a last window that hangs over the edge makes an output (PyTorch's `ceil_mode`).
  public let isCeiling: Bool
  var kernels = Kernels.current

  /// The pooling of a window; `isCeiling` keeps what a partly filled last window sees.
  public init(_ kind: Kind, kernel: Int, stride: Int, padding: Int = 0, isCeiling: Bool = false) {
    precondition(
      kernel > 0 && stride > 0 && 2 * padding <= kernel,
      "pooling with kernel \(kernel), stride \(stride), padding \(padding)")
    self.kind = kind
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.isCeiling = isCeiling
  }

  /// ResNet's pool after the stem: 3×3 maximum, stride 2; SAME on odd sizes.
  public static let stem = Pooling(.max, kernel: 3, stride: 2, padding: 1)

  /// The shortcut of a strided block: 2×2 average, stride 2; on odd sizes the last row and column average what is there.
  public static let shortcut = Pooling(.average, kernel: 2, stride: 2, isCeiling: true)

  /// For example "3×3 max pooling, stride 2".
  public var summary: String { "\(kernel)×\(kernel) \(kind) pooling, stride \(stride)" }

  /// The input's shape with the window's grid.
  public func outputShape(for inputs: [Shape]) -> Shape {
    inputs[0].resized(h: outputExtent(inputs[0].h), w: outputExtent(inputs[0].w))
  }

  private func outputExtent(_ size: Int) -> Int {
    let span = size + 2 * padding - kernel
    let extent = (isCeiling ? span + stride - 1 : span) / stride + 1
    // A window that would start beyond the input has nothing to look at.
    return isCeiling && (extent - 1) * stride >= size + padding ? extent - 1 : extent
  }

  /// Computes the output; see ``Operation/run(_:into:scratch:threads:)``.
  public func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (x, y) = (inputs[0], output)
    let image = x.shape.h * x.shape.w * x.shape.c
    threads.forEach(y.shape.n * y.shape.h, by: 4) { rows, _ in
      var pooling = hfgd_pooling(
        height: x.shape.h, width: x.shape.w, channels: x.shape.c, kernel: kernel, stride: stride,
        padding: padding, is_mean: kind == .average ? 1 : 0)
      for line in rows {
        let (n, i) = line.quotientAndRemainder(dividingBy: y.shape.h)
        kernels.leaves.pool_row(
          x.base + n * image, &pooling, i, y.shape.w, y.base + line * y.shape.w * y.shape.c)
      }
    }
  }
}
