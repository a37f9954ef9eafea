import TestSupport
import Testing

@testable import Core

@Suite("Resized argmax")
struct ResizedArgmaxTests {
  /// The labels are those of the resized, cropped logits, to the last bit, whatever the number of classes.
  @Test(arguments: InstructionSet.supported, KernelsTests.counts + [2, 11, 59, 171])
  func agreesWithResizeThenArgmax(_ set: InstructionSet, classes: Int) {
    let logits = Tensor.random(Shape(h: 9, w: 13, c: classes), "logits")
    var resize = Resize(height: 33, width: 49)
    resize.kernels = Kernels(set)
    let resized = resize(logits).cropped(h: 30, w: 47)
    let expected = (0..<(30 * 47)).map { pixel in
      let row = resized.values[(pixel * classes)..<((pixel + 1) * classes)]
      return UInt16((row.indices.max { (row[$0], $1) < (row[$1], $0) } ?? 0) - row.startIndex)
    }
    var grid = ResizedPixels(
      width: 47, height: 30, frame: InputFrame(width: 49, height: 33), over: logits.shape)
    grid.kernels = Kernels(set)
    let labels = logits.values.withUnsafeBufferPointer { values in
      ResizedArgmax.labels(
        of: TensorView(shape: logits.shape, base: values.baseAddress!), at: grid,
        threads: Threads(2))
    }
    #expect(labels == LabelMap(width: 47, height: 30, values: expected))
  }

  @Test(arguments: InstructionSet.supported)
  func firstOfEqualLogitsWins(_ set: InstructionSet) {
    let shape = Shape(h: 1, w: 1, c: 40)
    var grid = ResizedPixels(everyPixelOf: shape)
    grid.kernels = Kernels(set)
    let values = [Float](repeating: 0.25, count: 40)
    let labels = values.withUnsafeBufferPointer {
      ResizedArgmax.labels(
        of: TensorView(shape: shape, base: $0.baseAddress!), at: grid, threads: Threads(1))
    }
    #expect(labels.values == [0])
  }
}
