import TestSupport
import Testing

@testable import Core

/// Every gradient against differences of the values.
@Suite("Gradients of operations")
struct OperationGradientTests {
  /// One convolution: its geometry and the picture's size.
  struct Problem: CustomTestStringConvertible, Sendable {
    var n = 2
    let h, w: Int
    let geometry: ConvolutionGeometry
    var testDescription: String {
      "[\(n), \(h), \(w)] \(Convolution(geometry, weights: [], bias: []).summary)"
    }
  }

  static let convolutions: [Problem] = {
    var problems: [Problem] = []
    for (inputs, outputs) in [(1, 1), (3, 17), (16, 5), (33, 40)] {
      problems.append(Problem(h: 5, w: 7, geometry: ConvolutionGeometry(inputs, outputs)))
      problems.append(
        Problem(h: 6, w: 5, geometry: ConvolutionGeometry(inputs, outputs, kernel: 3)))
      for stride in 2...3 {
        problems.append(
          Problem(
            h: 9, w: 8, geometry: ConvolutionGeometry(inputs, outputs, kernel: 3, stride: stride)))
      }
    }
    for channels in [2, 16, 37] {
      for stride in 1...2 {
        for (h, w) in [(7, 9), (8, 6)] {
          problems.append(
            Problem(
              h: h, w: w,
              geometry: ConvolutionGeometry(
                channels, channels, kernel: 3, stride: stride, groups: channels)))
        }
      }
    }
    problems += [
      Problem(h: 11, w: 9, geometry: ConvolutionGeometry(4, 6, kernel: 3, dilation: 2)),
      Problem(h: 11, w: 9, geometry: ConvolutionGeometry(4, 6, kernel: 3, stride: 2, dilation: 2)),
      Problem(h: 13, w: 10, geometry: ConvolutionGeometry(3, 6, kernel: 7, stride: 2)),
      Problem(h: 8, w: 9, geometry: ConvolutionGeometry(6, 4, stride: 2)),
      Problem(h: 6, w: 7, geometry: ConvolutionGeometry(8, 12, kernel: 3, groups: 4)),
      Problem(n: 1, h: 1, w: 1, geometry: ConvolutionGeometry(3, 8, kernel: 3)),
      // Patches that fill the grid, hang over it and leave some of it out; 7×7 depthwise.
      Problem(h: 6, w: 4, geometry: ConvolutionGeometry(5, 17, patch: 2, .padded)),
      Problem(h: 7, w: 5, geometry: ConvolutionGeometry(16, 6, patch: 2, .padded)),
      Problem(h: 7, w: 5, geometry: ConvolutionGeometry(16, 6, patch: 2, .cropped)),
      Problem(h: 9, w: 14, geometry: ConvolutionGeometry(3, 8, patch: 4, .padded)),
      Problem(h: 9, w: 14, geometry: ConvolutionGeometry(3, 8, patch: 4, .cropped)),
      Problem(h: 5, w: 17, geometry: ConvolutionGeometry(37, 37, kernel: 7, groups: 37)),
      Problem(h: 47, w: 41, geometry: ConvolutionGeometry(16, 16, kernel: 7, groups: 16)),
      Problem(h: 8, w: 5, geometry: ConvolutionGeometry(32, 32, kernel: 7, groups: 32)),
      Problem(h: 9, w: 13, geometry: ConvolutionGeometry(21, 21, kernel: 7, stride: 2, groups: 21)),
      Problem(
        h: 13, w: 15, geometry: ConvolutionGeometry(19, 19, kernel: 7, dilation: 2, groups: 19)),
      // Several parts of pixels, blocks of channels and groups of taps; Winograd's form.
      Problem(h: 47, w: 41, geometry: ConvolutionGeometry(20, 24, kernel: 3)),
      Problem(n: 1, h: 9, w: 9, geometry: ConvolutionGeometry(300, 40)),
      Problem(h: 47, w: 41, geometry: ConvolutionGeometry(19, 19, kernel: 3, groups: 19)),
    ]
    return problems
  }()

  @Test("convolution", arguments: InstructionSet.supported, convolutions)
  func convolution(_ set: InstructionSet, _ problem: Problem) {
    let g = problem.geometry
    var operation = KernelConvolution(g)
    operation.kernels = Kernels(set)
    GradientCheck(
      variables: [
        .random(Shape(n: problem.n, h: problem.h, w: problem.w, c: g.inputs), "x"),
        .random(KernelConvolution.kernelShape(g), "w"),
        .random(Shape(h: 1, w: 1, c: g.outputs), "b"),
      ], isLinear: true, samples: GradientCheck.samples(set)
    ) { $0[0].applying(operation, to: $0[1], $0[2], named: "conv") }
    .expectAgreement(within: 1e-4)
  }

