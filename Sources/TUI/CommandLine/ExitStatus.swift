import Core
import Glibc

/// How the program ends; scripts rely on these numbers.
enum ExitStatus: Int32 {
  case success = 0
  /// The command ran, but some inputs failed.
  case someInputsFailed = 1
  /// Wrong arguments.
  case usage = 2
  /// A checkpoint that cannot be used.
  case checkpoint = 3
  /// A data set that cannot be used.
  case dataSet = 4
  /// A measured value is below what was demanded.
  case expectationNotMet = 5
  /// A training whose loss or gradients are no longer finite.
  case diverged = 6
  /// Ended by Ctrl-C or a signal, what was finished is kept.
  case interrupted = 130

  /// Ends the process.
  func exit() -> Never { Glibc.exit(rawValue) }

  /// Ends the process without the libraries' clean-up, which must not run while other threads work with them.
  func exitAtOnce() -> Never { _exit(rawValue) }
}

/// An error that a command reports: what to print and how to end.
struct CommandFailure: Error, CustomStringConvertible {
  let status: ExitStatus
  let message: String
  var description: String { message }

  init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = message
  }

  /// The failure of a checkpoint.
  init(_ failure: CheckpointFailure) { self.init(.checkpoint, failure.description) }

  /// The failure of a store of results.
  init(_ failure: StoreFailure) { self.init(.someInputsFailed, failure.description) }

  /// The failure of a data set.
  init(_ failure: DataSetFailure) { self.init(.dataSet, failure.description) }
}
