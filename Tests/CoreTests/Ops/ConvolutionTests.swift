import TestSupport
import Testing

@testable import Core

@Suite("Convolution")
struct ConvolutionTests {
  /// One convolution problem; the description names it in failures.
  struct Problem: CustomTestStringConvertible, Sendable {
    var h = 7
    var w = 5
    var n = 1
    let geometry: ConvolutionGeometry
    var activation = Activation.identity
    var testDescription: String {
      "[\(n), \(h), \(w)] \(Convolution(geometry, weights: [], bias: []).summary) \(activation)"
    }
  }

  /// A 3×3 box over 3×3 ones counts the cells under the window.
  @Test func handExample() {
    let box = Convolution(
      ConvolutionGeometry(1, 1, kernel: 3), weights: [Float](repeating: 1, count: 9), bias: [0.5])
    let y = box(Tensor(Shape(h: 3, w: 3, c: 1), filled: 1))
    #expect(y.values == [4.5, 6.5, 4.5, 6.5, 9.5, 6.5, 4.5, 6.5, 4.5])
  }

  /// Channel counts around the vectors' widths (4, 8, 16), sizes 1 and prime, everything the geometry can say.
  static let problems: [Problem] = {
    var problems: [Problem] = []
    for channels in [1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33] {
      problems.append(Problem(geometry: ConvolutionGeometry(channels, 19)))
      problems.append(
        Problem(geometry: ConvolutionGeometry(5, channels, kernel: 3), activation: .relu))
      problems.append(
        Problem(
          h: 9, w: 11,
          geometry: ConvolutionGeometry(channels, channels, kernel: 3, groups: channels),
          activation: .relu6))
      problems.append(
        Problem(
          h: 8, w: 11,
          geometry: ConvolutionGeometry(channels, channels, kernel: 3, stride: 2, groups: channels))
      )
    }
    // Runs of outputs of every length, inside the picture and at its edges.
    for width in [1, 2, 6, 7, 13, 14, 15, 20, 21, 35, 61] {
      problems.append(
        Problem(
          h: 9, w: width, geometry: ConvolutionGeometry(37, 37, kernel: 7, groups: 37),
          activation: .relu))
    }
    problems.append(
      Problem(h: 3, w: 29, n: 2, geometry: ConvolutionGeometry(16, 16, kernel: 7, groups: 16)))
    // Blocks of rows; strides, dilation and paddings that leave the window's own form.
    for channels in [16, 21, 48] {
      func depthwise(
        stride: Int = 1, dilation: Int = 1, padding: (Int, Int) = (3, 3)
      ) -> ConvolutionGeometry {
        ConvolutionGeometry(
          channels, channels, kernel: (7, 7), stride: stride, dilation: dilation, groups: channels,
          padding: padding)
      }
      problems += [
        Problem(h: 23, w: 19, n: 2, geometry: depthwise()),
        Problem(h: 17, w: 23, geometry: depthwise(padding: (0, 6))),
        Problem(h: 8, w: 15, geometry: depthwise(padding: (7, 8))),
        Problem(h: 13, w: 15, geometry: depthwise(stride: 2)),
        Problem(h: 11, w: 10, geometry: depthwise(stride: 3)),
        Problem(h: 13, w: 14, geometry: depthwise(dilation: 2, padding: (6, 6))),
      ]
    }
    for stride in 1...3 {
      for dilation in 1...4 {
        problems.append(
          Problem(
            h: 13, w: 10,
            geometry: ConvolutionGeometry(4, 6, kernel: 3, stride: stride, dilation: dilation)))
        problems.append(
          Problem(
            h: 13, w: 10,
            geometry: ConvolutionGeometry(
              20, 20, kernel: 3, stride: stride, dilation: dilation, groups: 20)))
      }
    }
    problems += [
      Problem(h: 1, w: 1, geometry: ConvolutionGeometry(3, 8, kernel: 3)),
      Problem(h: 1, w: 17, geometry: ConvolutionGeometry(16, 16, kernel: 5, groups: 16)),
      Problem(h: 17, w: 13, geometry: ConvolutionGeometry(3, 64, kernel: 7, stride: 2)),
      Problem(h: 6, w: 7, n: 3, geometry: ConvolutionGeometry(8, 12, kernel: 3, groups: 4)),
      Problem(h: 6, w: 7, n: 3, geometry: ConvolutionGeometry(8, 12)),
      Problem(h: 6, w: 7, n: 2, geometry: ConvolutionGeometry(18, 18, kernel: 3, groups: 18)),
      Problem(geometry: ConvolutionGeometry(6, 4, stride: 2)),
      Problem(
        h: 5, w: 9, geometry: ConvolutionGeometry(2, 3, kernel: (1, 5), padding: (0, 2))),
      Problem(
        h: 5, w: 9, geometry: ConvolutionGeometry(2, 3, kernel: (2, 4), padding: (0, 0))),
      // Patches that do not overlap, filled up or cropped at the edge.
      Problem(h: 9, w: 13, n: 2, geometry: ConvolutionGeometry(3, 17, patch: 4, .padded)),
      Problem(h: 9, w: 13, n: 2, geometry: ConvolutionGeometry(3, 17, patch: 4, .cropped)),
      Problem(h: 1, w: 5, geometry: ConvolutionGeometry(19, 6, patch: 2, .padded)),
      Problem(h: 5, w: 8, geometry: ConvolutionGeometry(160, 34, patch: 2, .padded)),
      // GELU behind products, over one depth and two, in Winograd's form and depthwise.
      Problem(h: 9, w: 11, geometry: ConvolutionGeometry(300, 270), activation: .gelu),
      Problem(geometry: ConvolutionGeometry(5, 7, kernel: 3), activation: .gelu),
      Problem(
        geometry: ConvolutionGeometry(18, 18, kernel: 3, groups: 18), activation: .gelu),
      // Dilations that take taps out of the picture: some, for some rows, all but the middle one, all.
      Problem(
        h: 5, w: 7, geometry: ConvolutionGeometry(130, 20, kernel: 3, dilation: 6),
        activation: .relu),
      Problem(h: 41, w: 9, n: 2, geometry: ConvolutionGeometry(300, 6, kernel: 3, dilation: 12)),
      Problem(h: 9, w: 11, geometry: ConvolutionGeometry(140, 35, kernel: 3, dilation: 36)),
      Problem(
        h: 5, w: 5,
        geometry: ConvolutionGeometry(70, 5, kernel: (2, 2), dilation: 40, padding: (20, 20))),
      // More pixels than one block of products: 1024 rows for 1×1, fewer for wide patches.
      Problem(h: 41, w: 53, geometry: ConvolutionGeometry(3, 5)),
      Problem(h: 23, w: 37, geometry: ConvolutionGeometry(96, 8, kernel: 3)),
    ]
    return problems
  }()

