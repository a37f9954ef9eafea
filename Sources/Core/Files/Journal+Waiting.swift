import Glibc

/// Journals that several processes add to by turns.
extension Journal {
  /// The reason why a journal that is open already cannot be written.
  static let heldByAnother = "another process is writing it"

  /// Whether a process, this one included, has the journal at `path` open.
  public static func isOpen(_ path: String) -> Bool {
    guard let file = FileDescriptor(path, flags: O_RDWR), !file.lock() else { return false }
    return errno == EWOULDBLOCK
  }

  /// Opens the journal at `path` as soon as nobody else has it open.
  ///
  /// - Parameter isCancelled: asked ten times a second while it waits.
  /// - Throws: what ``init(path:beginning:)`` throws for other reasons than that; `Cancelled`.
  public static func whenFree(
    _ path: String, beginning: String = "", isCancelled: () -> Bool = { false }
  ) throws -> Journal {
    var refusals = 0
    while true {
      do throws(FileFailure) { return try Journal(path: path, beginning: beginning) } catch {
        guard case .unwritable(_, heldByAnother) = error else { throw error }
        // It may have been closed since; but file systems without locks refuse for ever.
        refusals = isOpen(path) ? 0 : refusals + 1
        guard refusals < maximumRefusals else { throw error }
      }
      if isCancelled() { throw Cancelled() }
      usleep(100_000)
    }
  }

  private static let maximumRefusals = 20
}
