import TestSupport
import Testing

@testable import Core

@Suite("Centres of regions")
struct PixelSharesTests {
  private static func inputs(_ shape: Shape, classes: Int) -> [Tensor] {
    var scores = Tensor.random(shape.channels(classes), "z")
    scores.values = scores.values.map { 4 * $0 }
    return [.random(shape, "x"), scores]
  }

  @Test("agree with the plain loops", arguments: InstructionSet.supported)
  func agreement(_ set: InstructionSet) {
    for (shape, classes) in [
      (Shape(n: 2, h: 3, w: 5, c: 19), 11), (Shape(n: 1, h: 1, w: 1, c: 1), 1),
      (Shape(n: 3, h: 9, w: 7, c: 32), 2), (Shape(n: 1, h: 33, w: 17, c: 65), 3),
    ] {
      let inputs = Self.inputs(shape, classes: classes)
      let shares = PixelShares(kernels: Kernels(set))(inputs[1], threads: Threads(2))
      let found = TokenSums(scale: 1, kernels: Kernels(set))(
        inputs[0], shares, threads: Threads(2))
      let expected = regionCentresReference(inputs[0], inputs[1])
      #expect(disagreement(found.values, expected.values) < directTolerance)
    }
  }

  @Test("have the gradients of their differences", arguments: [1, 3, 20])
  func gradients(classes: Int) {
    GradientCheck(variables: Self.inputs(Shape(n: 2, h: 4, w: 3, c: 21), classes: classes)) {
      $0[0].applying(
        TokenSums(scale: 1, kernels: .current),
        to: $0[1].applying(PixelShares(), named: "shares"), named: "centres")
    }.expectAgreement()
  }
}
