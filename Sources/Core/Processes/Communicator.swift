/// Processes that work on one thing together, each on a share of it.
///
/// All of them have to make the same calls in the same order; each call waits for the others. Sums are equal to the last bit in
/// all processes, and for one number of processes from run to run.
public protocol Communicator: Sendable {
  /// The number of this process, from 0 to ``count`` − 1.
  var rank: Int { get }
  /// How many processes there are.
  var count: Int { get }

  /// Replaces each value by its sum over all processes.
  func allReduce(_ values: UnsafeMutableBufferPointer<Float>)

  /// Replaces each value by its sum over all processes.
  func allReduce(_ values: UnsafeMutableBufferPointer<Double>)

  /// Replaces the bytes of every process by those of process `root`.
  func broadcast(_ bytes: UnsafeMutableRawBufferPointer, from root: Int)
}

extension Communicator {
  /// Whether this process is the one that writes files and reports.
  public var isFirst: Bool { rank == 0 }

  /// The sum of each number over all processes.
  func sums(_ values: [Double]) -> [Double] {
    guard count > 1 else { return values }
    var values = values
    values.withUnsafeMutableBufferPointer { allReduce($0) }
    return values
  }

  /// The sum of a number over all processes.
  public func sum(_ value: Double) -> Double { count > 1 ? sums([value])[0] : value }

  /// Whether something holds in any of the processes.
  public func any(_ condition: Bool) -> Bool { sum(condition ? 1 : 0) > 0 }

  /// Whether `value` is that of the first process.
  public func isLikeFirst(_ value: UInt64) -> Bool {
    var first = value
    withUnsafeMutableBytes(of: &first) { broadcast($0, from: 0) }
    return first == value
  }

  /// The bytes of each process, in the order of the processes.
  public func gathered(_ bytes: [UInt8]) -> [[UInt8]] {
    (0..<count).map { root in
      var size = root == rank ? Int64(bytes.count) : 0
      withUnsafeMutableBytes(of: &size) { broadcast($0, from: root) }
      var copy = root == rank ? bytes : [UInt8](repeating: 0, count: Int(size))
      copy.withUnsafeMutableBytes { broadcast($0, from: root) }
      return copy
    }
  }
}

/// One process, which has nobody to share with.
public struct SoleProcess: Communicator {
  /// The only process.
  public init() {}

  /// 0.
  public var rank: Int { 0 }
  /// 1.
  public var count: Int { 1 }

  /// Leaves the values as they are.
  public func allReduce(_ values: UnsafeMutableBufferPointer<Float>) {}

  /// Leaves the values as they are.
  public func allReduce(_ values: UnsafeMutableBufferPointer<Double>) {}

  /// Leaves the bytes as they are.
  public func broadcast(_ bytes: UnsafeMutableRawBufferPointer, from root: Int) {}
}
