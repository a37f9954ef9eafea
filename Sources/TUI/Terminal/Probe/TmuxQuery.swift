import Foundation

/// A question to the tmux server that this process runs in, answered while other things are done.
struct TmuxQuery {
  private let child: ChildProcess

  /// Asks; `nil` outside of tmux and where tmux is not installed.
  init?(environment: [String: String]) {
    guard !(environment["TMUX"] ?? "").isEmpty else { return nil }
    let folders = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    let programs = folders.map { "\($0)/tmux" }
    guard let program = programs.first(where: FileManager.default.isExecutableFile(atPath:)) else {
      return nil
    }
    var arguments = ["list-clients", "-F", Multiplexer.clientFormat]
    if let pane = environment["TMUX_PANE"], !pane.isEmpty { arguments += ["-t", pane] }
    guard let child = ChildProcess(program, arguments, environment: environment) else { return nil }
    self.child = child
  }

  /// The answer, at the latest after `timeout`; `nil` where there was none in time or tmux failed.
  func answer(within timeout: Duration) -> String? {
    guard let result = child.result(before: .now + timeout), result.status == 0 else { return nil }
    return result.text
  }
}
