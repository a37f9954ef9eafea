import CTerminal
import Glibc

/// A short-lived program whose output is wanted, but not for longer than one is ready to wait.
///
/// It sees no input, its messages go nowhere, and it inherits no other open file. Foundation's `Process` would start threads
/// and lend the child a socket whose end it waits for.
final class ChildProcess {
  private var number: pid_t
  private let output: Int32

  /// Starts the program; `nil` where that is not possible.
  init?(_ program: String, _ arguments: [String], environment: [String: String]) {
    var output: Int32 = -1
    number = Self.withStrings([program] + arguments) { arguments in
      Self.withStrings(environment.map { "\($0.key)=\($0.value)" }) { variables in
        cterminal_spawn(program, arguments, variables, &output)
      }
    }
    guard number > 0 else { return nil }
    self.output = output
  }

  deinit {
    close(output)
    var status: Int32 = 0
    if number > 0, waitpid(number, &status, WNOHANG) == 0 {
      kill(number, SIGKILL)
      waitpid(number, &status, 0)
    }
  }

  /// What the program printed until it closed its output, and its exit status; `nil` where it had not ended in time.
  func result(before deadline: ContinuousClock.Instant) -> (text: String, status: Int32)? {
    var bytes: [UInt8] = []
    while let more = TerminalLine.read(from: output, before: deadline) {
      guard !more.isEmpty else {
        var status: Int32 = 0
        waitpid(number, &status, 0)
        number = 0
        return (String(decoding: bytes, as: UTF8.self), status)
      }
      bytes += more
    }
    return nil
  }

  private static func withStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
  }
}
