/// Soft Dice loss over the classes.
///
///     L = (1/K) Σ_k ( 1 − (2·I_k + 1) / (P_k + Y_k + 1) ),   I_k = Σ_p q_pk · y_pk,   P_k = Σ_p q_pk,   Y_k = Σ_p y_pk
///
/// over the pixels p of the whole batch that have a class, q = softmax(z), y the class as one-hot. Milletari, Navab and
/// Ahmadi, arXiv:1606.04797, without squares and smoothed by 1. Inputs: logits `[n, h, w, K]` and labels `[n, h, w, 1]`.
struct Dice: DifferentiableOperation {
  /// Those that share the batch.
  var processes: any Communicator = SoleProcess()

  var summary: String { "Dice loss" }

  func outputShape(for inputs: [Shape]) -> Shape {
    precondition(
      inputs[1] == inputs[0].channels(1), "labels \(inputs[1]) for logits \(inputs[0])")
    return Shape(h: 1, w: 1, c: 1)
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let sums = DiceSums(inputs[0], inputs[1], over: processes, threads)
    let k = inputs[0].shape.c
    output.base[0] = Float((0..<k).reduce(0) { $0 + 1 - sums.ratio($1) } / Double(k))
  }

  /// ∂z by ``DiceGradient``; labels are given.
  func gradients(of step: Pullback) -> [Value?] {
    step.gradients(ofFirst: "logits", by: DiceGradient(processes: processes))
  }
}

/// The gradient of ``Dice``'s logits.
///
///     u_k = P_k + Y_k + 1
///     ∂q_pk = (∂L/K) · ( (2·I_k + 1) / u_k² − 2·y_pk / u_k ),   ∂z_pk = q_pk · (∂q_pk − Σ_j q_pj · ∂q_pj).
///
/// Inputs: logits, labels, ∂L.
struct DiceGradient: Operation {
  /// Those that share the batch.
  let processes: any Communicator

  var summary: String { "gradient of Dice loss" }

  func outputShape(for inputs: [Shape]) -> Shape { inputs[0] }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (logits, labels) = (inputs[0], inputs[1])
    let k = logits.shape.c
    let sums = DiceSums(logits, labels, over: processes, threads)
    let factor = Double(inputs[2].base[0]) / Double(k)
    let common = (0..<k).map { Float(factor * sums.ratio($0) / sums.union($0)) }
    let own = (0..<k).map { Float(factor * 2 / sums.union($0)) }
    threads.forEach(labels.shape.pixels, by: 1 << 12) { pixels, _ in
      for pixel in pixels {
        let row = output.base + pixel * k
        guard let label = labels.label(of: pixel, classes: k) else {
          row.update(repeating: 0, count: k)
          continue
        }
        DiceSums.shares(logits.base + pixel * k, k, into: row)
        var mixed = -row[label] * own[label]
        for c in 0..<k { mixed += row[c] * common[c] }
        for c in 0..<k { row[c] *= common[c] - (c == label ? own[c] : 0) - mixed }
      }
    }
  }
}

/// I, P and Y of each class, over all processes.
private struct DiceSums {
  private var shared, predicted, labelled: [Double]

  init(
    _ logits: TensorView, _ labels: TensorView, over processes: any Communicator,
    _ threads: Threads
  ) {
    let k = logits.shape.c
    let size = 1 << 12
    let parts = (labels.shape.pixels + size - 1) / size
    var sums = [Double](repeating: 0, count: parts * 3 * k)
    sums.withUnsafeMutableBufferPointer { sums in
      nonisolated(unsafe) let sums = sums
      threads.forEach(labels.shape.pixels, by: size) { pixels, _ in
        withUnsafeTemporaryAllocation(of: Float.self, capacity: k) { row in
          guard let row = row.baseAddress else { return }
          for pixel in pixels {
            guard let label = labels.label(of: pixel, classes: k) else { continue }
            Self.shares(logits.base + pixel * k, k, into: row)
            let place = pixels.lowerBound / size * 3 * k
            for c in 0..<k { sums[place + k + c] += Double(row[c]) }
            sums[place + label] += Double(row[label])
            sums[place + 2 * k + label] += 1
          }
        }
      }
    }
    func total(_ which: Int) -> [Double] {
      processes.sums(
        (0..<k).map { c in (0..<parts).reduce(0) { $0 + sums[($1 * 3 + which) * k + c] } })
    }
    (shared, predicted, labelled) = (total(0), total(1), total(2))
  }

  /// P + Y + 1.
  func union(_ k: Int) -> Double { predicted[k] + labelled[k] + 1 }

  /// (2·I + 1) / (P + Y + 1).
  func ratio(_ k: Int) -> Double { (2 * shared[k] + 1) / union(k) }

  /// The softmax of a pixel's logits.
  static func shares(
    _ logits: UnsafePointer<Float>, _ k: Int, into row: UnsafeMutablePointer<Float>
  ) {
    row.update(from: logits, count: k)
    let total = Kernels.current.leaves.exponentials(row, k, 1)
    Kernels.current.leaves.scale(row, k, 1 / total, row)
  }
}
