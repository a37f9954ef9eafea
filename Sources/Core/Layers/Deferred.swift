import Synchronization

/// A value that is made once, when it is first asked for, by whichever thread asks.
final class Deferred<Value: Sendable>: Sendable {
  private enum State: Sendable {
    case open(@Sendable () -> Value)
    case made(Value)
  }

  private let state: Mutex<State>

  /// The value that `make` will return; what it holds is let go afterwards.
  init(_ make: @escaping @Sendable () -> Value) { state = Mutex(.open(make)) }

  /// The value; others who ask while it is made wait.
  var value: Value {
    state.withLock { state in
      switch state {
      case .made(let value): return value
      case .open(let make):
        let value = make()
        state = .made(value)
        return value
      }
    }
  }
}

/// Deferred values of any kind in the order in which they were noted.
final class DeferredList: Sendable {
  private let all = Mutex<[@Sendable () -> Void]>([])

  /// Notes a value.
  func append(_ deferred: Deferred<some Sendable>) {
    all.withLock { $0.append { _ = deferred.value } }
  }

  /// Makes all values that are noted, each on one of `threads`, and forgets them.
  func make(threads: Threads) {
    let open = all.withLock { list in
      defer { list = [] }
      return list
    }
    threads.forEach(open.count) { index, _ in open[index]() }
  }
}
