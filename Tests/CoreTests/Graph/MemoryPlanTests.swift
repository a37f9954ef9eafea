import TestSupport
import Testing

@testable import Core

@Suite("Memory plan")
struct MemoryPlanTests {
  /// Buffers whose lives meet never share an address, and the arena is no larger than needed for a chain.
  @Test(arguments: 0..<50)
  func livesDoNotCollide(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let buffers = (0..<40).map { _ in
      let start = Int.random(in: 0..<30, using: &random)
      return MemoryPlan.Buffer(
        count: Int.random(in: 1..<500, using: &random),
        life: start...Int.random(in: start..<(start + 6), using: &random))
    }
    let plan = MemoryPlan(buffers)
    for (i, a) in buffers.enumerated() {
      #expect(plan.offsets[i] % 16 == 0)
      #expect(plan.offsets[i] + a.count <= plan.count)
      for (j, b) in buffers.enumerated() where j > i && a.life.overlaps(b.life) {
        #expect(
          plan.offsets[i] + a.count <= plan.offsets[j]
            || plan.offsets[j] + b.count <= plan.offsets[i])
      }
    }
    #expect(plan.count >= plan.lowerBound)
  }

  @Test func aChainNeedsTwoBuffers() {
    let chain = (0..<10).map { MemoryPlan.Buffer(count: 64, life: $0...($0 + 1)) }
    #expect(MemoryPlan(chain).count == 128)
    #expect(MemoryPlan(chain).lowerBound == 128)
  }
}
