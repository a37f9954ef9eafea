import TestSupport
import Testing

@testable import Core

@Suite("Optimisers")
struct OptimizerTests {
  /// The golden of `python/optimizer_goldens.py`.
  private struct Golden {
    let rates: [Double]
    let decay: Float
    let decayed: Int
    let json: JSON

    init() throws {
      let path = TestFiles.goldens + "/training/optimizers.json"
      json = try JSON(utf8: FileBytes.read(path, maxBytes: 1 << 20))
      rates = try #require(json["rates"]?.array).compactMap { $0.double }
      decay = Float(try #require(json["decay"]?.double))
      decayed = try #require(json["decayed"]?.int)
    }

    func parameters(_ optimizer: String) throws -> [[Float]] {
      let steps = try #require(json[optimizer]?.array)
      return steps.map { ($0.array ?? []).compactMap { $0.double.map { Float($0) } } }
    }
  }

  private static let count = 37

  private func drawn(_ name: String) -> [Float] {
    RandomWeights.uniform(name, seed: 1, count: Self.count)
  }

  /// The parameters after each step of the golden's run.
  private func run(
    _ optimizer: inout some Optimizer, _ golden: Golden, steps: Range<Int>,
    from start: [Float], gradientScale: Float = 1, threads: Int = 1
  ) -> [[Float]] {
    var parameters = start
    let factor = 1 / gradientScale
    let spans = [
      ParameterSpan(0..<golden.decayed, decay: golden.decay, gradientFactor: factor),
      ParameterSpan(golden.decayed..<Self.count, gradientFactor: factor),
    ]
    return steps.map { step in
      let gradients = drawn("gradient \(step)").map { $0 * gradientScale }
      optimizer.step(
        &parameters, gradients: gradients, spans: spans, learningRate: golden.rates[step],
        threads: Threads(threads))
      return parameters
    }
  }

  private func expectGolden(_ optimizer: some Optimizer, _ name: String) throws {
    let golden = try Golden()
    let expected = try golden.parameters(name)
    #expect(expected.count == 4)
    var whole = optimizer
    let steps = run(&whole, golden, steps: 0..<4, from: drawn("parameters"))
    for (step, expected) in zip(steps, expected) {
      #expect(disagreement(step, expected) < operationTolerance)
    }

    // Gradients of twice the size that are halved on the way are the same ones.
    var halving = optimizer
    #expect(
      run(
        &halving, golden, steps: 0..<4, from: drawn("parameters"), gradientScale: 2, threads: 3)
        == steps)

    // Two steps, and two of another optimiser that takes over the state.
    var first = optimizer
    var second = optimizer
    _ = run(&first, golden, steps: 0..<2, from: drawn("parameters"))
    try second.restore(first.state)
    #expect(run(&second, golden, steps: 2..<4, from: steps[1]) == Array(steps[2...]))
    #expect(second.state == whole.state)
    #expect(second.state.steps == 4)
  }

  @Test func sgdIsPyTorchs() throws {
    try expectGolden(SGD(count: Self.count, momentum: 0.9), "sgd")
  }

  @Test func adamWIsPyTorchs() throws {
    try expectGolden(
      AdamW(count: Self.count, beta1: 0.9, beta2: 0.99, epsilon: 1e-7), "adamw")
  }

  @Test func valuesOutsideOfSpansStay() {
    var optimizer = SGD(count: 100, momentum: 0)
    var parameters = [Float](repeating: 1, count: 100)
    optimizer.step(
      &parameters, gradients: [Float](repeating: 1, count: 100),
      spans: [
        ParameterSpan(3..<50), ParameterSpan(60..<61, rateFactor: 2), ParameterSpan(70..<70),
      ],
      learningRate: 0.25, threads: Threads(1))
    for (i, value) in parameters.enumerated() {
      #expect(value == (3..<50 ~= i ? 0.75 : i == 60 ? 0.5 : 1))
    }
  }

  @Test func threadsChangeNothing() {
    let count = 100_003
    let start = RandomWeights.uniform("parameters", seed: 2, count: count)
    let gradients = RandomWeights.uniform("gradients", seed: 2, count: count)
    func moved(_ optimizer: some Optimizer, _ threads: Int) -> [Float] {
      var (optimizer, parameters) = (optimizer, start)
      optimizer.step(
        &parameters, gradients: gradients, spans: [ParameterSpan(0..<count, decay: 0.1)],
        learningRate: 0.1, threads: Threads(threads))
      return parameters
    }
    for optimizer in [Recipe.plain, .advanced].map({ $0.makeOptimizer(count: count) }) {
      #expect(moved(optimizer, 1) == moved(optimizer, 5))
    }
  }

  @Test func aStrangeStateIsRefused() {
    var optimizer = SGD(count: 4, momentum: 0.9)
    let state = AdamW(count: 4, beta1: 0.9, beta2: 0.999, epsilon: 1e-8).state
    #expect(
      throws: OptimizerStateFailure(
        expected: ["momentum_buffer of 4 values"],
        found: ["exp_avg of 4 values", "exp_avg_sq of 4 values"])
    ) { try optimizer.restore(state) }
    #expect(throws: OptimizerStateFailure.self) {
      try optimizer.restore(SGD(count: 5, momentum: 0.9).state)
    }
  }
}
