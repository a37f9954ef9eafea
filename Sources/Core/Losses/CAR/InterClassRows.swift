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

extension InterClassRows {
  /// Writes Σ_k value_ik · μ_k, times a factor, to row i of `target`, or to the place that `places` has for it.
  func mix(
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

/// ⟨a, b⟩ in double precision.
func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Double {
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
