import TestSupport
import Testing

@testable import Core

/// What a gradient may differ from central differences: the operations are float32, so a difference over 2·10⁻² has errors of
/// about 10⁻⁵ of the values themselves.
let differenceTolerance: Float = 2e-3

/// L = Σ c · y with fixed c: makes a single number of any map, so that it can be differentiated.
struct Projected: DifferentiableOperation {
  let weights: [Float]

  var summary: String { "projection" }

  func outputShape(for inputs: [Shape]) -> Shape { Shape(h: 1, w: 1, c: 1) }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    output.base[0] = Float(
      zip(inputs[0].values, weights).reduce(0.0) { $0 + Double($1.0) * Double($1.1) })
  }

  func gradients(of step: Pullback) -> [Value?] {
    [
      step.cotangent.applying(
        Weights(weights: weights, shape: step.inputs[0].shape), named: "projection")
    ]
  }

  struct Weights: Operation {
    let weights: [Float]
    let shape: Shape
    var summary: String { "projection's weights" }
    func outputShape(for inputs: [Shape]) -> Shape { shape }
    func run(
      _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
      threads: Threads
    ) {
      for (index, weight) in weights.enumerated() {
        output.base[index] = weight * inputs[0].base[0]
      }
    }
  }
}

/// A function of some maps whose gradients are compared with differences of its values.
struct GradientCheck {
  /// Maps that are varied, and maps that are given.
  let variables: [Tensor]
  var threads = Threads(2)
  /// Half the distance between the points of a difference.
  var step: Float = 1e-2
  /// Whether the function is linear in each variable: two points a step of 1 apart then tell everything.
  var isLinear = false
  /// How many values of each variable are varied, evenly spread.
  var samples = 24

  /// As many as that for the set that is used, fewer for the others: they run the same operations.
  static func samples(_ set: InstructionSet) -> Int { set == .current ? 24 : 6 }
  /// c, where it is not random.
  var weights: [Float]?
  /// The function, recorded.
  let function: ([Value]) -> Value

  /// The gradients of Σ c · function for some c, by the recorded chain.
  func gradients() -> [Tensor?] {
    let (trace, values, loss) = recording()
    let gradients = loss.gradients(withRespectTo: values)
    let reached = gradients.compactMap { $0 }
    _ = trace
    guard !reached.isEmpty else { return gradients.map { _ in nil } }
    let program = Program(computing: reached, from: [], threads: threads)
    var results = run(program, variables)
    return gradients.map { $0 == nil ? nil : results.removeFirst() }
  }

  /// What the function makes of the variables.
  func value() -> Tensor {
    let (_, _, loss) = recording()
    guard case .operation(_, let inputs) = loss.trace.nodes[loss.index].source else {
      preconditionFailure("nothing was recorded")
    }
    let output = Value(trace: loss.trace, index: inputs[0])
    return run(Program(computing: [output], from: [], threads: threads), variables)[0]
  }

  /// Fails where a gradient and the difference of the values disagree.
  func expectAgreement(
    within tolerance: Float = differenceTolerance, _ comment: Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let (_, _, loss) = recording()
    guard case .operation(_, let inputs) = loss.trace.nodes[loss.index].source else { return }
    let output = Value(trace: loss.trace, index: inputs[0])
    let program = Program(computing: [output], from: [], threads: threads)
    let weights = weights(output.shape)
    func value(_ variables: [Tensor]) -> Double {
      let values = run(program, variables)[0].values
      return values.withUnsafeBufferPointer { values in
        weights.withUnsafeBufferPointer { weights in
          var (sum, i) = (0.0, 0)
          while i < values.count {
            sum += Double(values[i]) * Double(weights[i])
            i += 1
          }
          return sum
        }
      }
    }
    for (position, gradient) in gradients().enumerated() {
      guard let gradient else { continue }
      let count = variables[position].values.count
      let indices = Array(Set((0..<samples).map { $0 * count / samples })).sorted()
      let differences = indices.map { index in
        func moved(_ steps: Float) -> Double {
          var variables = variables
          variables[position].values[index] += steps * (isLinear ? 1 : step)
          return value(variables)
        }
        if isLinear { return Float((moved(1) - moved(-1)) / 2) }
        // Fourth order: the cubic term of the function falls out.
        return Float(
          (8 * (moved(1) - moved(-1)) - (moved(2) - moved(-2))) / (12 * Double(step)))
      }
      let found = indices.map { gradient.values[$0] }
      let scale = max(1e-3, gradient.values.reduce(0) { max($0, abs($1)) })
      let worst = zip(found, differences).map { abs($0 - $1) }.max() ?? 0
      #expect(
        worst / scale < tolerance && found.allSatisfy(\.isFinite),
        "variable \(position): \(found) against \(differences) \(comment?.description ?? "")",
        sourceLocation: sourceLocation)
    }
  }

  private func recording() -> (Trace, [Value], Value) {
    let trace = Trace()
    var offset = 0
    let values = variables.enumerated().map { index, variable in
      defer { offset += roundedToCacheLine(variable.values.count) }
      return trace.parameter(variable.shape, at: offset, named: "variable \(index)")
    }
    let output = function(values)
    return (
      trace, values, output.applying(Projected(weights: weights(output.shape)), named: "L")
    )
  }

  private func weights(_ shape: Shape) -> [Float] {
    weights ?? Self.randomWeights(shape.count)
  }

  /// c, where nothing else is said.
  static func randomWeights(_ count: Int) -> [Float] {
    RandomWeights.uniform("projection", seed: 5, count: count)
  }

  private func run(_ program: Program, _ variables: [Tensor]) -> [Tensor] {
    let total = variables.reduce(0) { $0 + roundedToCacheLine($1.values.count) }
    let parameters = UnsafeMutablePointer<Float>.allocateAligned(total)
    defer { UnsafeMutableRawPointer(parameters).deallocate() }
    var offset = 0
    for variable in variables {
      (parameters + offset).update(from: variable.values, count: variable.values.count)
      offset += roundedToCacheLine(variable.values.count)
    }
    let results: [Tensor]? = try? program.run(
      in: Arena(), parameters: UnsafePointer(parameters), write: { (_: [MutableTensorView]) in },
      read: { $0.map { Tensor(copying: $0) } })
    return results ?? []
  }
}
