import Core
import Foundation

/// The processes that `mpirun` or `srun` started a command in.
enum Processes {
  /// Those that this one was started together with, or itself alone.
  static func joined() throws(CommandFailure) -> any Communicator {
    do throws(MPIFailure) {
      return try MPICommunicator.joined(ProcessInfo.processInfo.environment) ?? SoleProcess()
    } catch {
      throw CommandFailure(.usage, error.description)
    }
  }

  /// Waits for the others and leaves them; from then on each is alone.
  static func leave() { MPICommunicator.current?.finish() }

  /// Ends the others, which would wait for this one forever.
  static func abort(_ status: ExitStatus) {
    MPICommunicator.current?.abort(status: status.rawValue)
  }
}

extension Communicator {
  /// What `body` makes here, where all processes succeed in it; it must not wait for the others.
  ///
  /// Where all fail, the first one says why and the others are quiet: they get `nil`. Where some fail, those say why, and the
  /// others have to be ended.
  func together<Made>(_ body: () throws -> Made) throws -> Made? {
    let result = Result { try body() }
    var hasFailed = false
    if case .failure = result { hasFailed = true }
    guard sum(hasFailed ? 1 : 0) == Double(count) else { return try result.get() }
    Processes.leave()
    return isFirst ? try result.get() : nil
  }
}
