import TestSupport
import Testing

@testable import Core

@Suite("Gradients of losses")
struct LossGradientTests {
  /// Labels of every class and some ignored pixels.
  static func labels(_ shape: Shape, classes: Int) -> Tensor {
    Tensor(
      shape.channels(1),
      RandomWeights.uniform("labels", seed: 4, count: shape.pixels) { u in
        ((u + 1) / 2 * Double(classes + 1)).rounded(.down) - 1
      })
  }

  static let shape = Shape(n: 2, h: 4, w: 5, c: 7)

  @Test("cross entropy", arguments: PixelMean.allCases, [Float(0), 0.5, 2])
  func crossEntropy(_ mean: PixelMean, _ focus: Float) {
    let labels = Self.labels(Self.shape, classes: 7)
    var logits = Tensor.random(Self.shape, "logits")
    logits.values = logits.values.map { 3 * $0 }
    let check = GradientCheck(variables: [logits, labels]) {
      $0[0].applying(
        CrossEntropy(mean: mean, focus: focus), to: $0[1].stoppingGradient, named: "ce")
    }
    check.expectAgreement()
    // The definition, in double precision.
    let pixels = (0..<Self.shape.pixels).compactMap { pixel -> Double? in
      let label = Int(labels.values[pixel])
      guard label >= 0 else { return nil }
      let row = logits.values[(pixel * 7)..<(pixel * 7 + 7)].map { Double($0) }
      let q = softmaxReference(row)[label]
      return -q.logarithm * (1 - q).power(Double(focus))
    }
    let count = mean == .allPixels ? Self.shape.pixels : pixels.count
    let loss = CrossEntropy(mean: mean, focus: focus)(logits, labels).values[0]
    #expect(abs(loss - Float(pixels.reduce(0, +) / Double(count))) < 1e-5)
  }

  @Test func dice() {
    let labels = Self.labels(Self.shape, classes: 7)
    GradientCheck(variables: [.random(Self.shape, "logits"), labels]) {
      $0[0].applying(Dice(), to: $0[1].stoppingGradient, named: "dice")
    }.expectAgreement()
  }

  /// A label that cannot be reached by any logit: the loss is large, not infinite, and the gradient 1/m.
  @Test func certainMistakes() {
    let logits = Tensor(Shape(h: 1, w: 1, c: 2), [0, 1e4])
    let labels = Tensor(Shape(h: 1, w: 1, c: 1), [0])
    #expect(CrossEntropy(mean: .validPixels)(logits, labels).values == [1e4])
    let gradient = CrossEntropyGradient(CrossEntropy(mean: .validPixels))(
      logits, labels, Tensor(Shape(h: 1, w: 1, c: 1), [1]))
    #expect(gradient.values == [-1, 1])
  }

  @Test("without a labelled pixel losses are 0", arguments: PixelMean.allCases)
  func nothingLabelled(_ mean: PixelMean) {
    let labels = Tensor(Self.shape.channels(1), filled: -1)
    let logits = Tensor.random(Self.shape, "logits")
    #expect(CrossEntropy(mean: mean)(logits, labels).values == [0])
    let gradient = CrossEntropyGradient(CrossEntropy(mean: mean))(
      logits, labels, Tensor(Shape(h: 1, w: 1, c: 1), [1]))
    #expect(gradient.values.allSatisfy { $0 == 0 })
  }

  /// The formulas, pixel by pixel; ignored pixels count in the mean.
  @Test("CAR's term within classes", arguments: IntraClassDeviation.Form.allCases)
  func intra(_ form: IntraClassDeviation.Form) {
    let x = Tensor.random(Self.shape, "x")
    let labels = Self.labels(Self.shape, classes: 4)
    let centres = Tensor.random(Shape(h: 1, w: 4, c: Self.shape.c), "centres")
    let c = Self.shape.c
    var sum = 0.0
    for (pixel, label) in labels.values.enumerated() where label >= 0 && label < 4 {
      for k in 0..<c {
        let d = Double(x.values[pixel * c + k] - centres.values[Int(label) * c + k])
        sum += form == .squaredMean ? abs(d) : d * d
      }
    }
    let mean = sum / Double(x.shape.count)
    let expected = form == .squaredMean ? mean * mean : mean
    let loss = IntraClassDeviation(form: form)(x, centres, labels).values[0]
    #expect(abs(Double(loss) - expected) < 1e-6 * expected)
  }

  /// CAR's terms; their labels are on a grid twice as fine.
  @Test("CAR", arguments: [true, false]) func car(_ includesIgnored: Bool) {
    var car = ClassAwareRegularisation()
    car.includesIgnored = includesIgnored
    let shape = Shape(n: 2, h: 4, w: 5, c: 9)
    let labels = Self.labels(shape.resized(h: 7, w: 9), classes: 4)
    var x = Tensor.random(shape, "x")
    x.values = x.values.map { 2 * $0 }
    for term in 0..<3 {
      let check = GradientCheck(variables: [x, labels], step: 1e-3) { v in
        car.terms(v[0], v[1].stoppingGradient, classes: 4)[term].loss
      }
      // Differences move the centres, too, which gradients do not see; they are looked at one by one below.
      if term == 1 { continue }
      #expect(check.gradients()[0] != nil)
    }
    let centres = Tensor.random(Shape(h: 1, w: 4, c: 9), "centres")
    let coarse = Self.labels(shape, classes: 4)
    for form in IntraClassDeviation.Form.allCases {
      GradientCheck(variables: [x, centres, coarse], step: 1e-3) {
        $0[0].applying(
          IntraClassDeviation(form: form), to: $0[1].stoppingGradient, $0[2].stoppingGradient,
          named: "intra")
      }.expectAgreement(within: 2e-2)
    }
    GradientCheck(variables: [x, centres, coarse], step: 1e-2) {
      $0[0].applying(
        InterClassPixels(margin: 0.25, includesIgnored: includesIgnored),
        to: $0[1].stoppingGradient, $0[2].stoppingGradient, named: "c2p")
    }.expectAgreement(within: 2e-2)
    GradientCheck(variables: [centres, .random(Shape(h: 1, w: 4, c: 9), "keys")], step: 1e-2) {
      $0[0].applying(InterClassCentres(margin: 0.5), to: $0[1].stoppingGradient, named: "c2c")
    }.expectAgreement(within: 2e-2)
    GradientCheck(variables: [x, coarse], isLinear: true) {
      $0[0].applying(ClassCentres(classes: 4), to: $0[1].stoppingGradient, named: "centres")
    }.expectAgreement(within: 1e-4)
  }
}
