import TestSupport
import Testing

@testable import Core

@Suite("Pooling")
struct PoolingTests {
  /// The shortcut's average over 3×3: the last column and row average only the cells that exist.
  @Test func handExample() {
    let x = Tensor(Shape(h: 3, w: 3, c: 1), [1, 2, 3, 4, 5, 6, 7, 8, 9])
    #expect(Pooling.shortcut(x).values == [3, 4.5, 7.5, 9])
    #expect(Pooling.stem(x).values == [5, 6, 8, 9])
  }

  static let poolings = [
    Pooling.stem, Pooling.shortcut, Pooling(.max, kernel: 2, stride: 2),
    Pooling(.average, kernel: 3, stride: 1, padding: 1),
    Pooling(.max, kernel: 3, stride: 3, padding: 1, isCeiling: true),
    Pooling(.average, kernel: 5, stride: 2, padding: 2, isCeiling: true),
  ]

  @Test("agrees with the naive loops", arguments: poolings, KernelsTests.counts)
  func reference(_ pooling: Pooling, channels: Int) {
    for (n, h, w) in [(1, 5, 5), (2, 6, 9), (1, 7, 13), (1, 17, 8)] {
      // Shifted below zero so that a maximum over padding zeros would be noticed.
      var x = Tensor.random(Shape(n: n, h: h, w: w, c: channels), "x")
      x.values = x.values.map { $0 - 2 }
      let expected = poolingReference(pooling, x)
      for set in InstructionSet.supported {
        var pooling = pooling
        pooling.kernels = Kernels(set)
        let y = pooling(x, threads: Threads(2))
        #expect(disagreement(y, expected) < operationTolerance, "\(set)")
      }
    }
  }

  /// 513 → 257 → 129 → 65 → 33 → 17: both pools keep to the ladder of sizes that the models are built on.
  @Test(arguments: [(513, 257), (257, 129), (129, 65), (65, 33), (33, 17), (1, 1), (2, 1)])
  func sizes(_ size: Int, _ half: Int) {
    let x = Shape(h: size, w: size, c: 1)
    #expect(Pooling.shortcut.outputShape(for: [x]) == Shape(h: half, w: half, c: 1))
    #expect(Pooling.stem.outputShape(for: [x]) == Shape(h: half, w: half, c: 1))
  }
}