  @Test("batch norm", arguments: InstructionSet.supported, KernelsTests.counts)
  func batchNorm(_ set: InstructionSet, channels: Int) {
    let shape = Shape(n: 2, h: 5, w: 7, c: channels)
    var x = Tensor.random(shape, "x")
    x.values = x.values.map { 3 * $0 + 1 }
    let channel = Shape(h: 1, w: 1, c: channels)
    for residual in [[], [Tensor.random(shape, "r")]] {
      func check(_ activation: Activation, weights: [Float]? = nil) -> GradientCheck {
        var (statistics, norm) = (
          BatchStatistics(), BatchNorm(epsilon: 1e-3, activation: activation)
        )
        statistics.kernels = Kernels(set)
        norm.kernels = Kernels(set)
        return GradientCheck(
          variables: [x, .random(channel, "gamma"), .random(channel, "beta")] + residual,
          samples: GradientCheck.samples(set), weights: weights
        ) { v in
          let batch = v[0].applying(statistics, named: "statistics").stoppingGradient
          return v[0].applying(norm, to: [batch] + v[1...], named: "norm")
        }
      }
      check(.identity).expectAgreement(within: 1e-2)
      // Differences see half a gradient where a value lies at a bound. What passes the activation is known:
      for activation in [Activation.relu, .relu6] {
        let activated = check(activation)
        let (low, high) = activation.bounds
        let passing = zip(activated.value().values, GradientCheck.randomWeights(shape.count)).map {
          $0 > low && $0 < high ? $1 : 0
        }
        let expected = check(.identity, weights: passing).gradients()
        for (gradient, expected) in zip(activated.gradients(), expected) {
          guard let gradient, let expected else {
            Issue.record("a gradient of batch norm is missing")
            continue
          }
          #expect(disagreement(gradient, expected) < operationTolerance, "\(activation)")
        }
      }
    }
  }

  /// The formula in double precision.
  @Test func batchNormReference() {
    let shape = Shape(n: 2, h: 3, w: 4, c: 5)
    var x = Tensor.random(shape, "x")
    // A mean far from 0 must not cost the variance its digits.
    x.values = x.values.map { $0 + 1000 }
    let statistics = BatchStatistics()(x)
    let gamma = Tensor.random(Shape(h: 1, w: 1, c: 5), "gamma")
    let beta = Tensor.random(Shape(h: 1, w: 1, c: 5), "beta")
    let y = BatchNorm(epsilon: 1e-3, activation: .relu)(x, statistics, gamma, beta)
    for c in 0..<5 {
      let values = (0..<shape.pixels).map { Double(x.values[$0 * 5 + c]) }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      #expect(abs(Double(statistics.values[c]) - mean) < 1e-4)
      #expect(abs(Double(statistics.values[5 + c]) - variance) < 1e-5 * variance)
      let expected = values.map {
        max(
          0,
          Double(gamma.values[c]) * ($0 - mean) / (variance + 1e-3).squareRoot()
            + Double(beta.values[c]))
      }
      let found = (0..<shape.pixels).map { y.values[$0 * 5 + c] }
      // The inputs themselves have 6·10⁻⁵ between neighbours.
      #expect(disagreement(found, expected.map { Float($0) }) < 1e-3)
    }
  }

  @Test("batch norm over many blocks")
  func largeBatchNorm() {
    GradientCheck(
      variables: [
        .random(Shape(n: 3, h: 37, w: 31, c: 20), "x"), .random(Shape(h: 1, w: 1, c: 20), "gamma"),
        .random(Shape(h: 1, w: 1, c: 20), "beta"),
      ]
    ) { v in
      v[0].applying(
        BatchNorm(epsilon: 1e-5),
        to: v[0].applying(BatchStatistics(), named: "statistics").stoppingGradient, v[1], v[2],
        named: "norm")
    }.expectAgreement(within: 1e-2)
  }

  @Test(
    "resize", arguments: InstructionSet.supported,
    [(5, 7, 9, 13), (3, 3, 8, 5), (1, 1, 4, 3), (9, 9, 5, 3), (6, 5, 1, 1)])
  func resize(_ set: InstructionSet, _ sizes: (Int, Int, Int, Int)) {
    for rule in Resize.Rule.allCases {
      var resize = Resize(height: sizes.2, width: sizes.3, rule: rule)
      resize.kernels = Kernels(set)
      for channels in [1, 5, 16, 19] {
        GradientCheck(
          variables: [
            .random(Shape(n: 2, h: sizes.0, w: sizes.1, c: channels), "x"),
            .random(Shape(n: 2, h: sizes.2, w: sizes.3, c: channels), "r"),
          ], isLinear: true, samples: GradientCheck.samples(set)
        ) { $0[0].applying(resize, to: $0[1], named: "resize") }
        .expectAgreement(within: 1e-4)
      }
    }
  }

