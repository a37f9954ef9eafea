import TestSupport
import Testing

@testable import Core

@Suite("Attention in windows")
struct WindowAttentionTests {
  /// One attention and the grid that it works on.
  struct Problem: CustomTestStringConvertible, Sendable {
    var n = 1
    let h, w: Int
    let heads, depth, window, shift: Int
    var testDescription: String {
      "[\(n), \(h), \(w)] \(heads)×\(depth), windows of \(window), shift \(shift)"
    }
    var shape: Shape { Shape(n: n, h: h, w: w, c: 3 * heads * depth) }
    var table: Tensor {
      let rows = RelativePositions.tableRows(window: window)
      return .random(Shape(h: 1, w: 1, c: rows * heads), "table")
    }
    var padding: Tensor { .random(Shape(h: 1, w: 1, c: shape.c), "padding") }
  }

  /// Grids that windows fit, that they cover, along one axis and along both, and that they hang over.
  static let problems: [Problem] = [
    Problem(n: 2, h: 6, w: 9, heads: 2, depth: 5, window: 3, shift: 0),
    Problem(n: 2, h: 6, w: 9, heads: 2, depth: 5, window: 3, shift: 1),
    Problem(h: 7, w: 11, heads: 3, depth: 4, window: 4, shift: 2),
    Problem(h: 4, w: 11, heads: 1, depth: 17, window: 4, shift: 2),
    Problem(h: 9, w: 3, heads: 1, depth: 16, window: 4, shift: 2),
    Problem(h: 3, w: 2, heads: 2, depth: 3, window: 4, shift: 2),
    Problem(h: 1, w: 1, heads: 1, depth: 1, window: 1, shift: 0),
    Problem(h: 15, w: 8, heads: 2, depth: 32, window: 7, shift: 3),
    Problem(h: 13, w: 17, heads: 1, depth: 32, window: 12, shift: 6),
  ]

  @Test("agrees with the naive loops", arguments: InstructionSet.supported, problems)
  func reference(_ set: InstructionSet, _ problem: Problem) {
    let x = Tensor.random(problem.shape, "x")
    for rule in WindowShift.allCases {
      var attention = WindowAttention(
        heads: problem.heads, window: problem.window, shift: problem.shift, rule)
      attention.kernels = Kernels(set)
      let expected = windowAttentionReference(
        attention, x, table: problem.table.values, padding: problem.padding.values)
      let y = attention(x, problem.table, problem.padding, threads: Threads(2))
      #expect(disagreement(y, expected) < operationTolerance, "\(rule)")

      let fixed = attention.adding(
        positions: attention.positions(problem.table.values, depth: problem.depth),
        padding: problem.padding.values)
      #expect(fixed(x, threads: Threads(3)) == y, "\(rule)")
    }
  }

  /// Windows of 2×2, shifted by 1, on 4×4 pixels: the first holds the middle, the last one pixel of each corner, each of its own
  /// region.
  @Test func handExample() {
    let windows = WindowPartition(height: 4, width: 4, window: 2, shift: 1, .torchvision)
    func pixels(_ index: Int) -> [Int?] {
      var pixels: [Int?] = []
      windows.forEachToken(of: index) { pixels.append($1) }
      return pixels
    }
    #expect(windows.count == 4)
    #expect(pixels(0) == [5, 6, 9, 10])
    #expect(pixels(3) == [15, 12, 3, 0])
    #expect(windows.seam(of: 0) == (2, 2))
    #expect(windows.seam(of: 1) == (2, 1))
    #expect(windows.seam(of: 3) == (1, 1))
  }

  /// Which axes each library shifts, and where the padding comes to lie, on 3×6 pixels in windows of 4.
  @Test func rules() {
    func windows(_ rule: WindowShift) -> WindowPartition {
      WindowPartition(height: 3, width: 6, window: 4, shift: 2, rule)
    }
    #expect(windows(.torchvision).shift == (0, 2))
    #expect(windows(.timm).shift == (0, 2))
    #expect(windows(.transformers).shift == (0, 0))
    #expect(windows(.mmsegmentation).shift == (2, 2))
    func firstRow(_ rule: WindowShift) -> [Int?] {
      var pixels: [Int?] = []
      for index in 0..<2 {
        windows(rule).forEachToken(of: index) { if $0 < 4 { pixels.append($1) } }
      }
      return pixels
    }
    #expect(firstRow(.torchvision) == [2, 3, 4, 5, nil, nil, 0, 1])
    #expect(firstRow(.timm) == [2, 3, 4, 5, 0, 1, nil, nil])
  }

  @Test func countsProducts() {
    let attention = WindowAttention(heads: 3, window: 7, shift: 3)
    let inputs = [
      Shape(h: 15, w: 14, c: 3 * 96), Shape(h: 1, w: 1, c: 169 * 3), Shape(h: 1, w: 1, c: 3 * 96),
    ]
    #expect(attention.multiplyAdds(for: inputs) == 6 * 2 * 49 * 49 * 96)
  }

  @Test func channelsThatHeadsCannotShareTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = WindowAttention(heads: 5, window: 7, shift: 0)
        .outputShape(for: [Shape(h: 7, w: 7, c: 3 * 96)])
    }
  }
}

@Suite("Patch merging")
struct PatchMergingTests {
  /// 2×2 pixels in the order top left, bottom left, top right, bottom right; zeros past the edge.
  @Test func handExample() {
    let y = PatchMerging()(Tensor(Shape(h: 3, w: 3, c: 1), [1, 2, 3, 4, 5, 6, 7, 8, 9]))
    #expect(y.shape == Shape(h: 2, w: 2, c: 4))
    #expect(y.values == [1, 4, 2, 5, 3, 6, 0, 0, 7, 0, 8, 0, 9, 0, 0, 0])
  }

  @Test(arguments: [(1, 1), (2, 5), (7, 4), (13, 17)])
  func places(_ size: (h: Int, w: Int)) {
    for channels in [1, 5, 16, 33] {
      let x = Tensor.random(Shape(n: 2, h: size.h, w: size.w, c: channels), "x")
      let y = PatchMerging()(x, threads: Threads(2))
      for (n, i, j) in [(0, 0, 0), (1, y.shape.h - 1, y.shape.w - 1)] {
        for (k, place) in PatchMerging.places.enumerated() {
          let (row, column) = (2 * i + place.0, 2 * j + place.1)
          for c in 0..<channels {
            let isInside = row < size.h && column < size.w
            #expect(y[n, i, j, k * channels + c] == (isInside ? x[n, row, column, c] : 0))
          }
        }
      }
    }
  }
}
