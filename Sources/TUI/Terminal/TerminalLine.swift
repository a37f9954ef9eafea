import Glibc

/// Reading, writing and modes of the line to a terminal.
enum TerminalLine {
  /// Makes the terminal that controls the process its standard input, after a pipe there has been read to its end.
  ///
  /// Without such a terminal the input stays as it is.
  static func becomeStandardInput() {
    let terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard terminal >= 0 else { return }
    dup2(terminal, STDIN_FILENO)
    Glibc.close(terminal)
  }

  /// Writes all of `bytes`; false where the line is gone.
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var done = 0
    while done < bytes.count {
      let written = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress?.advanced(by: done), $0.count - done)
      }
      if written > 0 {
        done += written
      } else if errno == EAGAIN {
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&wait, 1, -1)
      } else if errno != EINTR {
        return false
      }
    }
    return true
  }

  /// The next bytes, empty at the end of input; `nil` where none came in time.
  static func read(from descriptor: Int32, before deadline: ContinuousClock.Instant) -> [UInt8]? {
    while true {
      let left = (deadline - .now) / .milliseconds(1)
      var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = poll(&wait, 1, Int32(max(0, left).rounded(.up)))
      if ready < 0 && errno == EINTR { continue }
      return ready > 0 ? available(from: descriptor) : nil
    }
  }

  /// The bytes that are there, at most 64 KiB; empty at the end of input and after an error.
  static func available(from descriptor: Int32) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      return Array(buffer.prefix(max(0, count)))
    }
  }

  /// The mode for full screen, from that of the shell: every key arrives at once, as it is and unseen.
  ///
  /// Ctrl-C and Ctrl-Z are keys like others, but Ctrl-\ stays a signal: it ends a program that does not listen any more.
  static func rawMode(from shell: termios) -> termios {
    var mode = shell
    mode.c_iflag &= ~tcflag_t(BRKINT | ICRNL | INLCR | IGNCR | INPCK | ISTRIP | IXON)
    mode.c_oflag &= ~tcflag_t(ONLCR | OCRNL)
    mode.c_lflag &= ~tcflag_t(ECHO | ECHONL | ICANON | IEXTEN)
    mode.c_lflag |= tcflag_t(ISIG)
    mode.c_cflag |= tcflag_t(CS8)
    withUnsafeMutableBytes(of: &mode.c_cc) { characters in
      characters[Int(VMIN)] = 1
      characters[Int(VTIME)] = 0
      for index in [VINTR, VSUSP] { characters[Int(index)] = 0 }
    }
    return mode
  }
}
