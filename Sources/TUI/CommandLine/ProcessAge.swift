import Core
import Glibc

/// How long ago the system started this process, before its libraries were loaded.
enum ProcessAge {
  /// The age in seconds, up to a hundredth too large, as the kernel keeps the start in such steps; NaN where it does not tell.
  static var seconds: Double {
    guard let bytes = try? FileBytes.read("/proc/self/stat", maxBytes: 1 << 16),
      let start = startTicks(String(decoding: bytes, as: UTF8.self))
    else { return .nan }
    var now = timespec()
    clock_gettime(CLOCK_BOOTTIME, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
      - Double(start) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// The 22nd field of a `stat` file: the start in clock ticks since the system's.
  ///
  /// The second is the program's name in parentheses, which may itself hold spaces and parentheses.
  static func startTicks(_ stat: String) -> Int? {
    guard let end = stat.lastIndex(of: ")") else { return nil }
    let fields = stat[stat.index(after: end)...].split(separator: " ")
    return fields.count > 19 ? Int(fields[19]) : nil
  }
}
