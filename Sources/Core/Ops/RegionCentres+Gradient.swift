extension RegionCentres: DifferentiableOperation {
  /// ∂x = Σ_k a_k · ∂y_k, and ∂z_pk = a_pk · ⟨x_p − y_k, ∂y_k⟩.
  func gradients(of step: Pullback) -> [Value?] {
    let (x, z) = (step.inputs[0], step.inputs[1])
    return [
      step.gradient(of: 0) {
        x.applying(
          RegionCentresGradient(input: .map), to: z, step.output, step.cotangent,
          named: step.name + " ∂x")
      },
      step.gradient(of: 1) {
        x.applying(
          RegionCentresGradient(input: .scores), to: z, step.output, step.cotangent,
          named: step.name + " ∂z")
      },
    ]
  }
}

/// The gradient of one input of ``RegionCentres``; inputs: x, z, y and ∂y.
struct RegionCentresGradient: Operation {
  enum Input { case map, scores }

  let input: Input
  var kernels = Kernels.current

  init(input: Input) { self.input = input }

  var summary: String { "gradient of centres of regions" }

  func outputShape(for inputs: [Shape]) -> Shape { input == .map ? inputs[0] : inputs[1] }

  func multiplyAdds(for inputs: [Shape]) -> Int { inputs[0].count * inputs[1].c }

  /// The shares of all classes.
  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    inputs[1].n * inputs[1].c * roundedToCacheLine(inputs[1].h * inputs[1].w)
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (x, z, y, dy) = (inputs[0], inputs[1], inputs[2], inputs[3])
    let (pixels, classes, c) = (x.shape.h * x.shape.w, z.shape.c, x.shape.c)
    let row = roundedToCacheLine(pixels)
    threads.forEach(x.shape.n * classes) { task, _ in
      let (n, k) = task.quotientAndRemainder(dividingBy: classes)
      z.shares(image: n, of: k, into: scratch + task * row)
    }
    threads.forEach(x.shape.n * pixels, by: 16) { places, _ in
      for place in places {
        let (n, p) = place.quotientAndRemainder(dividingBy: pixels)
        let values = x.base + place * c
        let target = output.base + place * output.shape.c
        if input == .map { target.update(repeating: 0, count: c) }
        for k in 0..<classes {
          let share = scratch[(n * classes + k) * row + p]
          let centre = (n * classes + k) * c
          switch input {
          case .map: kernels.leaves.add_scaled(dy.base + centre, c, share, target)
          case .scores:
            target[k] =
              share
              * dotProduct(ofDifference: values, y.base + centre, with: dy.base + centre, c)
          }
        }
      }
    }
  }
}

/// ⟨a − b, d⟩ of `count` values.
private func dotProduct(
  ofDifference a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
  with d: UnsafePointer<Float>, _ count: Int
) -> Float {
  var sums = Lanes.zero
  var i = 0
  while i + 16 <= count {
    sums += ((a + i).lanes - (b + i).lanes) * (d + i).lanes
    i += 16
  }
  var total = sums.sum()
  while i < count {
    total += (a[i] - b[i]) * d[i]
    i += 1
  }
  return total
}
