import Synchronization

/// The tensors of a file as a model asks for them; notes each one that is missing, wrong or left over.
final class CheckpointWeights: WeightSource {
  private let mapping: TensorMapping
  /// What was found wrong with values, by the model's names.
  private let problems = Mutex<[ExactString: TensorProblem]>([:])

  /// The tensors of a mapping.
  init(_ mapping: TensorMapping) { self.mapping = mapping }

  /// The tensor's values, nothing where it cannot be had: a configuration may claim more than memory holds.
  func values(of request: TensorRequest) -> [Float] {
    withValues(of: request) { Array($0) }
  }

  /// What `body` makes of the values, in the mapped file itself where they are float32.
  func withValues<Result>(
    of request: TensorRequest, _ body: (UnsafeBufferPointer<Float>) -> Result
  ) -> Result {
    guard let mapped = mapping[request.name] else {
      return body(UnsafeBufferPointer(start: nil, count: 0))
    }
    do throws(TensorProblem) {
      return try elements(of: mapped).withFloats { values throws(TensorProblem) in
        try check(values, of: request)
        return body(values)
      }
    } catch {
      problems.withLock { $0[ExactString(request.name)] = error }
      return body(UnsafeBufferPointer(start: nil, count: 0))
    }
  }

  private func elements(of mapped: TensorMapping.Mapped) throws(TensorProblem) -> TensorElements {
    do { return try mapped.elements() } catch {
      throw .unreadable(name: mapped.request.name, reason: error)
    }
  }

  private func check(
    _ values: UnsafeBufferPointer<Float>, of request: TensorRequest
  ) throws(TensorProblem) {
    if let index = firstNonFiniteIndex(in: values) {
      throw .notFinite(name: request.name, index: index, value: values[index])
    }
    if request.role == .runningVariance, let index = values.firstIndex(where: { $0 < 0 }) {
      throw .negativeVariance(name: request.name, index: index, value: values[index])
    }
  }

  /// Whether every tensor so far was right and every one of the file was asked for.
  var isSound: Bool { mapping.isComplete && problems.withLock(\.isEmpty) }

  /// Every problem so far, in the order of the model's tensors, and then those that nobody asked for.
  var allProblems: [TensorProblem] {
    problems.withLock { values in
      mapping.outcomes.compactMap { outcome in
        switch outcome {
        case .mapped(let name): values[ExactString(name)]
        case .problem(let problem): problem
        }
      }
    }
  }
}
