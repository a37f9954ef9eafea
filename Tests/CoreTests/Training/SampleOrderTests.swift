import Testing

@testable import Core

@Suite("Sample order")
struct SampleOrderTests {
  @Test func everySampleComesOnceInAnEpoch() {
    let order = SampleOrder(count: 13, batch: 4, seed: 1)
    let places = (0..<39).flatMap { order.places(step: $0) }  // 12 epochs
    #expect(places.count == 12 * 13)
    for epoch in 0..<12 {
      let epochs = places[(epoch * 13)..<((epoch + 1) * 13)]
      #expect(epochs.allSatisfy { $0.epoch == epoch })
      #expect(Set(epochs.map(\.sample)) == Set(0..<13))
    }
    #expect(places[0..<13].map(\.sample) != places[13..<26].map(\.sample))
  }

  @Test func batchesMayBeLargerThanTheSet() {
    let places = SampleOrder(count: 3, batch: 8, seed: 1).places(step: 1)
    #expect(places.map(\.epoch) == [2, 3, 3, 3, 4, 4, 4, 5])
    #expect(Set(places[1...3].map(\.sample)) == [0, 1, 2])
  }

  @Test func seedsDecide() {
    let orders = [1, 1, 2].map { SampleOrder(count: 100, batch: 100, seed: $0).places(step: 0) }
    #expect(orders[0] == orders[1] && orders[0] != orders[2])
  }

  @Test func processesShareABatch() {
    let order = SampleOrder(count: 13, batch: 8, seed: 1)
    for processes in [1, 2, 3, 8, 11] {
      let shares = (0..<processes).map { order.places(step: 2, rank: $0, of: processes) }
      #expect(shares.flatMap { $0 } == order.places(step: 2))
      #expect(shares.allSatisfy { abs($0.count - 8 / processes) <= 1 })
    }
  }

  /// Every place of a short list is equally likely for every sample.
  @Test func shufflesAreFair() {
    var counts = [Int](repeating: 0, count: 16)
    for seed in 0..<4000 {
      let places = SampleOrder(count: 4, batch: 4, seed: seed).places(step: 0)
      for (i, place) in places.enumerated() { counts[4 * i + place.sample] += 1 }
    }
    #expect(counts.allSatisfy { 900...1100 ~= $0 })
  }
}
