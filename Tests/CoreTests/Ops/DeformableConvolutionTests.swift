import TestSupport
import Testing

@testable import Core

@Suite("Deformable convolution")
struct DeformableConvolutionTests {
  /// One problem: its geometry, the map's size and how far offsets reach.
  struct Problem: CustomTestStringConvertible, Sendable {
    var n = 1
    let h, w: Int
    let geometry: DeformableGeometry
    var reach: Float = 2

    var testDescription: String { "[\(n), \(h), \(w)] \(geometry), offsets up to \(reach)" }

    var x: Tensor { .random(Shape(n: n, h: h, w: w, c: geometry.inputs), "x") }
    var offsets: Tensor {
      let map = Tensor.random(Shape(n: n, h: h, w: w, c: geometry.offsets), "offsets")
      return Tensor(map.shape, map.values.map { reach * $0 })
    }
    var weights: [Float] {
      RandomWeights.uniform(
        "w", seed: 1, count: geometry.taps * geometry.inputs * geometry.outputs)
    }
    var bias: [Float] { RandomWeights.uniform("b", seed: 1, count: geometry.outputs) }

    func fast(_ set: InstructionSet, _ activation: Activation = .identity) -> DeformableConvolution
    {
      DeformableConvolution(
        geometry, weights: weights, bias: bias, activation: activation, kernels: Kernels(set))
    }
  }

  static let problems: [Problem] = {
    var problems: [Problem] = []
    for (inputs, outputs) in [(1, 1), (3, 17), (16, 5), (33, 40)] {
      problems.append(Problem(h: 5, w: 7, geometry: DeformableGeometry(inputs, outputs)))
      problems.append(Problem(n: 2, h: 6, w: 5, geometry: DeformableGeometry(inputs, outputs)))
    }
    return problems + [
      Problem(h: 1, w: 1, geometry: DeformableGeometry(5, 3)),
      Problem(n: 2, h: 4, w: 9, geometry: DeformableGeometry(6, 4, groups: 3)),
      Problem(h: 4, w: 9, geometry: DeformableGeometry(34, 7, groups: 2)),
      Problem(h: 6, w: 5, geometry: DeformableGeometry(4, 6, kernel: 1)),
      Problem(h: 7, w: 6, geometry: DeformableGeometry(4, 6, kernel: 5)),
      // Far beyond the borders, and where nothing is displaced.
      Problem(n: 2, h: 5, w: 6, geometry: DeformableGeometry(7, 9), reach: 40),
      Problem(n: 2, h: 5, w: 6, geometry: DeformableGeometry(7, 9), reach: 0),
      // Several blocks of pixels, of depth and of groups within one.
      Problem(h: 13, w: 17, geometry: DeformableGeometry(48, 35)),
      Problem(h: 3, w: 5, geometry: DeformableGeometry(290, 33, groups: 2)),
    ]
  }()

  @Test("agrees with the naive loops", arguments: InstructionSet.supported, problems)
  func reference(_ set: InstructionSet, _ problem: Problem) {
    let expected = deformableConvolutionReference(
      problem.geometry, weights: problem.weights, bias: problem.bias, problem.x,
      offsets: problem.offsets)
    let y = problem.fast(set)(problem.x, problem.offsets, threads: Threads(2))
    #expect(disagreement(y, expected) < operationTolerance)
    let activated = problem.fast(set, .relu)(problem.x, problem.offsets)
    #expect(activated.values == y.values.map { Activation.relu($0) })
  }

  /// Without displacement, and with factors of 1/2, it is half an ordinary convolution.
  @Test func undeformed() {
    let problem = Problem(n: 2, h: 9, w: 6, geometry: DeformableGeometry(17, 12), reach: 0)
    let convolution = Convolution(
      problem.geometry.undeformed, weights: problem.weights.map { $0 / 2 }, bias: problem.bias,
      kernels: .current, form: .products)
    let y = problem.fast(.current)(problem.x, problem.offsets)
    #expect(disagreement(y, convolution(problem.x)) < operationTolerance)
  }

  @Test("gradients", arguments: InstructionSet.supported, problems)
  func gradients(_ set: InstructionSet, _ problem: Problem) {
    let g = problem.geometry
    var operation = KernelDeformableConvolution(g)
    operation.kernels = Kernels(set)
    // Between pixels samples are linear in the offsets: a difference must not step over one.
    let offsets = Tensor(
      problem.offsets.shape,
      problem.offsets.values.map {
        let rest = $0 - $0.rounded(.down)
        return $0 - rest + 0.1 + 0.8 * rest
      })
    GradientCheck(
      variables: [
        problem.x, offsets,
        Tensor(KernelConvolution.kernelShape(g.undeformed), problem.weights),
        Tensor(Shape(h: 1, w: 1, c: g.outputs), problem.bias),
      ], samples: GradientCheck.samples(set)
    ) { $0[0].applying(operation, to: $0[1], $0[2], $0[3], named: "conv") }
    .expectAgreement()
  }

  /// A place that is no number makes outputs that are none; one at infinity sees zeros.
  @Test("offsets that are not finite", arguments: InstructionSet.supported)
  func notFinite(_ set: InstructionSet) {
    let problem = Problem(h: 3, w: 4, geometry: DeformableGeometry(5, 2))
    var offsets = problem.offsets
    let expected = problem.fast(set)(problem.x, offsets)
    offsets[0, 1, 2, 0] = .nan
    offsets[0, 2, 3, 1] = .infinity
    offsets[0, 0, 0, 26] = .nan
    let y = problem.fast(set)(problem.x, offsets)
    for pixel in 0..<12 {
      let values = y.values[(2 * pixel)..<(2 * pixel + 2)]
      switch pixel {
      case 0, 6: #expect(values.allSatisfy { $0.isNaN })
      case 11: #expect(values.allSatisfy { $0.isFinite })
      default: #expect(Array(values) == Array(expected.values[(2 * pixel)..<(2 * pixel + 2)]))
      }
    }
    var far = problem.offsets
    for channel in 0..<18 { far[0, 0, 0, channel] = channel % 2 == 0 ? -.infinity : 1e30 }
    #expect(Array(problem.fast(set)(problem.x, far).values[..<2]) == problem.bias)
  }
}
