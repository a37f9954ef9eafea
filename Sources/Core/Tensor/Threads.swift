import Dispatch
import Synchronization

/// The thread budget of a run, and the only place that starts threads.
///
/// Work is cut into chunks whose number depends on the problem alone, never on the budget, and no chunk reads what
/// another writes: a result is the same to the last bit for every number of threads. Inside a chunk OpenBLAS runs on
/// the calling thread, so this budget covers our loops and the matrix products together.
public struct Threads: Sendable, Hashable {
  /// How many threads work at once, the caller included; at least 1.
  public let count: Int

  /// A budget of `count` threads.
  public init(_ count: Int) {
    precondition(count >= 1, "a thread budget needs at least one thread, not \(count)")
    self.count = count
  }

  /// Calls `body(chunk, worker)` for every chunk in `0..<chunks`, each exactly once.
  ///
  /// `worker` is below ``count`` and never runs two chunks at once: it names a part of the scratch memory.
  func forEach(_ chunks: Int, _ body: (_ chunk: Int, _ worker: Int) -> Void) {
    let workers = min(count, chunks)
    guard workers > 1 else {
      for chunk in 0..<chunks { body(chunk, 0) }
      return
    }
    let next = Atomic(0)
    withoutActuallyEscaping(body) { body in
      // Kernels write disjoint parts of raw memory, which the compiler cannot see; the barrier at the end of
      // concurrentPerform makes all of it visible to the caller.
      nonisolated(unsafe) let body = body
      DispatchQueue.concurrentPerform(iterations: workers) { worker in
        while true {
          let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
          guard chunk < chunks else { return }
          body(chunk, worker)
        }
      }
    }
  }

  /// Cuts `0..<total` into runs of `size` (the last may be shorter) and calls `body(range, worker)` for each.
  func forEach(_ total: Int, by size: Int, _ body: (_ range: Range<Int>, _ worker: Int) -> Void) {
    let size = max(1, size)
    forEach((total + size - 1) / size) { chunk, worker in
      body((chunk * size)..<min(total, (chunk + 1) * size), worker)
    }
  }
}
