import Dispatch
import Glibc
import Synchronization

/// Ctrl-C and SIGTERM as a question that long work asks between its steps.
///
/// The first signal asks the command to stop: it finishes the file that it is writing and reports what it has. A second
/// one ends the process at once.
final class Interrupt {
  private final class Flag: Sendable {
    let isRaised = Atomic(false)
  }

  private let flag = Flag()
  private let sources: [any DispatchSourceSignal]

  /// Starts listening; the signals no longer end the process by themselves, so this comes before all other work.
  init() {
    sources = [SIGINT, SIGTERM].map { [flag] number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(
        signal: number, queue: .global(qos: .userInitiated))
      source.setEventHandler {
        let isSecond = flag.isRaised.exchange(true, ordering: .relaxed)
        // Without the C library's clean-up, which may not run beside a thread that still works.
        if isSecond { ExitStatus.interrupted.exitAtOnce() }
      }
      source.resume()
      return source
    }
  }

  /// Whether a signal has arrived.
  var isRequested: Bool { flag.isRaised.load(ordering: .relaxed) }
}
