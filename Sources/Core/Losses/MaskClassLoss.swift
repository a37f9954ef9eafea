/// Cross entropy of what each mask shows: SegViT's L_cls (arXiv:2210.05844, equation 4; fixed matching of its authors' code).
///
///     L = Σ_nk w_nk · (−log softmax(z_nk)[t_nk]) / Σ_nk w_nk
///
/// t_nk is k and w_nk is 1 where picture n has pixels of class k; else t is ∅, the last score, and w is 0.1. Inputs: z
/// `[n, 1, K, K + 1]` and labels `[n, H, W, 1]`. Sums are over all processes.
struct MaskClassLoss: DifferentiableOperation {
  /// Those that share the batch.
  var processes: any Communicator = SoleProcess()

  /// w of a class that a picture has not.
  static let absentWeight = 0.1

  var summary: String { "cross entropy of masks" }

  func outputShape(for inputs: [Shape]) -> Shape {
    let (z, labels) = (inputs[0], inputs[1])
    precondition(
      z.h == 1 && z.c == z.w + 1 && labels.n == z.n && labels.c == 1,
      "scores of masks \(z) do not take labels \(labels)")
    return Shape(h: 1, w: 1, c: 1)
  }

  /// The target and the weight of each query of each picture.
  static func targets(_ labels: TensorView, classes: Int) -> [(target: Int, weight: Double)] {
    ClassPresence(labels, classes: classes).isPresent.enumerated().map { index, isPresent in
      isPresent ? (index % classes, 1) : (classes, absentWeight)
    }
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (z, width) = (inputs[0], inputs[0].shape.c)
    var (sum, weights) = (0.0, 0.0)
    for (row, (target, weight)) in Self.targets(inputs[1], classes: z.shape.w).enumerated() {
      let scores = UnsafeBufferPointer(start: z.base + row * width, count: width)
      let peak = Double(scores.max() ?? 0)
      let total = scores.reduce(0.0) { $0 + (Double($1) - peak).exponential }
      sum += weight * (total.logarithm + peak - Double(scores[target]))
      weights += weight
    }
    output.base[0] = Float(processes.sum(sum) / processes.sum(weights))
  }

  /// ∂z; labels are given.
  func gradients(of step: Pullback) -> [Value?] {
    step.gradients(ofFirst: "scores", by: MaskClassLossGradient(processes: processes))
  }
}

/// The gradient of ``MaskClassLoss``' scores: ∂z = ∂L · w / Σ w · (softmax(z) − [score is t]).
///
/// Inputs: z, labels, ∂L.
struct MaskClassLossGradient: Operation {
  /// Those that share the batch.
  let processes: any Communicator

  var summary: String { "gradient of cross entropy of masks" }

  func outputShape(for inputs: [Shape]) -> Shape { inputs[0] }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (z, width) = (inputs[0], inputs[0].shape.c)
    let targets = MaskClassLoss.targets(inputs[1], classes: z.shape.w)
    let factor = Double(inputs[2].base[0]) / processes.sum(targets.reduce(0) { $0 + $1.weight })
    output.base.update(from: z.base, count: z.shape.count)
    Softmax.apply(to: output.base, rows: targets.count, count: width)
    for (row, (target, weight)) in targets.enumerated() {
      let gradient = output.base + row * width
      gradient[target] -= 1
      Kernels.current.leaves.scale(gradient, width, Float(factor * weight), gradient)
    }
  }
}

/// Which classes each picture of a batch has.
struct ClassPresence {
  /// For each picture and class, picture by picture.
  let isPresent: [Bool]
  private let classes: Int

  /// The classes of labels `[n, H, W, 1]`; one beyond `classes` traps.
  init(_ labels: TensorView, classes: Int) {
    var isPresent = [Bool](repeating: false, count: labels.shape.n * classes)
    let pixels = labels.shape.h * labels.shape.w
    for pixel in 0..<labels.shape.pixels {
      if let label = labels.label(of: pixel, classes: classes) {
        isPresent[pixel / pixels * classes + label] = true
      }
    }
    self.isPresent = isPresent
    self.classes = classes
  }

  /// The classes of picture `n`, in their order.
  func classes(of n: Int) -> [Int] { (0..<classes).filter { isPresent[n * classes + $0] } }

  /// How many masks there are.
  var count: Int { isPresent.reduce(0) { $0 + ($1 ? 1 : 0) } }
}
