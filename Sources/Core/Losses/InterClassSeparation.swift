/// What CAR's two inter-class terms share: rows of scores against class centres, and how much of their softmax lies on other
/// classes.
///
///     A_i = softmax(s_i / √c),   r_i = Σ_{j ≠ own} max(A_ij − ε / (K − 1), 0), clipped to [10⁻⁷, 1 − 10⁻⁷],
///     L = (mean_i r_i)²
struct InterClassRows {
  /// Scores before their factor 1/√c, a row for each i; in place they become shares, then gradients of the scores.
  var values: [Double]
  /// The class that row i is compared with itself at, `nil` if it has none.
  let own: [Int?]
  let classes: Int
  /// 1/√c.
  let factor: Double
  let margin: Double
  /// What the sum of r is divided by.
  let count: Double
  /// Those that have a share of the rows each.
  var processes: any Communicator = SoleProcess()

  private static let bounds = 1e-7...(1 - 1e-7)

  /// Replaces scores by shares; returns r, before it is clipped.
  private mutating func share() -> [Double] {
    own.indices.map { row in
      let range = (row * classes)..<((row + 1) * classes)
      let peak = values[range].max() ?? 0
      var total = 0.0
      for index in range {
        values[index] = ((values[index] - peak) * factor).exponential
        total += values[index]
      }
      var others = 0.0
      for index in range {
        values[index] /= total
        if own[row] != index - range.lowerBound { others += max(values[index] - margin, 0) }
      }
      return others
    }
  }

  private static func clipped(_ r: Double) -> Double {
    min(max(r, bounds.lowerBound), bounds.upperBound)
  }

  private func mean(_ r: [Double]) -> Double {
    processes.sum(r.reduce(0) { $0 + Self.clipped($1) }) / count
  }

  /// L.
  mutating func loss() -> Double {
    let mean = mean(share())
    return mean * mean
  }

  /// Replaces scores by ∂L/∂score, the factor included.
  mutating func differentiate() {
    let r = share()
    let mean = mean(r)
    for row in own.indices {
      let range = (row * classes)..<((row + 1) * classes)
      let slope = Self.bounds.contains(r[row]) ? 2 * mean / count : 0
      func gradient(_ index: Int) -> Double {
        own[row] != index - range.lowerBound && values[index] > margin ? slope : 0
      }
      let common = range.reduce(0) { $0 + values[$1] * gradient($1) }
      let shares = values[range]
      for index in range {
        values[index] = factor * shares[index] * (gradient(index) - common)
      }
    }
  }
}

/// CAR's centre term: class centres keep apart from each other.
///
/// ``InterClassRows`` with s_ij = ⟨μ_i, sg(μ_j)⟩, ε₀ = 0.5, over all K classes, absent ones included. Inputs: μ and sg(μ),
/// `[1, 1, K, c]` each.
struct InterClassCentres: DifferentiableOperation {
  let margin: Float

  var summary: String { "CAR, between centres" }

  func outputShape(for inputs: [Shape]) -> Shape {
    precondition(inputs[0] == inputs[1], "centres \(inputs[0]) and \(inputs[1])")
    return Shape(h: 1, w: 1, c: 1)
  }

  fileprivate func rows(_ queries: TensorView, _ keys: TensorView) -> InterClassRows {
    let (k, c) = (queries.shape.w, queries.shape.c)
    return InterClassRows(
      values: (0..<(k * k)).map { index in
        dot(queries.base + index / k * c, keys.base + index % k * c, c)
      }, own: (0..<k).map { $0 }, classes: k, factor: 1 / Double(c).squareRoot(),
      margin: Double(margin) / Double(max(1, k - 1)), count: Double(k))
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    var rows = rows(inputs[0], inputs[1])
    output.base[0] = Float(rows.loss())
  }

  /// ∂μ by ``Gradient`` for the first input; the second must be stopped.
  func gradients(of step: Pullback) -> [Value?] {
    precondition(!step.wants(1), "CAR's centre term compares with sg(μ)")
    return [
      step.gradient(of: 0) {
        step.inputs[0].applying(
          Gradient(loss: self), to: step.inputs[1], step.cotangent, named: step.name + " ∂centres")
      },
      nil,
    ]
  }

  /// ∂μ_i = ∂L · Σ_j ∂s_ij · sg(μ_j).
  ///
  /// Inputs: μ, sg(μ), ∂L.
  struct Gradient: Operation {
    let loss: InterClassCentres

    var summary: String { "gradient of CAR, between centres" }

    func outputShape(for inputs: [Shape]) -> Shape { inputs[0] }

    func run(
      _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
      threads: Threads
    ) {
      var rows = loss.rows(inputs[0], inputs[1])
      rows.differentiate()
      rows.mix(
        inputs[1], factor: Double(inputs[2].base[0]), into: output.base, threads: threads)
    }
  }
}

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
    precondition(!step.wants(1), "CAR's pixel term compares with sg(μ)")
    return [
      step.gradient(of: 0) {
        step.inputs[0].applying(
          Gradient(loss: self), to: step.inputs[1], step.inputs[2], step.cotangent,
          named: step.name + " ∂x")
      },
      nil, nil,
    ]
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

extension InterClassRows {
  /// Writes Σ_k value_ik · μ_k, times a factor, to row i of `target`, or to the place that `places` has for it.
  fileprivate func mix(
    _ centres: TensorView, factor: Double, into target: UnsafeMutablePointer<Float>,
    places: [Int]? = nil, threads: Threads
  ) {
    let c = centres.shape.c
    threads.forEach(own.count, by: 64) { rows, _ in
      for row in rows {
        let place = target + (places?[row] ?? row * c)
        for channel in 0..<c {
          var sum = 0.0
          for k in 0..<classes {
            sum += values[row * classes + k] * Double(centres.base[k * c + channel])
          }
          place[channel] = Float(sum * factor)
        }
      }
    }
  }
}

private func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Double {
  var sums = SIMD8<Double>()
  let whole = count - count % 8
  for i in stride(from: 0, to: whole, by: 8) {
    let x = UnsafeRawPointer(a + i).loadUnaligned(as: SIMD8<Float>.self)
    let y = UnsafeRawPointer(b + i).loadUnaligned(as: SIMD8<Float>.self)
    sums += SIMD8<Double>(x) * SIMD8<Double>(y)
  }
  var sum = sums.sum()
  for i in whole..<count { sum += Double(a[i]) * Double(b[i]) }
  return sum
}
