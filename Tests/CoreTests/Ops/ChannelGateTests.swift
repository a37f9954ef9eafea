import Glibc
import TestSupport
import Testing

@testable import Core

@Suite("Channel gate")
struct ChannelGateTests {
  static let sizes = [(1, 1, 1), (2, 5, 7), (1, 17, 31)]

  @Test("gate agrees with the formula", arguments: sizes, KernelsTests.counts + [130])
  func gate(_ size: (Int, Int, Int), channels: Int) {
    let x = Tensor.random(Shape(n: size.0, h: size.1, w: size.2, c: channels), "x")
    var z = Tensor.random(Shape(n: size.0, h: 1, w: 1, c: channels), "z")
    z.values = z.values.map { 5 * $0 }
    z.values[0] = -200
    var expected = x
    for n in 0..<size.0 {
      for i in 0..<size.1 {
        for j in 0..<size.2 {
          for c in 0..<channels {
            let gate = 1 + 1 / (1 + exp(-Double(z[n, 0, 0, c])))
            expected[n, i, j, c] = Float(Double(x[n, i, j, c]) * gate)
          }
        }
      }
    }
    for set in InstructionSet.supported {
      var gate = ChannelGate()
      gate.kernels = Kernels(set)
      #expect(
        disagreement(gate(x, z, threads: Threads(2)), expected) < operationTolerance, "\(set)")
    }
  }

  @Test("gradient of the gate", arguments: sizes, [1, 19])
  func gateGradient(_ size: (Int, Int, Int), channels: Int) {
    GradientCheck(
      variables: [
        .random(Shape(n: size.0, h: size.1, w: size.2, c: channels), "x"),
        .random(Shape(n: size.0, h: 1, w: 1, c: channels), "z"),
      ]
    ) { $0[0].applying(ChannelGate(), to: $0[1], named: "gate") }.expectAgreement()
  }
}
