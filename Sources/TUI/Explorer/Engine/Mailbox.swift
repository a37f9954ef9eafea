import Synchronization

/// Where background work leaves its results for the loop, which a wake-up call then collects.
final class Mailbox: Sendable {
  private let events = Mutex<[ExplorerEvent]>([])
  private let wake: @Sendable () -> Void

  /// A mailbox that calls `wake`, from any thread, when something has arrived.
  init(wake: @escaping @Sendable () -> Void) { self.wake = wake }

  /// Leaves an event.
  func post(_ event: ExplorerEvent) {
    events.withLock { $0.append(event) }
    wake()
  }

  /// Takes all events out, in the order in which they came.
  func collect() -> [ExplorerEvent] {
    events.withLock { events in
      defer { events = [] }
      return events
    }
  }
}
