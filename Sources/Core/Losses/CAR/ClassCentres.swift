/// The mean feature of each class over the whole batch of all processes, 0 where the class is absent.
///
///     μ_k = Σ_p y_pk · x_p / Σ_p y_pk
///
/// Inputs: x `[n, h, w, c]` and labels `[n, h, w, 1]`; the result is `[1, 1, K, c]`.
struct ClassCentres: DifferentiableOperation {
  let classes: Int
  /// Those that share the batch.
  var processes: any Communicator = SoleProcess()

  var summary: String { "class centres" }

  func outputShape(for inputs: [Shape]) -> Shape {
    precondition(inputs[1] == inputs[0].channels(1), "labels \(inputs[1]) for \(inputs[0])")
    return Shape(h: 1, w: classes, c: inputs[0].c)
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (x, labels, c) = (inputs[0], inputs[1], inputs[0].shape.c)
    let counts = counts(labels)
    var sums = [Double](repeating: 0, count: classes * c)
    for pixel in 0..<labels.shape.pixels {
      guard let label = labels.label(of: pixel, classes: classes) else { continue }
      for k in 0..<c { sums[label * c + k] += Double(x.base[pixel * c + k]) }
    }
    for (index, sum) in processes.sums(sums).enumerated() {
      output.base[index] = Float(sum / max(1, counts[index / c]))
    }
  }

  /// Pixels of each class.
  fileprivate func counts(_ labels: TensorView) -> [Double] {
    var counts = [Double](repeating: 0, count: classes)
    for pixel in 0..<labels.shape.pixels {
      labels.label(of: pixel, classes: classes).map { counts[$0] += 1 }
    }
    return processes.sums(counts)
  }

  /// ∂x by ``ClassCentresGradient``; labels are given.
  func gradients(of step: Pullback) -> [Value?] {
    [
      step.gradient(of: 0) {
        step.inputs[1].applying(
          ClassCentresGradient(centres: self), to: step.cotangent, named: step.name + " ∂x")
      },
      nil,
    ]
  }
}

/// The gradient of ``ClassCentres``' input: ∂x_p = ∂μ_k / Σ_p y_pk, k being the class of p, and 0 where p is ignored.
///
/// Every process has the whole of ∂μ, because the term that moves the centres is the same in all of them. Inputs: labels and
/// ∂μ.
struct ClassCentresGradient: Operation {
  let centres: ClassCentres

  var summary: String { "gradient of class centres" }

  func outputShape(for inputs: [Shape]) -> Shape { inputs[0].channels(inputs[1].c) }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (labels, centres) = (inputs[0], inputs[1])
    let (classes, c) = (centres.shape.w, centres.shape.c)
    let counts = self.centres.counts(labels)
    for pixel in 0..<labels.shape.pixels {
      let row = output.base + pixel * c
      guard let label = labels.label(of: pixel, classes: classes) else {
        row.update(repeating: 0, count: c)
        continue
      }
      for k in 0..<c { row[k] = centres.base[label * c + k] / Float(counts[label]) }
    }
  }
}
