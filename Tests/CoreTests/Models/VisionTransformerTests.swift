import TestSupport
import Testing

@testable import Core

/// Plain transformers apart from any decoder; their numbers are compared with timm's in `LibraryCheckpointTests`.
@Suite("Plain vision transformers")
struct VisionTransformerTests {
  /// timm's counts without the classifier and the norm before it.
  @Test(
    "have the sizes of the paper",
    arguments: [(12, 86_088_960), (24, 303_688_704)])
  func sizes(depth: Int, parameters: Int) {
    let outline = WeightOutline()
    let weights = Weights(outline)
    _ = VisionTransformer(depth == 12 ? .base : .large, weights)
    weights.makeLayers(threads: Threads(1))
    #expect(outline.requests.map(\.count).reduce(0, +) == parameters)
  }

  private func features(_ height: Int, _ width: Int, _ form: VisionTransformer.Form) -> [Shape] {
    let backbone = VisionTransformer(.large, Weights(WeightOutline()), form)
    let c = backbone(Trace().input(Shape(n: 2, h: height, w: width, c: 3)))
    return [c.c2, c.c3, c.c4, c.c5].map(\.shape)
  }

  /// Patches that hang over the edge are whole; the shrunk form halves the grid before c4, rounded up.
  @Test(arguments: [(384, 384, 24, 24), (65, 33, 5, 3), (1, 2, 1, 1), (513, 480, 33, 30)])
  func grids(_ size: (height: Int, width: Int, h: Int, w: Int)) {
    let fine = Shape(n: 2, h: size.h, w: size.w, c: 1024)
    let coarse = fine.resized(h: (size.h + 1) / 2, w: (size.w + 1) / 2)
    #expect(features(size.height, size.width, .whole) == [Shape](repeating: fine, count: 4))
    #expect(features(size.height, size.width, .halved) == [fine, fine, coarse, coarse])
  }
}
