/// What is odd about the values of a checkpoint: what a look at every tensor finds before anybody runs it.
public struct CheckpointHealth: Sendable {
  /// The statistics of a tensor, by the file's own name.
  public struct Row: Sendable {
    /// The tensor.
    public let tensor: StoredTensor
    /// `nil` where the elements are no numbers that we read.
    public let statistics: TensorStatistics?
  }

  /// Something odd.
  public enum Finding: Sendable, Equatable, CustomStringConvertible {
    /// Values are NaN or infinite.
    case nonFinite(tensor: String, count: Int, of: Int)
    /// The bytes of the tensor are damaged.
    case damaged(tensor: String, ZipFailure)
    /// Output channels of a kernel are zero.
    case deadChannels(tensor: String, count: Int, of: Int)
    /// A batch norm's variances are negative.
    case negativeVariance(norm: String, count: Int)
    /// A batch norm multiplies channels by nothing.
    case silentChannels(norm: String, count: Int, of: Int)
    /// A batch norm's statistics are those of one that has never seen a batch.
    case neverTrained(norm: String)
    /// A batch norm's variance is so small that its ε alone decides how much a channel is magnified.
    case vanishingVariance(norm: String, count: Int, of: Int)

    /// Whether a network with it gives no sound result.
    public var isFatal: Bool {
      switch self {
      case .nonFinite, .damaged, .negativeVariance: true
      case .deadChannels, .silentChannels, .neverTrained, .vanishingVariance: false
      }
    }

    /// One sentence.
    public var description: String {
      switch self {
      case .nonFinite(let name, let count, let all):
        "\(name): \(count) of \(all) values are NaN or infinite"
      case .damaged(let name, let failure): "\(name): \(failure)"
      case .deadChannels(let name, let count, let all):
        "\(name): \(count) of \(all) output channels are zero"
      case .negativeVariance(let name, let count):
        "\(name): \(count) running variances are negative"
      case .silentChannels(let name, let count, let all):
        "\(name): batch norm multiplies \(count) of \(all) channels by zero"
      case .neverTrained(let name):
        "\(name): batch norm's running mean is 0 and its variance 1, so it has never seen a batch"
      case .vanishingVariance(let name, let count, let all):
        "\(name): running variance of \(count) of \(all) channels is below 1e-6, so batch norm magnifies what hardly varies"
      }
    }
  }

  /// All tensors, in the file's order.
  public let rows: [Row]
  /// What is odd, in the file's order, batch norms last.
  public let findings: [Finding]

  /// Looks at every value of `file`, one tensor at a time.
  public init(
    _ file: TensorFile, isCancelled: () -> Bool = { false }
  ) throws(Cancelled) {
    var rows: [Row] = []
    var findings: [Finding] = []
    for tensor in file.tensors {
      if isCancelled() { throw Cancelled() }
      var statistics: TensorStatistics?
      do throws(ZipFailure) {
        let elements = try tensor.elements()
        if tensor.dtype.becomesFloat {
          statistics = elements.withFloats { TensorStatistics($0, shape: tensor.shape) }
        }
        elements.release()
      } catch {
        findings.append(.damaged(tensor: tensor.name, error))
      }
      rows.append(Row(tensor: tensor, statistics: statistics))
      guard let statistics else { continue }
      if statistics.nonFinite > 0 {
        findings.append(
          .nonFinite(
            tensor: tensor.name, count: statistics.nonFinite, of: statistics.count))
      }
      if statistics.deadChannels > 0 {
        findings.append(
          .deadChannels(
            tensor: tensor.name, count: statistics.deadChannels, of: tensor.shape[0]))
      }
    }
    self.rows = rows
    self.findings = findings + Self.batchNorms(file)
  }

  /// What is odd about the batch norms of `file`: places with a running variance.
  private static func batchNorms(_ file: TensorFile) -> [Finding] {
    let suffix = ".running_var"
    return file.tensors.filter { $0.name.hasSuffix(suffix) }.flatMap { tensor -> [Finding] in
      let norm = String(tensor.name.dropLast(suffix.count))
      func values(_ part: String) -> [Float] {
        guard let tensor = file["\(norm).\(part)"], tensor.dtype.becomesFloat else { return [] }
        return (try? tensor.elements().floats) ?? []
      }
      let (variances, means, weights) = (
        values("running_var"), values("running_mean"), values("weight")
      )
      var findings: [Finding] = []
      let negative = variances.count { $0 < 0 }
      if negative > 0 { findings.append(.negativeVariance(norm: norm, count: negative)) }
      let vanishing = variances.count { 0 <= $0 && $0 < 1e-6 }
      if vanishing > 0 {
        findings.append(.vanishingVariance(norm: norm, count: vanishing, of: variances.count))
      }
      let silent = weights.count { $0 == 0 }
      if silent > 0 {
        findings.append(.silentChannels(norm: norm, count: silent, of: weights.count))
      }
      if !variances.isEmpty, variances.allSatisfy({ $0 == 1 }), means.allSatisfy({ $0 == 0 }) {
        findings.append(.neverTrained(norm: norm))
      }
      return findings
    }
  }
}
