/// CAR's intra-class term: how far pixels lie from the centre of their class.
///
///     L = max( a², 10⁻⁵ ),   a = (1 / (P·c)) Σ_{p, k} | μ_{class of p, k} − x_pk |,   or
///     L = max( b, 10⁻⁵ ),    b = (1 / (P·c)) Σ_{p, k} ( μ_{class of p, k} − x_pk )²
///
/// The sum is over the pixels that have a class, the mean over all. The authors' code has the first.
/// Inputs: x `[n, h, w, c]`, sg(μ) `[1, 1, K, c]` and labels `[n, h, w, 1]`.
struct IntraClassDeviation: DifferentiableOperation {
  /// What is squared.
  enum Form: String, Sendable, CaseIterable {
    /// The mean, a².
    case squaredMean = "squared_mean"
    /// Each difference, b.
    case meanSquare = "mean_square"
  }

  var form = Form.squaredMean
  /// Those that share the batch.
  var processes: any Communicator = SoleProcess()

  var summary: String { "CAR, intra-class" }

  /// Below this the term has no gradient.
  private static let floor = 1e-5

  func outputShape(for inputs: [Shape]) -> Shape { Shape(h: 1, w: 1, c: 1) }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    output.base[0] = Float(max(loss(mean(inputs, threads)), Self.floor))
  }

  /// a² of a, or b.
  private func loss(_ mean: Double) -> Double { form == .squaredMean ? mean * mean : mean }

  /// a or b.
  private func mean(_ inputs: [TensorView], _ threads: Threads) -> Double {
    let (x, centres, labels) = (inputs[0], inputs[1], inputs[2])
    let c = x.shape.c
    let sum = labels.sum(threads) { pixels, _ in
      var sum = 0.0
      for pixel in pixels {
        guard let label = labels.label(of: pixel, classes: centres.shape.w) else { continue }
        for k in 0..<c {
          let difference = Double(centres.base[label * c + k] - x.base[pixel * c + k])
          sum += form == .squaredMean ? abs(difference) : difference * difference
        }
      }
      return sum
    }
    return processes.sum(sum) / Double(x.shape.count * processes.count)
  }

  /// ∂x by ``Gradient``; the centres must be stopped.
  func gradients(of step: Pullback) -> [Value?] {
    step.gradients(ofFirst: "x", by: Gradient(term: self))
  }

  /// ∂x_pk = ∂L · 2 / (P·c) · d, where d is a · sign(x_pk − μ_k) or x_pk − μ_k; 0 where p is ignored or the term is at its floor.
  ///
  /// Inputs: x, μ, labels, ∂L.
  struct Gradient: Operation {
    let term: IntraClassDeviation

    var summary: String { "gradient of CAR, intra-class" }

    func outputShape(for inputs: [Shape]) -> Shape { inputs[0] }

    func run(
      _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
      threads: Threads
    ) {
      let (x, centres, labels) = (inputs[0], inputs[1], inputs[2])
      let c = x.shape.c
      let mean = term.mean(inputs, threads)
      let isFlat = term.loss(mean) < IntraClassDeviation.floor
      let count = Double(x.shape.count * term.processes.count)
      let factor = isFlat ? 0 : 2 * Double(inputs[3].base[0]) / count
      let step = Float(factor * mean)
      for pixel in 0..<labels.shape.pixels {
        let row = output.base + pixel * c
        guard let label = labels.label(of: pixel, classes: centres.shape.w) else {
          row.update(repeating: 0, count: c)
          continue
        }
        for k in 0..<c {
          let difference = x.base[pixel * c + k] - centres.base[label * c + k]
          row[k] =
            switch term.form {
            case .squaredMean: difference > 0 ? step : difference < 0 ? -step : 0
            case .meanSquare: Float(factor) * difference
            }
        }
      }
    }
  }
}
