/// Focal and Dice loss of masks: SegViT's L_mask (arXiv:2210.05844, equation 4; weights and fixed matching of its authors' code).
///
///     L = 1/M · Σ_m ( 20 · mean_p F(x_mp, y_mp) + 1 − (2·I_m + 1) / (P_m + Y_m + 1) )
///     F(x, 1) = ¼ · (1 − σ)² · (−log σ),   F(x, 0) = ¾ · σ² · (−log(1 − σ)),   σ = 1 / (1 + e⁻ˣ)
///
/// over the M masks of classes that the pictures have: y is 1 where a pixel is of the class, 0 elsewhere and where it is ignored,
/// I = Σ_p σ·y, P = Σ_p σ, Y = Σ_p y. Lin et al., arXiv:1708.02002; Milletari et al., arXiv:1606.04797. Inputs: masks `[n, h, w,
/// K]`, a pixel of which covers `stride` × `stride` of the picture and is resized as in ``MaskClassification``, and labels
/// `[n, H, W, 1]`. Masks are resized a row at a time. M and the sum are over all processes.
struct MaskLoss: DifferentiableOperation {
  let stride: Int
  /// Those that share the batch.
  var processes: any Communicator = SoleProcess()

  static let focalWeight = 20.0
  static let diceWeight = 1.0
  /// The weight of pixels inside a mask.
  static let alpha: Float = 0.25

  var summary: String { "focal and Dice loss of masks" }

  func outputShape(for inputs: [Shape]) -> Shape {
    let (masks, labels) = (inputs[0], inputs[1])
    precondition(
      labels.n == masks.n && labels.c == 1 && labels.h <= stride * masks.h
        && labels.w <= stride * masks.w, "masks \(masks) do not cover labels \(labels)")
    return Shape(h: 1, w: 1, c: 1)
  }

  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    PresentMasks.scratchCount(inputs[0], labels: inputs[1], threads)
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let presence = ClassPresence(inputs[1], classes: inputs[0].shape.c)
    let pixels = Double(inputs[1].shape.h * inputs[1].shape.w)
    var sum = 0.0
    for n in 0..<inputs[0].shape.n {
      let masks = PresentMasks(
        inputs[0], inputs[1], image: n, presence.classes(of: n), stride: stride, scratch)
      for mask in masks.sums(threads) {
        sum += Self.focalWeight * mask.focal / pixels + Self.diceWeight * (1 - mask.ratio)
      }
    }
    let count = max(1, processes.sum(Double(presence.count)))
    output.base[0] = Float(processes.sum(sum) / count)
  }

  /// ∂masks; labels are given.
  func gradients(of step: Pullback) -> [Value?] {
    step.gradients(ofFirst: "masks", by: MaskLossGradient(self))
  }
}

/// The gradient of masks, through their resizing, of ``MaskLoss``.
///
///     ∂x = ∂L/M · ( 20/pixels · ∂F + ((2·I + 1) / U² − 2·y / U) · σ · (1 − σ) ),   U = P + Y + 1,
///     ∂F(x, 1) = −¼ · (1 − σ)² · (1 − σ − 2σ · log σ),   ∂F(x, 0) = ¾ · σ² · (σ − 2(1 − σ) · log(1 − σ)).
///
/// Inputs: masks, labels, ∂L.
struct MaskLossGradient: Operation {
  private let loss: MaskLoss

  init(_ loss: MaskLoss) { self.loss = loss }

  var summary: String { "gradient of \(loss.summary)" }

  func outputShape(for inputs: [Shape]) -> Shape { inputs[0] }

  /// Besides what the loss needs, two rows for each row of a picture's masks.
  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    loss.scratchCount(for: inputs, threads: threads) + 2 * inputs[0].h * inputs[0].w * inputs[0].c
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (masks, labels) = (inputs[0], inputs[1])
    let presence = ClassPresence(labels, classes: masks.shape.c)
    let factor =
      Double(inputs[2].base[0]) / max(1, loss.processes.sum(Double(presence.count)))
    let focal = Float(
      factor * MaskLoss.focalWeight / Double(labels.shape.h * labels.shape.w))
    let parts =
      scratch + PresentMasks.scratchCount(masks.shape, labels: labels.shape, threads)
    output.base.update(repeating: 0, count: output.shape.count)
    for n in 0..<masks.shape.n {
      let present = PresentMasks(
        masks, labels, image: n, presence.classes(of: n), stride: loss.stride, scratch)
      let slopes = present.sums(threads).map { mask in
        MaskSlopes(
          focal: focal, common: Float(factor * MaskLoss.diceWeight * mask.ratio / mask.union),
          own: Float(factor * MaskLoss.diceWeight * 2 / mask.union))
      }
      present.addGradient(slopes, to: output, parts, threads)
    }
  }
}

/// What the gradient of a mask's pixel is made of, beside its σ and y.
struct MaskSlopes {
  /// ∂L/M · 20/pixels.
  let focal: Float
  /// ∂L/M · (2·I + 1) / U².
  let common: Float
  /// ∂L/M · 2 / U.
  let own: Float
}
