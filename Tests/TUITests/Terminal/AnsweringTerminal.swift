import Foundation
import Glibc

@testable import TUI

/// A pseudo-terminal that answers questions as it is told to, with a program on its other side.
final class AnsweringTerminal {
  /// TIOCSPTLCK and TIOCGPTN, which Swift does not see.
  private static let unlock: UInt = 0x4004_5431
  private static let slaveNumber: UInt = 0x8004_5430

  private let master: Int32
  private let delay: TimeInterval
  private let process = Process()
  private let answers: [(question: String, answer: String)]
  /// Everything that the program has written.
  private(set) var output = ""

  /// Starts the program on a terminal of 100 × 30 cells.
  ///
  /// - Parameter delay: how long the terminal takes to answer.
  init?(
    _ arguments: [String], term: String = "xterm-256color", environment: [String: String] = [:],
    answers: [(question: String, answer: String)], delay: TimeInterval = 0
  ) {
    self.answers = answers
    self.delay = delay
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var number: Int32 = 0
    guard master >= 0, ioctl(master, Self.unlock, &number) == 0,
      ioctl(master, Self.slaveNumber, &number) == 0
    else { return nil }
    let slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard slave >= 0 else { return nil }
    var size = winsize(ws_row: 30, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    let handle = FileHandle(fileDescriptor: slave, closeOnDealloc: true)
    process.executableURL = URL(fileURLWithPath: Program.executable.path)
    process.arguments = arguments
    process.environment = ["TERM": term, "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"].merging(
      environment
    ) { $1 }
    process.standardInput = handle
    process.standardOutput = handle
    process.standardError = FileHandle.nullDevice
    do { try process.run() } catch { return nil }
  }

  deinit {
    process.terminate()
    close(master)
  }

  /// Types into the terminal.
  func type(_ text: String) { _ = TerminalLine.write(Array(text.utf8), to: master) }

  /// Answers questions until the program has written what is wanted, at most ten seconds.
  func wait(for text: String) -> Bool {
    let deadline = ContinuousClock.now + .seconds(10)
    while !output.contains(text) {
      guard let bytes = TerminalLine.read(from: master, before: deadline), !bytes.isEmpty else {
        return false
      }
      let new = String(decoding: bytes, as: UTF8.self)
      output += new
      for (question, answer) in answers where new.contains(question) {
        if delay > 0 { Thread.sleep(forTimeInterval: delay) }
        type(answer)
      }
    }
    return true
  }

  /// Forgets the output so far.
  func forget() { output = "" }
}
