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

  /// A row of exponentials per thread.
  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    threads.count * roundedToCacheLine(inputs[0].c)
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (logits, labels) = (inputs[0], inputs[1])
    let k = logits.shape.c
    let sum = labels.sum(threads) { pixels, worker in
      let row = scratch + worker * roundedToCacheLine(k)
      var sum = 0.0
      for pixel in pixels {
        guard let label = labels.label(of: pixel, classes: k) else { continue }
        let z = logits.base + pixel * k
        var peak = z[0]
        for c in 1..<max(k, 1) where z[c] > peak || z[c].isNaN { peak = z[c] }
        row.update(from: z, count: k)
        let total = kernels.leaves.exponentials(row, k, 1)
        // log q, from the logits themselves: q alone may be too small for a float.
        let logarithm = Double(z[label] - peak) - Double(total).logarithm
        let others = Double(1 - row[label] / total)
        sum -= logarithm * (focus == 0 ? 1 : others.power(Double(focus)))
      }
      return sum
    }
    output.base[0] = Float(processes.sum(sum) / labels.divisor(mean, over: processes))
  }

  /// ∂z by ``CrossEntropyGradient``; labels are given.
  func gradients(of step: Pullback) -> [Value?] {
    [
      step.gradient(of: 0) {
        step.inputs[0].applying(
          CrossEntropyGradient(self), to: step.inputs[1], step.cotangent,
          named: step.name + " ∂logits")
      },
      nil,
    ]
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

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (logits, labels) = (inputs[0], inputs[1])
    let k = logits.shape.c
    let leaves = loss.kernels.leaves
    let factor = Float(Double(inputs[2].base[0]) / labels.divisor(loss.mean, over: loss.processes))
    threads.forEach(labels.shape.pixels, by: 1 << 12) { pixels, _ in
      for pixel in pixels {
        let row = output.base + pixel * k
        guard let label = labels.label(of: pixel, classes: k) else {
          row.update(repeating: 0, count: k)
          continue
        }
        row.update(from: logits.base + pixel * k, count: k)
        let total = leaves.exponentials(row, k, 1)
        var weight = factor
        if loss.focus != 0 { weight *= focalFactor(row[label] / total) }
        leaves.scale(row, k, weight / total, row)
        row[label] -= weight
      }
    }
  }

  private func focalFactor(_ q: Float) -> Float {
    let (q, gamma) = (Double(max(q, .leastNormalMagnitude)), Double(loss.focus))
    let others = max(1 - q, 1e-12)
    return Float(others.power(gamma) - gamma * q * others.power(gamma - 1) * q.logarithm)
  }
}
