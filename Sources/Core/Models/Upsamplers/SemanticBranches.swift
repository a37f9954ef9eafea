/// The right side of a Semantic FPN as the authors build it (iSeg `SemanticPyramidNetworkBlock_V2`): each level is convolved and
/// upsampled until it reaches the output's grid, where all are summed; a 1×1 convolution ends it.
///
/// At output stride 2 every branch has one more convolution, on the grid of stride 4, before a last upsampling; no stride-2
/// feature of the backbone is used.
///
/// Resizing is linear, so branches that end on one grid are summed there and climb the last level together, and what is
/// linear after the last upsampling (the 1×1 convolution) may be computed before it: the same sums in another order.
struct SemanticBranches: Sendable {
  let branches: [[ConvBN]]
  let end: BranchEnd?
  private let outputStride: Int
  private let form: Form
  private let name: String

  /// What the paper leaves open.
  struct Form: Sendable {
    /// Convolutions before each doubling of the coarser branches.
    var convolutions = 1
    /// Whether the end is here; else the caller has it, behind axial attention.
    var hasEnd = true
    /// The side of the end's kernel.
    var endKernel = 1

    /// How many convolutions the branch of `level` has.
    ///
    /// The finest has one on its own grid, and another before its doubling at output stride 2: there two precede it
    /// whatever the form says.
    func count(level: Int, outputStride: Int) -> Int {
      let doublings = level + (outputStride == 2 ? 1 : 0)
      return level == 0 ? 1 + doublings : convolutions * doublings
    }
  }

  /// Reads `branch.{0…3}.{j}` and `end`.
  init(_ weights: Weights, width: Int, outputStride: Int, _ form: Form = Form()) {
    name = weights.path
    self.outputStride = outputStride
    self.form = form
    branches = (0..<4).map { level in
      (0..<form.count(level: level, outputStride: outputStride)).map { j in
        ConvBN(weights["branch"][level][j], ConvolutionGeometry(width, width, kernel: 3))
      }
    }
    end = form.hasEnd ? BranchEnd(weights["end"], width: width, kernel: form.endKernel) : nil
  }

  /// The sum `[n, h/os, w/os, width]` of what becomes of p2 … p5.
  ///
  /// The branches of `ablation`, which leaves at least one, are missing from it.
  func callAsFunction(
    _ pyramid: [Value], imageHeight: Int, imageWidth: Int, without ablation: Ablation
  ) -> Value {
    precondition(ablation.leavesABranch, "without \(ablation) nothing is left to sum")
    let p2 = pyramid[0]
    let b = pyramid.indices.map { level in
      ablation.contains(Ablation.levels[level]) ? nil : branch(level, of: pyramid)
    }
    guard outputStride == 2 else {
      switch (b[0], summed(b[1...])) {  // 129 × 129, 65 × 65
      case (let fine?, let coarse?):
        let sum = coarse.resized(ontoSum: fine, named: name + ".branch")  // 129 × 129 × 256
        return end.map { $0(sum) } ?? sum
      case (let only?, nil): return end.map { $0(only) } ?? only
      case (nil, let coarse): return ended(coarse ?? p2, p2.shape.h, p2.shape.w)
      }
    }
    let sum = summed(b[...]) ?? p2  // 129 × 129
    return ended(sum, (imageHeight + 1) / 2, (imageWidth + 1) / 2)  // 257 × 257 × 256
  }

  /// The end of a sum on a finer grid.
  private func ended(_ sum: Value, _ height: Int, _ width: Int) -> Value {
    end.map { $0(sum, resizedTo: height, width) }
      ?? sum.resized(height: height, width: width, named: name + ".branch")
  }

  /// The sum of the branches that are not left out; `nil` without any.
  private func summed(_ branches: ArraySlice<Value?>) -> Value? {
    let branches = branches.compactMap { $0 }
    guard let first = branches.first else { return nil }
    return branches.count == 1
      ? first
      : first.applying(Sum(), to: Array(branches.dropFirst()), named: name + ".branch")
  }

  /// What the branch of `level` adds to the output, before its last upsampling.
  private func branch(_ level: Int, of pyramid: [Value]) -> Value {
    var x = pyramid[level]
    for (j, convolution) in branches[level].enumerated() {
      let (step, inStep) = j.quotientAndRemainder(dividingBy: form.convolutions)
      // At output stride 2 the finest level's two steps share a grid; elsewhere each climbs one level.
      if level > 0 && step > 0 && inStep == 0 {
        x = x.resized(like: pyramid[level - step], named: "\(name).branch.\(level)")
      }
      x = convolution(x)
    }
    return x
  }
}

/// The convolution behind the branches' sum.
struct BranchEnd: Sendable {
  let convolution: ConvBN
  private let name: String
  private let isPointwise: Bool

  init(_ weights: Weights, width: Int, kernel: Int) {
    convolution = ConvBN(weights, ConvolutionGeometry(width, width, kernel: kernel))
    name = weights.path
    isPointwise = kernel == 1
  }

  /// What becomes of the sum `[n, h, w, width]`.
  func callAsFunction(_ sum: Value) -> Value { convolution(sum) }

  /// What becomes of the sum on a finer grid: of single pixels before, where there is less to compute.
  func callAsFunction(_ sum: Value, resizedTo height: Int, _ width: Int) -> Value {
    isPointwise
      ? convolution(sum, resizedTo: height, width)
      : convolution(sum.resized(height: height, width: width, named: name))
  }
}
