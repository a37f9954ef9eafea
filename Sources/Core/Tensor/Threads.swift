import Glibc
import Synchronization

/// The thread budget of a run, and the only place that starts threads.
///
/// Work is cut into chunks whose number depends on the problem alone, never on the budget, and no chunk reads what
/// another writes: a result is the same to the last bit for every number of threads.
public struct Threads: Sendable {
  /// How many threads work at once, the caller included; at least 1.
  public let count: Int
  /// Who goes first; its work is done by threads of low priority, in the pauses that it leaves.
  public let rightOfWay: RightOfWay?

  /// A budget of `count` threads.
  ///
  /// Threads that have worked behind a `rightOfWay`, the caller included, keep their low priority afterwards.
  public init(_ count: Int, behind rightOfWay: RightOfWay? = nil) {
    precondition(count >= 1, "a thread budget needs at least one thread, not \(count)")
    self.count = count
    self.rightOfWay = rightOfWay
  }

  /// How far threads behind a right of way stand back: at most a tenth of a processor that others want.
  private static let niceness: Int32 = 10

  private func standBack() {
    guard rightOfWay != nil else { return }
    // On Linux 0 means the calling thread alone. It can only fail where priorities mean nothing.
    _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.niceness)
  }

  /// Calls `body(chunk, worker)` for every chunk in `0..<chunks`, each exactly once.
  ///
  /// `worker` is below ``count`` and never runs two chunks at once: it names a part of the scratch memory.
  func forEach(_ chunks: Int, _ body: (_ chunk: Int, _ worker: Int) -> Void) {
    let workers = min(count, chunks)
    guard workers > 1 else {
      standBack()
      for chunk in 0..<chunks {
        rightOfWay?.giveWay()
        body(chunk, 0)
      }
      return
    }
    let next = Atomic(0)
    // Kernels write disjoint parts of raw memory, which the compiler cannot see; the pool makes all of it visible to
    // the caller when it returns.
    WorkerPool.shared.run(workers) { worker in
      standBack()
      while true {
        rightOfWay?.giveWay()
        let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard chunk < chunks else { return }
        body(chunk, worker)
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
