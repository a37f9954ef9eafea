import CMPI
import Synchronization

/// The processes that `mpirun` or `srun` started, through Open MPI's library.
///
/// A program joins them once, and uses them from one thread at a time. Where MPI itself fails, it ends all processes.
public final class MPICommunicator: Communicator {
  private static let membership = Mutex<MPICommunicator?>(nil)

  /// The processes that this one has joined and not left.
  public static var current: MPICommunicator? { membership.withLock { $0 } }

  /// The number of this process.
  public let rank: Int
  /// How many processes there are.
  public let count: Int

  private init(rank: Int, count: Int) {
    self.rank = rank
    self.count = count
  }

  /// Joins the processes that this one was started together with; `nil` where it was started alone.
  ///
  /// - Parameters:
  ///   - environment: the variables that the starting program left.
  /// - Throws: what is missing, where there are several and they cannot find each other.
  public static func joined(
    _ environment: [String: String]
  ) throws(MPIFailure) -> MPICommunicator? {
    let started = processCount(environment)
    guard started > 1 else { return nil }
    var (rank, count) = (Int32(0), Int32(0))
    var message = [CChar](repeating: 0, count: Int(CMPI_MESSAGE_SIZE))
    guard cmpi_start(&rank, &count, &message) == 0 else {
      let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      throw .notLoaded(processes: started, reason: String(decoding: text, as: UTF8.self))
    }
    guard count == started else { throw .apart(processes: started, found: Int(count)) }
    let processes = MPICommunicator(rank: Int(rank), count: Int(count))
    membership.withLock { $0 = processes }
    return processes
  }

  /// How many processes were started together, by what Open MPI's, Slurm's or another launcher left; 1 where none did.
  static func processCount(_ environment: [String: String]) -> Int {
    for name in ["OMPI_COMM_WORLD_SIZE", "SLURM_STEP_NUM_TASKS", "PMI_SIZE"] {
      if let count = environment[name].flatMap({ Int($0) }) { return count }
    }
    return 1
  }

  /// Replaces each value by its sum over all processes.
  public func allReduce(_ values: UnsafeMutableBufferPointer<Float>) {
    cmpi_sum_floats(values.baseAddress, Int32(values.count))
  }

  /// Replaces each value by its sum over all processes.
  public func allReduce(_ values: UnsafeMutableBufferPointer<Double>) {
    cmpi_sum_doubles(values.baseAddress, Int32(values.count))
  }

  /// Replaces the bytes of every process by those of process `root`.
  public func broadcast(_ bytes: UnsafeMutableRawBufferPointer, from root: Int) {
    cmpi_broadcast(bytes.baseAddress, Int32(bytes.count), Int32(root))
  }

  /// Waits for all others, and leaves them; nothing may be called after it.
  public func finish() {
    Self.membership.withLock { $0 = nil }
    cmpi_finish()
  }

  /// Ends all processes at once, so that none waits for one that has failed.
  public func abort(status: Int32) -> Never { cmpi_abort(status) }
}

/// Why processes that were started together cannot work together.
public enum MPIFailure: Error, Sendable, CustomStringConvertible {
  /// Open MPI's library is not there.
  case notLoaded(processes: Int, reason: String)
  /// MPI knows of other processes than the launcher.
  case apart(processes: Int, found: Int)

  /// What happened, and the remedy.
  public var description: String {
    switch self {
    case .notLoaded(let processes, let reason):
      "\(processes) processes were started, but Open MPI cannot be loaded (\(reason)); "
        + "install the package openmpi-bin on each machine, or start one process"
    case .apart(let processes, let found):
      "\(processes) processes were started, but MPI sees \(found); "
        + "start them with Open MPI's mpirun, or with srun --mpi=pmix"
    }
  }
}