  @Test("pooling", arguments: PoolingTests.poolings)
  func pooling(_ pooling: Pooling) {
    for (h, w) in [(7, 9), (6, 5)] {
      GradientCheck(
        variables: [.random(Shape(n: 2, h: h, w: w, c: 19), "x")], step: 1e-4
      ) { $0[0].applying(pooling, named: "pool") }
      .expectAgreement(within: 2e-2)
    }
  }

  @Test("sum of a value with itself")
  func sum() {
    GradientCheck(
      variables: [.random(Shape(h: 3, w: 4, c: 5), "a"), .random(Shape(h: 3, w: 4, c: 5), "b")],
      isLinear: true
    ) { $0[0].summed(with: $0[1], $0[0], named: "sum") }.expectAgreement(within: 1e-4)
  }

  @Test("self-attention", arguments: InstructionSet.supported, [(2, 3, 5), (1, 1, 1), (1, 12, 13)])
  func selfAttention(_ set: InstructionSet, _ size: (Int, Int, Int)) {
    for (d, c) in [(5, 9), (16, 33)] {
      var attention = SelfAttention(scale: 0.7)
      attention.kernels = Kernels(set)
      let (n, h, w) = size
      GradientCheck(
        variables: [
          .random(Shape(n: n, h: h, w: w, c: c), "x"), .random(Shape(n: n, h: h, w: w, c: d), "q"),
          .random(Shape(n: n, h: h, w: w, c: d), "k"), .random(Shape(n: n, h: h, w: w, c: c), "v"),
        ], samples: GradientCheck.samples(set)
      ) { $0[0].applying(attention, to: $0[1], $0[2], $0[3], named: "attention") }
      .expectAgreement()
    }
  }

  @Test(
    "axial attention", arguments: InstructionSet.supported,
    [(2, 3, 5), (1, 1, 1), (1, 13, 7), (1, 2, 121)])
  func axialMixing(_ set: InstructionSet, _ size: (Int, Int, Int)) {
    for (heads, c, d) in [(1, 5, 5), (4, 24, 24), (2, 10, 6), (3, 6, 9)] {
      var mixing = AxialMixing(heads: heads)
      mixing.kernels = Kernels(set)
      let shape = Shape(n: size.0, h: size.1, w: size.2, c: c)
      GradientCheck(
        variables: [("x", c), ("q", d), ("k", d), ("v", c)].map {
          .random(shape.channels($1), $0)
        },
        samples: GradientCheck.samples(set)
      ) {
        $0[0].applying(mixing, to: $0[1], $0[2], $0[3], named: "axial")
      }.expectAgreement()
    }
  }

  /// What training records of axial attention is what the naive loops make of the same projections.
  @Test(
    "axial attention in training agrees with the naive loops", arguments: InstructionSet.supported)
  func axialReference(_ set: InstructionSet) {
    for (n, h, w, heads, c, d) in [
      (1, 5, 7, 2, 8, 8), (2, 1, 9, 1, 5, 3), (1, 13, 4, 3, 33, 6), (1, 3, 4, 2, 4, 10),
    ] {
      func projection(_ name: String, to outputs: Int) -> Convolution {
        Convolution(
          ConvolutionGeometry(c, outputs),
          weights: RandomWeights.uniform(name, seed: 2, count: outputs * c),
          bias: RandomWeights.uniform(name + " bias", seed: 2, count: outputs))
      }
      let attention = AxialAttention(
        heads: heads, query: projection("query", to: d), key: projection("key", to: d),
        value: projection("value", to: c))
      let x = Tensor.random(Shape(n: n, h: h, w: w, c: c), "x")
      var mixing = AxialMixing(heads: heads)
      mixing.kernels = Kernels(set)
      let y = mixing(
        x, attention.query(x), attention.key(x), attention.value(x), threads: Threads(2))
      #expect(disagreement(y, axialAttentionReference(attention, x)) < directTolerance)
    }
  }

  /// Nothing comes back through sg(·), not even through a second reader's path.
  @Test func stoppedGradients() {
    let shape = Shape(h: 2, w: 3, c: 4)
    let check = GradientCheck(variables: [.random(shape, "a"), .random(shape, "b")]) { v in
      let inner = v[0].summed(with: v[1], named: "inner")
      return inner.stoppingGradient.summed(with: v[1], named: "outer")
    }
    let gradients = check.gradients()
    #expect(gradients[0] == nil)
    #expect(gradients[1]?.values == RandomWeights.uniform("projection", seed: 5, count: 24))
  }
}
