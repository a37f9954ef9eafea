import CMalloc
import Glibc

/// What a Unix program has to settle before it opens its first file.
enum ProcessSetup {
  /// Makes the standard streams and signals what the commands expect, whatever the parent process left behind.
  static func run() {
    // A stream that the caller closed would lend its number to the next file, and messages would land in there.
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(stream, F_GETFD) == -1 {
      // Lowest number first, so this is `stream`; read-only, so writing to it still fails.
      _ = open("/dev/null", O_RDONLY)
    }
    // A reader that has seen enough, as head, ends the program quietly.
    signal(SIGPIPE, SIG_DFL)
    // A limit on file sizes is the failure of one write, not the end of the program.
    signal(SIGXFSZ, SIG_IGN)
    // Megabytes that one thread allocates and another frees would leave holes in an arena for each of them.
    mallopt(M_ARENA_MAX, 1)
  }
}
