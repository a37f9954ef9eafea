import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("GELU")
struct GELUTests {
  /// Everywhere within 3·10⁻⁷ of the value or, near its zero, of x: the formula's 1.5·10⁻⁷ and single precision.
  @Test(arguments: InstructionSet.supported)
  func values(_ set: InstructionSet) {
    let x = (-1600...1600).map { Float($0) / 160 } + [1e-20, -1e-20, 30, -30, 1e30]
    let y = GELU(Kernels(set))(Tensor(Shape(h: 1, w: x.count, c: 1), x)).values
    for (x, y) in zip(x, y) {
      let expected = Double(x) / 2 * erfc(-Double(x) / 2.0.squareRoot())
      #expect(
        abs(Double(y) - expected) <= 3e-7 * min(abs(Double(x)), 1 + abs(expected)),
        "GELU(\(x)) = \(y)")
    }
  }

  @Test(arguments: InstructionSet.supported)
  func special(_ set: InstructionSet) {
    let y = GELU(Kernels(set))(Tensor(Shape(h: 1, w: 3, c: 1), [.nan, .infinity, 0])).values
    #expect(y[0].isNaN && y[1] == .infinity && y[2] == 0)
  }

  @Test(arguments: InstructionSet.supported, KernelsTests.counts + [100_003])
  func ends(_ set: InstructionSet, count: Int) {
    let x = Tensor.random(Shape(h: 1, w: 1, c: count), "x")
    let y = GELU(Kernels(set))(x, threads: Threads(3))
    #expect(disagreement(y.values, x.values.map { Activation.gelu($0) }) < operationTolerance)
  }

  @Test func onlyConvolutionsApplyIt() async {
    await #expect(processExitsWith: .failure) {
      _ = Resize(height: 2, width: 2, activation: .gelu)
    }
    await #expect(processExitsWith: .failure) {
      _ = BatchNorm(epsilon: 1e-3, activation: .gelu)
    }
  }
}
