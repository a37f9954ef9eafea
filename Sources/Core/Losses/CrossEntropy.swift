/// What a sum over pixels is divided by.
public enum PixelMean: String, Sendable, CaseIterable {
  /// All pixels, ignored ones too: the authors' mean (iSeg `catecrossentropy_ignore_label.py`).
  case allPixels = "all_pixels"
  /// The pixels that have a class.
  case validPixels = "valid_pixels"
}

/// Cross entropy of each pixel's logits and its class, with the focal loss's factor.
///
///     L = (1/m) Σ_p (1 − q_p)^γ · (− log q_p),   q_p = softmax(z_p)[class of p]
///
/// over the pixels that have a class; m as ``PixelMean`` says. γ = 0 is the plain cross entropy of HFGD; else Lin et al.,
/// "Focal Loss for Dense Object Detection", arXiv:1708.02002, eq. 4. Inputs: logits `[n, h, w, K]` and labels `[n, h, w, 1]`,
/// class numbers or below 0 where ignored. The result is a single number.
struct CrossEntropy: DifferentiableOperation {
  let mean: PixelMean
  let focus: Float
  /// Those that share the batch.
  let processes: any Communicator
  var kernels = Kernels.current

  init(mean: PixelMean, focus: Float = 0, sharedBy processes: any Communicator = SoleProcess()) {
    self.mean = mean
    self.focus = focus
    self.processes = processes
  }

  var summary: String { focus == 0 ? "cross entropy" : "focal loss, γ = \(focus)" }

  func outputShape(for inputs: [Shape]) -> Shape {
    precondition(
      inputs[1] == inputs[0].channels(1), "labels \(inputs[1]) for logits \(inputs[0])")
    return Shape(h: 1, w: 1, c: 1)
  }

  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    threads.count * Self.room(classes: inputs[0].c)
  }

  /// Pixels that are done at a time.
  fileprivate static let block = 1 << 12

  /// Floats for one thread: a number of each pixel of a block, and logits of some of them, see `log_shares`.
  fileprivate static func room(classes: Int) -> Int { block + 16 * classes }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (logits, labels) = (inputs[0], inputs[1])
    let sum = labels.sum(threads) { pixels, worker in
      let logarithms = scratch + worker * Self.room(classes: logits.shape.c)
      writeLogarithms(of: pixels, logits, labels, to: logarithms)
      var sum = 0.0
      for p in 0..<pixels.count {
        let logarithm = Double(logarithms[p])
        sum -= focus == 0 ? logarithm : logarithm * (1 - logarithm.exponential).power(Double(focus))
      }
      return sum
    }
    output.base[0] = Float(processes.sum(sum) / labels.divisor(mean, over: processes))
  }

  /// Writes log q of each of `pixels`, at most a block, and 0 where one is ignored; what follows is scratch memory.
  fileprivate func writeLogarithms(
    of pixels: Range<Int>, _ logits: TensorView, _ labels: TensorView,
    to target: UnsafeMutablePointer<Float>
  ) {
    let classes = logits.shape.c
    labels.check(pixels, classes: classes)
    kernels.leaves.log_shares(
      logits.base + pixels.lowerBound * classes, labels.base + pixels.lowerBound, pixels.count,
      classes, target + Self.block, target)
  }

  /// ∂z by ``CrossEntropyGradient``; labels are given.
  func gradients(of step: Pullback) -> [Value?] {
    step.gradients(ofFirst: "logits", by: CrossEntropyGradient(self))
  }
}

/// The gradient of ``CrossEntropy``'s logits.
///
///     ∂z_p[k] = (∂L/m) · (softmax(z_p)[k] − [k = class of p]) · ((1 − q)^γ − γ · q · (1 − q)^(γ−1) · log q)
///
/// and 0 where p is ignored. Inputs: logits, labels, ∂L.
struct CrossEntropyGradient: Operation {
  private let loss: CrossEntropy

  init(_ loss: CrossEntropy) { self.loss = loss }

  var summary: String { "gradient of \(loss.summary)" }

  func outputShape(for inputs: [Shape]) -> Shape { inputs[0] }

  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    threads.count * CrossEntropy.room(classes: inputs[0].c)
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (logits, labels, classes) = (inputs[0], inputs[1], inputs[0].shape.c)
    let factor = Float(Double(inputs[2].base[0]) / labels.divisor(loss.mean, over: loss.processes))
    threads.forEach(labels.shape.pixels, by: CrossEntropy.block) { pixels, worker in
      let weights = scratch + worker * CrossEntropy.room(classes: classes)
      if loss.focus == 0 {
        labels.check(pixels, classes: classes)
      } else {
        loss.writeLogarithms(of: pixels, logits, labels, to: weights)
      }
      for p in 0..<pixels.count {
        let isIgnored = labels.base[pixels.lowerBound + p] < 0
        weights[p] =
          isIgnored ? 0 : loss.focus == 0 ? factor : factor * focalFactor(Double(weights[p]))
      }
      let start = pixels.lowerBound * classes
      loss.kernels.leaves.cross_entropy_gradient(
        logits.base + start, labels.base + pixels.lowerBound, weights, pixels.count, classes,
        weights + CrossEntropy.block, output.base + start)
    }
  }

  /// The last factor of the gradient, from log q.
  private func focalFactor(_ logarithm: Double) -> Float {
    let (q, gamma) = (logarithm.exponential, Double(loss.focus))
    let others = max(1 - q, 1e-12)
    return Float(others.power(gamma) - gamma * q * others.power(gamma - 1) * logarithm)
  }
}
