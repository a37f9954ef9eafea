import Synchronization
import TestSupport
import Testing

@testable import Core

@Suite("Loading of layers")
struct LayerLoadingTests {
  @Test func deferredValuesAreMadeOnce() {
    let calls = Mutex(0)
    let value = Deferred {
      calls.withLock {
        $0 += 1
        return $0
      }
    }
    #expect(calls.withLock { $0 } == 0)
    Threads(4).forEach(100) { _, _ in #expect(value.value == 1) }
    #expect(calls.withLock { $0 } == 1)
  }

  @Test(arguments: [1, 4])
  func aListMakesEveryValueAndForgetsIt(threads: Int) {
    // Each value notes when it was made in a place of its own.
    let made = Atomic(0)
    nonisolated(unsafe) let places = UnsafeMutableBufferPointer<Int>.allocate(capacity: 50)
    defer { places.deallocate() }
    let list = DeferredList()
    for i in 0..<50 {
      list.append(Deferred { places[i] = made.wrappingAdd(1, ordering: .relaxed).oldValue })
    }
    list.make(threads: Threads(threads))
    list.make(threads: Threads(threads))
    #expect(made.load(ordering: .relaxed) == 50)
    let order = Array(places)
    #expect((threads == 1 ? order : order.sorted()) == Array(0..<50))
  }

  /// OIHW becomes HWIO, each output channel times its factor, on both sides of the blocks' edges.
  @Test(arguments: [
    ConvolutionGeometry(5, 17, kernel: 3), ConvolutionGeometry(130, 16), ConvolutionGeometry(3, 1),
    ConvolutionGeometry(12, 36, kernel: (1, 7), groups: 3, padding: (0, 3)),
    ConvolutionGeometry(33, 33, kernel: 3, groups: 33),
  ])
  func kernelsAreTransposedAndScaled(geometry g: ConvolutionGeometry) {
    var random = SeededRandom(seed: 5)
    let (taps, depth) = (g.kernelHeight * g.kernelWidth, g.inputs / g.groups)
    let kernel = (0..<(g.outputs * depth * taps)).map { _ in
      Float.random(in: -1...1, using: &random)
    }
    let scale = (0..<g.outputs).map { _ in Float.random(in: 1...2, using: &random) }
    for factors in [nil, scale] {
      let result = kernel.withUnsafeBufferPointer { g.channelsLast($0, scale: factors) }
      #expect(result.count == kernel.count)
      for o in 0..<g.outputs {
        for k in 0..<depth {
          for tap in 0..<taps {
            let expected = kernel[(o * depth + k) * taps + tap] * (factors?[o] ?? 1)
            guard result[(tap * depth + k) * g.outputs + o] != expected else { continue }
            Issue.record("output \(o), input \(k), tap \(tap)")
          }
        }
      }
    }
  }

  /// A model is the same however many threads read it.
  @Test func threadsDoNotChangeAModel() throws {
    let configuration = try #require(ModelConfiguration.preset(named: "hfgd-mobilenet_v2-os4"))
    let picture = Picture(
      width: 33, height: 33, samples: (0..<(3 * 33 * 33)).map { UInt8($0 % 251) })
    let logits = try [1, 3].map { threads in
      let model = SegmentationModel(
        configuration, Weights(RandomWeights(seed: 2)), threads: Threads(threads))
      return try Segmenter(model, threads: Threads(1)).logits(of: picture).values
    }
    #expect(logits[0] == logits[1])
  }
}
