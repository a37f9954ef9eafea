import Testing

@testable import Core

@Suite("Right of way")
struct RightOfWayTests {
  @Test func isTakenUntilItIsReleased() {
    let way = RightOfWay()
    #expect(!way.isTaken)
    way.take(for: .seconds(3600))
    #expect(way.isTaken)
    way.release()
    #expect(!way.isTaken)
  }

  /// Whoever never releases it holds nobody up for longer than was said.
  @Test func endsByItself() {
    let way = RightOfWay()
    way.take(for: .milliseconds(1))
    way.giveWay()
    #expect(!way.isTaken)
  }

  /// Threads that stand back still do every chunk once.
  @Test(arguments: [1, 3]) func allWorkIsDone(count: Int) {
    let way = RightOfWay()
    way.take(for: .milliseconds(2))
    var runs = [Int](repeating: 0, count: 20)
    runs.withUnsafeMutableBufferPointer { runs in
      Threads(count, behind: way).forEach(20) { chunk, _ in runs[chunk] += 1 }
    }
    #expect(runs.allSatisfy { $0 == 1 })
  }
}
