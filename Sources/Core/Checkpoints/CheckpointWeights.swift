import Synchronization

/// The tensors of a checkpoint as a model asks for them; notes each one that is missing, wrong or left over.
final class CheckpointWeights: WeightSource {
  private let file: SafeTensors
  /// What the model's names begin with and the file's do not.
  private let prefix: String
  private let state = Mutex(State())

  private struct State {
    var asked: Set<ExactString> = []
    var problems: [ExactString: TensorProblem] = [:]
  }

  /// The tensors of `file`, which lacks the `prefix` that all names of the model begin with.
  init(_ file: SafeTensors, prefix: String = "") {
    self.file = file
    self.prefix = prefix
  }

  /// What the file calls the tensor that the model asks for.
  private func name(of request: TensorRequest) -> String {
    String(request.name.dropFirst(prefix.count))
  }

  /// The tensor's values, nothing where it cannot be had: a configuration may claim more than memory holds.
  func values(of request: TensorRequest) -> [Float] {
    withValues(of: request) { Array($0) }
  }

  /// What `body` makes of the values, in the mapped file itself where they are float32.
  func withValues<Result>(
    of request: TensorRequest, _ body: (UnsafeBufferPointer<Float>) -> Result
  ) -> Result {
    let name = ExactString(name(of: request))
    state.withLock { _ = $0.asked.insert(name) }
    do throws(TensorProblem) {
      let entry = try entry(for: request)
      return try file.withFloats(of: entry) { values throws(TensorProblem) in
        try check(values, of: request)
        return body(values)
      }
    } catch {
      state.withLock { $0.problems[name] = error }
      return body(UnsafeBufferPointer(start: nil, count: 0))
    }
  }

  private func entry(for request: TensorRequest) throws(TensorProblem) -> SafeTensors.Entry {
    guard let entry = file[name(of: request)] else {
      throw .missing(name: request.name, expected: request.shape)
    }
    guard entry.shape == request.shape else {
      throw .wrongShape(name: request.name, expected: request.shape, found: entry.shape)
    }
    guard entry.dtype.widensToFloat else {
      throw .wrongType(name: request.name, found: entry.dtype)
    }
    return entry
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

  /// What the names of an optimiser's memory begin with, which a checkpoint of a run has beside the model.
  static let optimizerPrefix = "optimizer."

  /// Whether every tensor so far was right and every one of the file was asked for.
  var isSound: Bool { state.withLock { $0.problems.isEmpty && unused($0).isEmpty } }

  /// The tensors that no layer asked for and no optimiser owns.
  private func unused(_ state: State) -> [SafeTensors.Entry] {
    file.tensors.filter {
      !state.asked.contains(ExactString($0.name)) && !$0.name.hasPrefix(Self.optimizerPrefix)
    }
  }

  /// Every problem so far, in the order of the model's `requests`, and then the tensors that no layer asked for.
  func problems(inOrderOf requests: [TensorRequest]) -> [TensorProblem] {
    state.withLock { state in
      requests.compactMap { state.problems[ExactString(name(of: $0))] }
        + unused(state).map { .unused(name: $0.name, shape: $0.shape) }
    }
  }
}

/// What is wrong with one tensor of a checkpoint.
public enum TensorProblem: Error, Equatable, Sendable, CustomStringConvertible {
  /// The model has a tensor that the file has not.
  case missing(name: String, expected: [Int])
  /// The extents differ.
  case wrongShape(name: String, expected: [Int], found: [Int])
  /// The elements are not F32, F16 or BF16.
  case wrongType(name: String, found: DType)
  /// A value is NaN or infinite.
  case notFinite(name: String, index: Int, value: Float)
  /// A running variance is below zero.
  case negativeVariance(name: String, index: Int, value: Float)
  /// The file has a tensor that the model has not.
  case unused(name: String, shape: [Int])

  /// A name from a file as it can be printed: line breaks and escape codes in it would fake other messages.
  private static func shown(_ name: String) -> Substring { quoted(name).dropFirst().dropLast() }

  /// The tensor's full name, what was expected and what was found.
  public var description: String {
    switch self {
    case .missing(let name, let expected): "\(Self.shown(name)): missing, expected \(expected)"
    case .wrongShape(let name, let expected, let found):
      "\(Self.shown(name)): expected \(expected), found \(found)"
    case .wrongType(let name, let found):
      "\(Self.shown(name)): expected F32, F16 or BF16, found \(found.rawValue)"
    case .notFinite(let name, let index, let value):
      "\(Self.shown(name)): expected finite values, found \(value) at index \(index)"
    case .negativeVariance(let name, let index, let value):
      "\(Self.shown(name)): expected variances of at least 0, found \(value) at index \(index)"
    case .unused(let name, let shape): "\(Self.shown(name)): not part of the model, found \(shape)"
    }
  }
}
