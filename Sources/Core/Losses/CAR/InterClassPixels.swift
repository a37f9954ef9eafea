/// CAR's pixel term: pixels keep apart from the centres of other classes.
///
/// ``InterClassRows`` with s_pk = ⟨x_p, sg(μ_k)⟩ for other classes and the constant ‖sg(μ_k)‖² for the pixel's own, ε₁ = 0.25.
/// To an ignored pixel every class is another. Inputs: x `[n, h, w, c]`, sg(μ) `[1, 1, K, c]` and labels `[n, h, w, 1]`.
struct InterClassPixels: DifferentiableOperation {
  let margin: Float
  /// Whether ignored pixels take part; the mean is over those that do.
  let includesIgnored: Bool
  /// Those that share the batch.
  var processes: any Communicator = SoleProcess()

  var summary: String { "CAR, between pixels and centres" }

  func outputShape(for inputs: [Shape]) -> Shape { Shape(h: 1, w: 1, c: 1) }

  /// The pixels that take part, and their rows.
  fileprivate func rows(
    _ inputs: [TensorView], _ threads: Threads
  ) -> (pixels: [Int], rows: InterClassRows) {
    let (x, centres, labels) = (inputs[0], inputs[1], inputs[2])
    let (k, c) = (centres.shape.w, x.shape.c)
    let pixels = (0..<labels.shape.pixels).filter { includesIgnored || labels.base[$0] >= 0 }
    let own = pixels.map { labels.label(of: $0, classes: k) }
    let norms = (0..<k).map { dot(centres.base + $0 * c, centres.base + $0 * c, c) }
    let values = [Double](unsafeUninitializedCapacity: pixels.count * k) { values, count in
      nonisolated(unsafe) let values = values
      threads.forEach(pixels.count, by: 16) { rows, _ in
        for row in rows {
          for j in 0..<k {
            values.initializeElement(
              at: row * k + j,
              to: j == own[row]
                ? norms[j] : dot(x.base + pixels[row] * c, centres.base + j * c, c))
          }
        }
      }
      count = pixels.count * k
    }
    return (
      pixels,
      InterClassRows(
        values: values, own: own, classes: k, factor: 1 / Double(c).squareRoot(),
        margin: Double(margin) / Double(max(1, k - 1)),
        count: max(1, processes.sum(Double(pixels.count))), processes: processes)
    )
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    var (_, rows) = rows(inputs, threads)
    output.base[0] = Float(rows.loss())
  }

  /// ∂x by ``Gradient``; the centres must be stopped.
  func gradients(of step: Pullback) -> [Value?] {
    step.gradients(ofFirst: "x", by: Gradient(loss: self))
  }

  /// ∂x_p = ∂L · Σ_{k ≠ own} ∂s_pk · sg(μ_k).
  ///
  /// Inputs: x, sg(μ), labels, ∂L.
  struct Gradient: Operation {
    let loss: InterClassPixels

    var summary: String { "gradient of CAR, between pixels and centres" }

    func outputShape(for inputs: [Shape]) -> Shape { inputs[0] }

    func run(
      _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
      threads: Threads
    ) {
      var (pixels, rows) = loss.rows(inputs, threads)
      rows.differentiate()
      // The score of the own class is a constant.
      for (row, own) in rows.own.enumerated() {
        own.map { rows.values[row * rows.classes + $0] = 0 }
      }
      let c = output.shape.c
      output.base.update(repeating: 0, count: output.shape.count)
      rows.mix(
        inputs[1], factor: Double(inputs[3].base[0]), into: output.base,
        places: pixels.map { $0 * c }, threads: threads)
    }
  }
}
