import TestSupport
import Testing

@testable import Core

@Suite("Program")
struct ProgramTests {
  private func conv(_ inputs: Int, _ outputs: Int, _ name: String) -> Convolution {
    let geometry = ConvolutionGeometry(inputs, outputs, kernel: 3)
    return Convolution(
      geometry,
      weights: RandomWeights.uniform(name, seed: 1, count: geometry.productsPerOutput * outputs),
      bias: RandomWeights.uniform(name + "b", seed: 1, count: outputs), activation: .relu)
  }

  /// A diamond with a residual sum: planned memory and eager calls give the same bits.
  @Test func agreesWithEagerCalls() throws {
    let (a, b, c) = (conv(3, 8, "a"), conv(8, 8, "b"), conv(8, 8, "c"))
    let x = Tensor.random(Shape(h: 9, w: 7, c: 3), "x")
    let image = Trace().input(x.shape)
    let first = image.applying(a, named: "a")
    let second = first.applying(b, named: "b")
    let sum = second.applying(c, to: first, named: "c")
    let program = Program(computing: [sum, second], from: image, threads: Threads(2))
    let results = try program.run(in: Arena()) { input in
      input.base.update(from: x.values, count: x.shape.count)
    } read: {
      $0.map(Tensor.init(copying:))
    }
    let (eagerFirst, threads) = (a(x), Threads(2))
    let eagerSecond = b(eagerFirst, threads: threads)
    #expect(results[1] == eagerSecond)
    // The residual is added in place in the program and after a copy here: the same sum in the same order.
    #expect(results[0] == c(eagerSecond, eagerFirst))
  }

  /// What no output needs is not run and takes no memory.
  @Test func unneededStepsAreLeftOut() {
    let image = Trace().input(Shape(h: 5, w: 5, c: 3))
    let small = image.applying(conv(3, 4, "small"), named: "small")
    let large = small.applying(conv(4, 256, "large"), named: "large")
    let both = Program(computing: [small, large], from: image, threads: Threads(1))
    let one = Program(computing: [small], from: image, threads: Threads(1))
    #expect(both.steps.map(\.name) == ["small", "large"])
    #expect(one.steps.map(\.name) == ["small"])
    #expect(one.arenaBytes < both.arenaBytes)
  }

  @Test func cancelsBetweenSteps() throws {
    let image = Trace().input(Shape(h: 5, w: 5, c: 3))
    let y = image.applying(conv(3, 4, "a"), named: "a").applying(conv(4, 4, "b"), named: "b")
    let program = Program(computing: [y], from: image, threads: Threads(1))
    var finished: [String] = []
    #expect(throws: Cancelled.self) {
      try program.run(
        in: Arena(), observe: { step, _ in finished.append(step.name) },
        isCancelled: { finished == ["a"] }, write: { $0.base.update(repeating: 0, count: 75) },
        read: { _ in })
    }
    #expect(finished == ["a"])
  }

  /// A second run in the same arena, after another program has used it, gives the same result.
  @Test func arenaIsReusable() throws {
    let arena = Arena()
    func run(_ size: Int) throws -> Tensor {
      let image = Trace().input(Shape(h: size, w: size, c: 3))
      let y = image.applying(conv(3, 16, "a"), named: "a").applying(conv(16, 16, "b"), named: "b")
      return try Program(computing: [y], from: image, threads: Threads(1)).run(in: arena) { input in
        input.base.update(repeating: 0.5, count: input.shape.count)
      } read: {
        Tensor(copying: $0[0])
      }
    }
    let first = try run(9)
    _ = try run(21)
    #expect(try run(9) == first)
  }
}
