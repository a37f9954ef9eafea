import TestSupport
import Testing

@testable import Core

@Suite("Resized argmax")
struct ResizedArgmaxTests {
  /// The labels are those of the resized, cropped logits, to the last bit, whatever the number of classes.
  @Test(arguments: [1, 2, 11, 15, 16, 17, 59, 171])
  func agreesWithResizeThenArgmax(classes: Int) {
    let logits = Tensor.random(Shape(h: 9, w: 13, c: classes), "logits")
    let resized = Resize(height: 33, width: 49)(logits).cropped(h: 30, w: 47)
    let expected = (0..<(30 * 47)).map { pixel in
      let row = resized.values[(pixel * classes)..<((pixel + 1) * classes)]
      return UInt16((row.indices.max { (row[$0], $1) < (row[$1], $0) } ?? 0) - row.startIndex)
    }
    let labels = logits.values.withUnsafeBufferPointer { values in
      ResizedArgmax.labels(
        of: TensorView(shape: logits.shape, base: values.baseAddress!),
        at: ResizedPixels(width: 47, height: 30, padded: (33, 49), over: logits.shape),
        threads: Threads(2))
    }
    #expect(labels == LabelMap(width: 47, height: 30, values: expected))
  }

  @Test func firstOfEqualLogitsWins() {
    let values = [Float](repeating: 0.25, count: 40)
    let labels = values.withUnsafeBufferPointer {
      ResizedArgmax.labels(
        of: TensorView(shape: Shape(h: 1, w: 1, c: 40), base: $0.baseAddress!),
        at: ResizedPixels(width: 1, height: 1, padded: (1, 1), over: Shape(h: 1, w: 1, c: 40)),
        threads: Threads(1))
    }
    #expect(labels.values == [0])
  }
}
