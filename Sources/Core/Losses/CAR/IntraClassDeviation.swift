/// CAR's intra-class term: how far pixels lie from the centre of their class.
///
///     L = max( a², 10⁻⁵ ),   a = (1 / (P·c)) Σ_{p, k} | μ_{class of p, k} − x_pk |
///
/// The sum is over the pixels that have a class, the mean over all. The square is taken of the mean, as in the authors' code.
/// Inputs: x `[n, h, w, c]`, sg(μ) `[1, 1, K, c]` and labels `[n, h, w, 1]`.
struct IntraClassDeviation: DifferentiableOperation {
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
    let deviation = deviation(inputs, threads)
    output.base[0] = Float(max(deviation * deviation, Self.floor))
  }

  /// a.
  fileprivate func deviation(_ inputs: [TensorView], _ threads: Threads) -> Double {
    let (x, centres, labels) = (inputs[0], inputs[1], inputs[2])
    let c = x.shape.c
    let sum = labels.sum(threads) { pixels, _ in
      var sum = 0.0
      for pixel in pixels {
        guard let label = labels.label(of: pixel, classes: centres.shape.w) else { continue }
        for k in 0..<c {
          sum += Double(abs(centres.base[label * c + k] - x.base[pixel * c + k]))
        }
      }
      return sum
    }
    return processes.sum(sum) / Double(x.shape.count * processes.count)
  }

  /// ∂x by ``Gradient``; the centres must be stopped.
  func gradients(of step: Pullback) -> [Value?] {
    step.gradients(ofFirst: "x", by: Gradient(loss: self))
  }

  /// ∂x_pk = ∂L · (2·a / (P·c)) · sign(x_pk − μ_k), and 0 where p is ignored or the term is at its floor.
  ///
  /// Inputs: x, μ, labels, ∂L.
  struct Gradient: Operation {
    let loss: IntraClassDeviation

    var summary: String { "gradient of CAR, intra-class" }

    func outputShape(for inputs: [Shape]) -> Shape { inputs[0] }

    func run(
      _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
      threads: Threads
    ) {
      let (x, centres, labels) = (inputs[0], inputs[1], inputs[2])
      let c = x.shape.c
      let deviation = loss.deviation(inputs, threads)
      let isFlat = deviation * deviation < IntraClassDeviation.floor
      let count = Double(x.shape.count * loss.processes.count)
      let step = isFlat ? 0 : Float(Double(inputs[3].base[0]) * 2 * deviation / count)
      for pixel in 0..<labels.shape.pixels {
        let row = output.base + pixel * c
        guard let label = labels.label(of: pixel, classes: centres.shape.w) else {
          row.update(repeating: 0, count: c)
          continue
        }
        for k in 0..<c {
          let difference = x.base[pixel * c + k] - centres.base[label * c + k]
          row[k] = difference > 0 ? step : difference < 0 ? -step : 0
        }
      }
    }
  }
}
