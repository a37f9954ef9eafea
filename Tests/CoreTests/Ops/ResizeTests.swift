import TestSupport
import Testing

@testable import Core

@Suite("Resize")
struct ResizeTests {
  /// Corners stay, the middle is the mean of its neighbours.
  @Test func handExample() {
    let x = Tensor(Shape(h: 2, w: 2, c: 1), [0, 1, 2, 3])
    #expect(Resize(height: 3, width: 3)(x).values == [0, 0.5, 1, 1, 1.5, 2, 2, 2.5, 3])
  }

  static let sizes = [(1, 1), (1, 5), (5, 1), (3, 5), (4, 4), (17, 9), (33, 2)]

  @Test("agrees with the naive loops", arguments: sizes, [1, 3, 15, 16, 17, 35])
  func reference(_ size: (h: Int, w: Int), channels: Int) {
    let x = Tensor.random(Shape(n: 2, h: size.h, w: size.w, c: channels), "x")
    for (height, width) in [(1, 1), (2, 3), (5, 5), (13, 7), (size.h, size.w), (33, 17)] {
      let resize = Resize(height: height, width: width)
      let addend = Tensor.random(x.shape.resized(h: height, w: width), "addend")
      let expected = resizeReference(x, height: height, width: width)
      #expect(disagreement(resize(x, threads: Threads(2)), expected) < operationTolerance)
      let sum = resizeReference(x, height: height, width: width, adding: addend)
      #expect(disagreement(resize(x, addend, threads: Threads(2)), sum) < operationTolerance)
    }
  }

  /// Where output samples fall on input samples the values are kept to the last bit.
  @Test func sameGridIsIdentity() {
    let x = Tensor.random(Shape(h: 9, w: 11, c: 20), "x")
    #expect(Resize(height: 9, width: 11)(x) == x)
    let back = Resize(height: 9, width: 11)(Resize(height: 17, width: 21)(x))
    #expect(back == x)
  }
}
