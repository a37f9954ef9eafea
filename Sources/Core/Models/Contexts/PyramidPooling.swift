/// The pyramid pooling module (PPM) of "Pyramid Scene Parsing Network" (arXiv:1612.01105), figure 3, as CAR has it for
/// UperNet: c5 beside its means over 1, 4, 9 and 36 bins, each convolved and brought back to its grid.
public struct PyramidPooling: ContextEncoder {
  let pools: [ConvBN]
  let project: ConvBN
  let end: ConvBN?
  private let name: String

  /// Bins down and across.
  private static let bins = [1, 2, 3, 6]

  /// Reads `pool.{0…3}` and `project`, of `inner` channels, and `end` where `inner` is not `width`.
  init(_ weights: Weights, _ inputs: Int, inner: Int, width: Int) {
    name = weights.path
    pools = Self.bins.indices.map { i in
      ConvBN(weights["pool"][i], ConvolutionGeometry(inputs, inner, kernel: 3))
    }
    project = ConvBN(
      weights["project"],
      ConvolutionGeometry(inputs + Self.bins.count * inner, inner, kernel: 3))
    end = .end(weights, inner, width)
  }

  /// h of c5.
  public func callAsFunction(_ c5: Value) -> EncodedContext {  // 17 × 17 × 2048
    let pooled = zip(Self.bins, pools).enumerated().map { i, pool in
      let named = "\(name).pool.\(i)"
      let means = c5.averaged(height: pool.0, width: pool.0, named: named)
      return pool.1(means).resized(like: c5, named: named)  // 17 × 17 × 512
    }
    let all = c5.applying(Concatenation(), to: pooled, named: name)  // 17 × 17 × 4096
    let rich = project(all)  // 17 × 17 × 512
    return EncodedContext(h: end?(rich) ?? rich)
  }
}
