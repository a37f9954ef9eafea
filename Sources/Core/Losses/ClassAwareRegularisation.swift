/// The three terms of "CAR: Class-aware Regularizations for Semantic Segmentation" (arXiv:2203.07160) as the authors' code
/// has them (`car_core/{car,utils}.py`): features of one class stay together, class centres apart from each other, and
/// pixels apart from the centres of other classes.
///
/// They look at x, the context's feature before its last activation, and pull at nothing through the centres that they
/// compare with: those are sg(μ).
public struct ClassAwareRegularisation: Sendable, Equatable {
  /// Weight of the intra-class term.
  public var intra: Float = 1
  /// Weight of each of the two inter-class terms.
  public var inter: Float = 1
  /// Whether ignored pixels, to which every class is another, take part in the pixel term, as they do in the authors' code.
  public var includesIgnored = true

  /// All weights 1.
  public init() {}

  /// ε₀ and ε₁ of the code: how much of a row all other classes may have together before it costs something.
  static let (centreMargin, pixelMargin): (Float, Float) = (0.5, 0.25)

  /// The terms on x `[n, h, w, c]` with labels `[n, H, W, 1]`, each a single number, and their weights.
  func terms(_ x: Value, _ labels: Value, classes: Int) -> [(
    name: String, loss: Value, weight: Float
  )] {
    let labels = labels.applying(
      NearestResize(height: x.shape.h, width: x.shape.w), named: "car.labels")
    let processes = x.trace.processes
    let centres = x.applying(
      ClassCentres(classes: classes, processes: processes), to: labels, named: "car.centres")
    let fixed = centres.stoppingGradient
    return [
      (
        "intra-c2p",
        x.applying(
          IntraClassDeviation(processes: processes), to: fixed, labels, named: "car.intra"),
        intra
      ),
      (
        "inter-c2c",
        centres.applying(InterClassCentres(margin: Self.centreMargin), to: fixed, named: "car.c2c"),
        inter
      ),
      (
        "inter-c2p",
        x.applying(
          InterClassPixels(
            margin: Self.pixelMargin, includesIgnored: includesIgnored, processes: processes),
          to: fixed, labels, named: "car.c2p"), inter
      ),
    ]
  }
}

/// Labels on a coarser grid: the nearest pixel with aligned corners, halves rounded away from zero.
///
/// Input: `[n, H, W, 1]`.
struct NearestResize: Operation {
  let height, width: Int

  var summary: String { "nearest resize to \(width)×\(height)" }

  func outputShape(for inputs: [Shape]) -> Shape { inputs[0].resized(h: height, w: width) }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let x = inputs[0]
    func place(_ i: Int, _ size: Int, _ resized: Int) -> Int {
      // ⌊i·(size − 1)/(resized − 1) + ½⌋ in whole numbers.
      resized > 1 ? (2 * i * (size - 1) + resized - 1) / (2 * (resized - 1)) : 0
    }
    for n in 0..<x.shape.n {
      for i in 0..<height {
        let row = x.base + (n * x.shape.h + place(i, x.shape.h, height)) * x.shape.w * x.shape.c
        for j in 0..<width {
          let source = row + place(j, x.shape.w, width) * x.shape.c
          (output.base + ((n * height + i) * width + j) * x.shape.c)
            .update(from: source, count: x.shape.c)
        }
      }
    }
  }
}

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
