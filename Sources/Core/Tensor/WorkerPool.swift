import CKernels
import Dispatch
import Foundation
import Synchronization

/// Threads that wait for work for as long as the program lives; ``Threads`` is what uses them.
///
/// A network is some hundred short steps. Between two of them a worker looks out for the next one for some ten
/// microseconds before it goes to sleep, so that it is rarely woken by the system, which would take as long.
final class WorkerPool: Sendable {
  /// The pool of the whole program.
  static let shared = WorkerPool()

  /// One job at a time: who does not get the pool at once does without it.
  private let isTaken = Atomic(false)
  /// Counts jobs; its low bits say how many workers the newest one wants, the caller included.
  private let job = Atomic(0)
  /// Workers that have not finished the newest job yet.
  private let unfinished = Atomic(0)
  private let sleepers = Atomic(0)
  /// Written by the caller before a job begins, and read by workers until it ends.
  private nonisolated(unsafe) var body: (Int) -> Void = { _ in }
  /// How many threads there are; only the owner of the pool looks.
  private nonisolated(unsafe) var threadCount = 0
  private let alarm = NSCondition()

  private static let workerBits = 16
  /// How often a worker looks before it sleeps: about 50 µs.
  private static let patience = 2000
  /// How long the caller sleeps, in microseconds, between looks for workers that have been held up for longer.
  private static let nap: UInt32 = 100

  private init() {}

  /// Calls `body(worker)` once for each of `0..<workers`, at the same time where it can, and returns when all have
  /// returned.
  func run(_ workers: Int, _ body: (_ worker: Int) -> Void) {
    guard workers < 1 << Self.workerBits,
      isTaken.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    else {
      withoutActuallyEscaping(body) { body in
        nonisolated(unsafe) let body = body
        DispatchQueue.concurrentPerform(iterations: workers) { body($0) }
      }
      return
    }
    defer { isTaken.store(false, ordering: .releasing) }
    addThreads(upTo: workers - 1)
    withoutActuallyEscaping(body) { body in
      self.body = body
      unfinished.store(workers - 1, ordering: .relaxed)
      let number = (job.load(ordering: .relaxed) >> Self.workerBits) &+ 1
      job.store(number << Self.workerBits | workers, ordering: .sequentiallyConsistent)
      if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
        alarm.withLock { alarm.broadcast() }
      }
      body(0)
      // What is left is less than one chunk of work each, unless the system has given a worker's processor away.
      var looks = 0
      while unfinished.load(ordering: .acquiring) > 0 {
        looks += 1
        if looks < Self.patience {
          hfgd_pause()
        } else if looks < 2 * Self.patience {
          sched_yield()
        } else {
          usleep(Self.nap)
        }
      }
      self.body = { _ in }
    }
  }

  private func addThreads(upTo count: Int) {
    while threadCount < count {
      threadCount += 1
      let worker = threadCount
      let seen = job.load(ordering: .relaxed)
      let thread = Thread { self.work(as: worker, since: seen) }
      thread.start()
    }
  }

  /// A worker's life: wait for a job, take part if it is wanted.
  private func work(as worker: Int, since start: Int) {
    var seen = start
    while true {
      seen = next(after: seen)
      guard worker < seen & (1 << Self.workerBits - 1) else { continue }
      body(worker)
      unfinished.subtract(1, ordering: .releasing)
    }
  }

  /// The first job that is not `seen`.
  private func next(after seen: Int) -> Int {
    for _ in 0..<Self.patience {
      let newest = job.load(ordering: .acquiring)
      if newest != seen { return newest }
      hfgd_pause()
    }
    return alarm.withLock {
      sleepers.add(1, ordering: .sequentiallyConsistent)
      defer { sleepers.subtract(1, ordering: .relaxed) }
      while true {
        let newest = job.load(ordering: .sequentiallyConsistent)
        if newest != seen { return newest }
        alarm.wait()
      }
    }
  }
}
