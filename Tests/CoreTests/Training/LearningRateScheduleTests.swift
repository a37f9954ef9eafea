import Testing

@testable import Core

@Suite("Learning rate")
struct LearningRateScheduleTests {
  @Test func decaysToZero() {
    let schedule = LearningRateSchedule(rate: 0.01, steps: 100, power: 0.9)
    #expect(schedule(0) == 0.01)
    #expect(abs(schedule(50) - 0.01 * 0.535_886_731_268) < 1e-12)  // 0.5^0.9
    #expect(schedule(99) > 0)
    #expect(schedule(100) == 0)
    #expect(schedule(101) == 0)
    #expect((1...100).allSatisfy { schedule($0) < schedule($0 - 1) })
  }

  @Test func risesInTheWarmUp() {
    let schedule = LearningRateSchedule(rate: 1, steps: 100, power: 1, warmUp: 10)
    #expect(schedule(0) == 0.1)
    #expect(abs(schedule(4) - 0.96 * 0.5) < 1e-12)
    #expect(abs(schedule(9) - 0.91) < 1e-12)
    #expect(abs(schedule(10) - 0.90) < 1e-12)
  }
}