  /// The convolution of a problem with weights and bias that follow from its description.
  static func convolution(
    _ problem: Problem, _ set: InstructionSet = .current, form: Convolution.Form = .products,
    precision: Precision = .float32
  ) -> Convolution {
    let g = problem.geometry
    let weights = RandomWeights.uniform(
      problem.testDescription, seed: 2, count: g.productsPerOutput * g.outputs)
    return Convolution(
      g,
      weights: precision == .float32 ? weights : weights.map { $0.roundedToBFloat16 },
      bias: RandomWeights.uniform("bias", seed: 3, count: g.outputs),
      activation: problem.activation, precision: precision, kernels: Kernels(set), form: form)
  }

  @Test("agrees with the naive loops", arguments: InstructionSet.supported, problems)
  func reference(_ set: InstructionSet, _ problem: Problem) {
    expectAgreement(Self.convolution(problem, set), problem, within: operationTolerance)
  }

  /// Of factors that bfloat16 can hold it makes the sums of single precision.
  @Test("in bfloat16 agrees with the naive loops", arguments: InstructionSet.supported, problems)
  func rounded(_ set: InstructionSet, _ problem: Problem) {
    expectAgreement(
      Self.convolution(problem, set, precision: .bfloat16), problem, within: operationTolerance,
      isRounded: true)
  }

  /// Sizes below, at and above a tile and a block of tiles; channels around vectors, panels and depths.
  static let winogradProblems: [Problem] = {
    var problems: [Problem] = []
    for (h, w) in [(1, 1), (3, 4), (6, 6), (7, 13), (33, 31)] {
      problems.append(Problem(h: h, w: w, geometry: ConvolutionGeometry(5, 9, kernel: 3)))
    }
    for (inputs, outputs) in [(1, 1), (16, 16), (17, 33), (31, 65), (64, 150), (300, 70)] {
      problems.append(
        Problem(
          h: 9, w: 14, n: 2, geometry: ConvolutionGeometry(inputs, outputs, kernel: 3),
          activation: .relu))
    }
    problems.append(
      Problem(h: 9, w: 14, geometry: ConvolutionGeometry(5, 20, kernel: 3), activation: .gelu))
    for dilation in 2...4 {
      problems.append(
        Problem(
          h: 17, w: 10, n: 2, geometry: ConvolutionGeometry(4, 6, kernel: 3, dilation: dilation),
          activation: .relu6))
    }
    return problems
  }()

