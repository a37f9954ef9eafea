import Testing

@testable import Core

@Suite("Threads")
struct ThreadsTests {
  @Test(
    "run every chunk once, no worker beyond the budget", arguments: [1, 2, 3, 16], [0, 1, 2, 37])
  func chunks(count: Int, chunks: Int) {
    var workers = [Int](repeating: -1, count: chunks)
    var runs = [Int](repeating: 0, count: chunks)
    workers.withUnsafeMutableBufferPointer { workers in
      runs.withUnsafeMutableBufferPointer { runs in
        Threads(count).forEach(chunks) { chunk, worker in
          workers[chunk] = worker
          runs[chunk] += 1
        }
      }
    }
    #expect(runs.allSatisfy { $0 == 1 })
    #expect(workers.allSatisfy { 0..<count ~= $0 })
  }

  /// Ranges are cut by the problem alone, and the last one may be short.
  @Test(arguments: [(0, 4), (1, 4), (4, 4), (5, 4), (7, 1), (3, 0)])
  func ranges(total: Int, size: Int) {
    var covered = [Range<Int>](repeating: 0..<0, count: total)
    covered.withUnsafeMutableBufferPointer { covered in
      Threads(3).forEach(total, by: size) { range, _ in covered[range.lowerBound] = range }
    }
    let size = max(1, size)
    let expected = stride(from: 0, to: total, by: size).map { $0..<min(total, $0 + size) }
    #expect(covered.filter { !$0.isEmpty } == expected)
  }

  @Test func anEmptyBudgetTraps() async {
    await #expect(processExitsWith: .failure) { _ = Threads(0) }
  }
}
