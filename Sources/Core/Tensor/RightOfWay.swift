import Glibc
import Synchronization

/// Lets a thread that must not wait, such as the one that draws a screen, hold up those that compute.
///
/// A low priority alone does not do it: on Linux priorities count within a terminal's session, while the program that
/// shows what is drawn (a terminal, `sshd`, `tmux`) lives in another and would share the processors with the
/// computation as an equal. ``Threads`` asks here before each chunk of work, a few milliseconds at most.
public final class RightOfWay: Sendable {
  /// When the way is free again, in nanoseconds of the monotonic clock.
  private let end = Atomic<UInt64>(0)

  /// How long a thread that gives way sleeps before it looks again, in microseconds.
  private static let pause: UInt32 = 200

  /// Nobody has it.
  public init() {}

  /// Takes it until ``release()``, for `limit` at most: nobody starves behind a screen that takes no bytes.
  public func take(for limit: Duration) {
    let nanoseconds = UInt64(max(0, limit / .nanoseconds(1)))
    end.store(Self.now + nanoseconds, ordering: .relaxed)
  }

  /// Lets the others go on.
  public func release() { end.store(0, ordering: .relaxed) }

  /// Whether somebody has it.
  var isTaken: Bool {
    let end = end.load(ordering: .relaxed)
    return end != 0 && Self.now < end
  }

  /// Sleeps while somebody has it.
  func giveWay() {
    while isTaken { usleep(Self.pause) }
  }

  /// Nanoseconds of the monotonic clock.
  private static var now: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
