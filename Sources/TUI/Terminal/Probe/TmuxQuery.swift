import Foundation
import Glibc

/// A question to the tmux server that this process runs in, answered while other things are done.
final class TmuxQuery {
  private let process = Process()
  private let output = Pipe()

  /// Asks; `nil` outside of tmux and where tmux is not installed.
  init?(environment: [String: String]) {
    guard !(environment["TMUX"] ?? "").isEmpty else { return nil }
    let folders = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    guard
      let program = folders.map({ "\($0)/tmux" }).first(where: {
        FileManager.default.isExecutableFile(atPath: $0)
      })
    else { return nil }
    process.executableURL = URL(fileURLWithPath: program)
    var arguments = ["list-clients", "-F", Multiplexer.clientFormat]
    if let pane = environment["TMUX_PANE"], !pane.isEmpty { arguments += ["-t", pane] }
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardOutput = output
    do { try process.run() } catch { return nil }
  }

  /// The answer, at the latest after `timeout`; `nil` where there was none in time or tmux failed.
  func answer(within timeout: Duration) -> String? {
    let descriptor = output.fileHandleForReading.fileDescriptor
    let deadline = ContinuousClock.now + timeout
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let left = (deadline - .now) / .milliseconds(1)
      var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard left > 0, Glibc.poll(&poll, 1, Int32(left.rounded(.up))) > 0 else {
        process.terminate()
        return nil
      }
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { break }
      bytes += buffer.prefix(count)
    }
    process.waitUntilExit()
    return process.terminationStatus == 0 ? String(decoding: bytes, as: UTF8.self) : nil
  }
}
