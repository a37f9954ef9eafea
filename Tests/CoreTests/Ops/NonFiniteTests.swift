import TestSupport
import Testing

@testable import Core

/// A NaN or an infinity in a map is never hidden: what it reaches in the naive twins it reaches in every instruction set.
@Suite("Values that are not finite")
struct NonFiniteTests {
  static let channels = [1, 5, 17, 33]

  /// Random values with a NaN and two infinities, in different channels where there are several.
  private func spoiled(_ shape: Shape, _ name: String = "x") -> Tensor {
    var x = Tensor.random(shape, name)
    x[0, 2, 3, 0] = .nan
    x[0, 5, 1, shape.c / 2] = .infinity
    x[0, 0, 5, shape.c - 1] = -.infinity
    return x
  }

  private func finite(_ y: Tensor) -> [Bool] { y.values.map { $0.isFinite } }

  private func kinds(_ y: Tensor) -> [FloatingPointClassification] {
    y.values.map { $0.isNaN ? .quietNaN : $0.isFinite ? .positiveNormal : $0.floatingPointClass }
  }

  @Test(arguments: InstructionSet.supported, [Activation.identity, .relu, .relu6])
  func convolutions(_ set: InstructionSet, _ activation: Activation) {
    for channels in Self.channels {
      for groups in Set([1, channels]) {
        let geometry = ConvolutionGeometry(channels, channels, kernel: 3, groups: groups)
        let convolution = Convolution(
          geometry,
          weights: RandomWeights.uniform(
            "w", seed: 1, count: geometry.productsPerOutput * channels),
          bias: RandomWeights.uniform("b", seed: 1, count: channels), activation: activation,
          kernels: Kernels(set), form: .products)
        let x = spoiled(Shape(h: 7, w: 9, c: channels))
        #expect(kinds(convolution(x)) == kinds(convolutionReference(convolution, x)))
      }
    }
  }

  /// A transformed tile mixes its inputs: its other outputs are spoiled, too, but none is mended.
  @Test(arguments: InstructionSet.supported, WinogradKernel.Tile.allCases)
  func winograd(_ set: InstructionSet, _ tile: WinogradKernel.Tile) {
    for channels in Self.channels {
      let convolution = Convolution(
        ConvolutionGeometry(channels, channels, kernel: 3),
        weights: RandomWeights.uniform("w", seed: 1, count: 9 * channels * channels),
        bias: RandomWeights.uniform("b", seed: 1, count: channels), kernels: Kernels(set),
        form: .winograd(tile))
      let x = spoiled(Shape(h: 7, w: 9, c: channels))
      let expected = convolutionReference(convolution, x)
      for (value, reference) in zip(convolution(x).values, expected.values)
      where !reference.isFinite {
        #expect(!value.isFinite)
      }
    }
  }

  @Test(arguments: InstructionSet.supported, PoolingTests.poolings)
  func pooling(_ set: InstructionSet, _ pooling: Pooling) {
    var pooling = pooling
    pooling.kernels = Kernels(set)
    for channels in Self.channels {
      let x = spoiled(Shape(h: 7, w: 9, c: channels))
      #expect(kinds(pooling(x)) == kinds(poolingReference(pooling, x)))
    }
  }

  /// Between equal infinities lies NaN here, for a + (b − a)·share is computed; it is not finite either way.
  @Test(arguments: InstructionSet.supported)
  func resizing(_ set: InstructionSet) {
    for channels in Self.channels {
      let x = spoiled(Shape(h: 7, w: 9, c: channels))
      var resize = Resize(height: 11, width: 17)
      resize.kernels = Kernels(set)
      let expected = resizeReference(x, height: 11, width: 17)
      #expect(finite(resize(x)) == finite(expected))
    }
  }

  /// A NaN in one query spoils its own result, in one value the channel of all.
  @Test(arguments: InstructionSet.supported)
  func attention(_ set: InstructionSet) {
    var attention = SelfAttention()
    attention.kernels = Kernels(set)
    let shape = Shape(h: 6, w: 7, c: 19)
    let x = Tensor.random(shape, "x")
    for spoilt in 0..<3 {
      let parts = ["query", "key", "value"].enumerated().map { i, name in
        i == spoilt ? spoiled(shape, name) : Tensor.random(shape, name)
      }
      let expected = selfAttentionReference(
        attention, x, query: parts[0], key: parts[1], value: parts[2])
      let y = attention(x, parts[0], parts[1], parts[2])
      #expect(finite(y) == finite(expected))
    }
  }

  /// A class whose logit is NaN is never chosen; where there is no other, the first is.
  @Test(arguments: InstructionSet.supported, [1, 3, 16, 17, 33])
  func labels(_ set: InstructionSet, classes: Int) {
    let nothing = [Float](repeating: .nan, count: classes)
    let floor = [Float](repeating: -.infinity, count: classes)
    for (scores, label) in [
      (nothing, 0), (nothing.dropLast() + [-5], classes - 1), (floor, 0),
      (floor.dropLast() + [.nan], 0),
    ] {
      let logits = Tensor(Shape(h: 1, w: 1, c: classes), scores)
      var grid = ResizedPixels(everyPixelOf: logits.shape)
      grid.kernels = Kernels(set)
      let labels = logits.values.withUnsafeBufferPointer {
        ResizedArgmax.labels(
          of: TensorView(shape: logits.shape, base: $0.baseAddress!), at: grid, threads: Threads(1))
      }
      #expect(labels.values == [UInt16(label)])
    }
  }
}