  @Test(
    "Winograd's form agrees with the naive loops", arguments: InstructionSet.supported,
    winogradProblems)
  func winograd(_ set: InstructionSet, _ problem: Problem) {
    for tile in WinogradKernel.Tile.allCases {
      expectAgreement(
        Self.convolution(problem, set, form: .winograd(tile)), problem, within: winogradTolerance)
    }
  }

  /// A kernel of a large dilation is packed for both forms; small grids take products, large ones Winograd's.
  @Test(arguments: [(h: 9, w: 12, isSmall: true), (h: 33, w: 40, isSmall: false)])
  func formsByGrid(_ grid: (h: Int, w: Int, isSmall: Bool)) {
    let geometry = ConvolutionGeometry(20, 24, kernel: 3, dilation: 8)
    let problem = Problem(h: grid.h, w: grid.w, n: 2, geometry: geometry, activation: .relu)
    let form = Convolution.form(geometry)
    #expect(form == .byGrid(.four))
    let output = Shape(n: 2, h: grid.h, w: grid.w, c: 24)
    let taken = form.taken(by: geometry, over: output)
    #expect(taken == (grid.isSmall ? .products : .winograd(.four)))
    expectAgreement(
      Self.convolution(problem, form: form), problem,
      within: grid.isSmall ? operationTolerance : winogradTolerance)
  }

  /// Tiles that are filled take 9·m² / (m + 2)² times fewer products; a grid of one pixel takes all of a tile for it.
  @Test func gains() {
    let six = WinogradKernel.Tile.six
    let full = Shape(h: 12, w: 18, c: 1)
    #expect(six.gain(over: full, dilation: 1) == 9.0 * 36 / 64)
    #expect(six.gain(over: full, dilation: 18) == 9.0 / 64)
    #expect(six.gain(over: Shape(h: 12, w: 20, c: 1), dilation: 2) == 9.0 * 240 / (64 * 8))
    #expect(six.gain(over: full, dilation: 1, packing: 60) < 9.0 * 36 / 64)
  }

  private func expectAgreement(
    _ convolution: Convolution, _ problem: Problem, within tolerance: Float, isRounded: Bool = false
  ) {
    var x = Tensor.random(
      Shape(n: problem.n, h: problem.h, w: problem.w, c: problem.geometry.inputs), "x")
    if isRounded { x.values = x.values.map { $0.roundedToBFloat16 } }
    let residual = Tensor.random(convolution.outputShape(for: [x.shape]), "residual")
    let reference = convolutionReference(convolution, x)
    let summedReference = convolutionReference(convolution, x, adding: residual)
    for threads in [1, 3] {
      #expect(
        disagreement(convolution(x, threads: Threads(threads)), reference) < tolerance)
      #expect(
        disagreement(convolution(x, residual, threads: Threads(threads)), summedReference)
          < tolerance)
    }
  }

  @Test(
    "is the same to the last bit for any number of threads",
    arguments: problems.suffix(4) + winogradProblems.suffix(4))
  func threads(_ problem: Problem) {
    let convolution = Self.convolution(problem, form: Convolution.form(problem.geometry))
    let x = Tensor.random(Shape(h: problem.h, w: problem.w, c: problem.geometry.inputs), "x")
    #expect(convolution(x, threads: Threads(1)) == convolution(x, threads: Threads(4)))
  }

  @Test func countsProducts() {
    let convolution = Convolution(
      ConvolutionGeometry(64, 128, kernel: 3, stride: 2, groups: 2), weights: [], bias: [])
    #expect(
      convolution.multiplyAdds(for: [Shape(h: 9, w: 9, c: 64)]) == 5 * 5 * 128 * 3 * 3 * 32)
  }

  @Test func wrongChannelsTrap() async {
    await #expect(processExitsWith: .failure) {
      let convolution = Convolution(ConvolutionGeometry(3, 4), weights: [], bias: [])
      _ = convolution.outputShape(for: [Shape(h: 2, w: 2, c: 5)])
    }
  }

  @Test func missingWeightsTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = Convolution(ConvolutionGeometry(1, 1), weights: [], bias: [])(
        Tensor(Shape(h: 2, w: 2, c: 1)))
    }
  }
}
