import Foundation
import Synchronization

@testable import Core

/// Threads of this process that stand for processes.
struct ThreadCommunicator: Communicator {
  let rank: Int
  private let meeting: Meeting

  var count: Int { meeting.count }

  func allReduce(_ values: UnsafeMutableBufferPointer<Float>) {
    let all = meeting.exchange(values.map { Double($0) }, of: rank)
    for i in values.indices { values[i] = Float(all.reduce(0) { $0 + $1[i] }) }
  }

  func allReduce(_ values: UnsafeMutableBufferPointer<Double>) {
    let all = meeting.exchange(Array(values), of: rank)
    for i in values.indices { values[i] = all.reduce(0) { $0 + $1[i] } }
  }

  func broadcast(_ bytes: UnsafeMutableRawBufferPointer, from root: Int) {
    let all = meeting.exchange(bytes.map { Double($0) }, of: rank)
    bytes.copyBytes(from: all[root].map { UInt8($0) })
  }

  /// What `body` makes in each of `count` threads, which may wait for each other.
  static func run<Result: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (ThreadCommunicator) throws -> Result
  ) throws -> [Result] {
    let meeting = Meeting(count: count)
    let results = Results<Result>()
    let group = DispatchGroup()
    for rank in 0..<count {
      group.enter()
      let thread = Thread {
        let result = Swift.Result { try body(ThreadCommunicator(rank: rank, meeting: meeting)) }
        results.all.withLock { $0[rank] = result }
        group.leave()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    group.wait()
    return try results.all.withLock { all in
      try (0..<count).compactMap { try all[$0]?.get() }
    }
  }

  private final class Results<Value: Sendable>: Sendable {
    let all = Mutex<[Int: Result<Value, any Error>]>([:])
  }
}

/// A place where threads wait until all of them have come, and each takes what all have brought.
private final class Meeting: @unchecked Sendable {
  let count: Int
  private let condition = NSCondition()
  private var brought: [Int: [Double]] = [:]
  private var left = 0
  private var isComplete = false

  init(count: Int) { self.count = count }

  func exchange(_ values: [Double], of rank: Int) -> [[Double]] {
    condition.lock()
    defer { condition.unlock() }
    // Some may not have left the meeting before.
    while isComplete { condition.wait() }
    brought[rank] = values
    isComplete = brought.count == count
    if isComplete { condition.broadcast() }
    while !isComplete { condition.wait() }
    let all = (0..<count).map { brought[$0] ?? [] }
    left += 1
    if left == count {
      (brought, left, isComplete) = ([:], 0, false)
      condition.broadcast()
    }
    return all
  }
}
