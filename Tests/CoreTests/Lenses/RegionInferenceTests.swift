import TestSupport
import Testing

@testable import Core

@Suite("Part of a picture by itself")
struct RegionInferenceTests {
  private func segmenter() throws -> Segmenter {
    let configuration = try #require(ModelConfiguration.preset(named: "hfgd-mobilenet_v2-os4"))
    return Segmenter(
      SegmentationModel(configuration, Weights(RandomWeights(seed: 2))), threads: Threads(2))
  }

  @Test func context() {
    let region = PixelRegion(x: 100..<140, y: 10..<30)
    let seen = region.withContext(width: 170, height: 200)
    #expect(seen == PixelRegion(x: 36..<170, y: 0..<94))
  }

  /// The whole picture by itself is the prediction of the picture; a part is that of the cut-out picture.
  @Test(arguments: [1.0, 2.0]) func isThePredictionOfTheCutOut(scale: Double) throws {
    let segmenter = try segmenter()
    let picture = Picture.noise(width: 150, height: 110)
    var rules = InferenceProtocol.ours
    rules.scales = [scale]
    let all = PixelRegion(x: 0..<150, y: 0..<110)
    #expect(
      try segmenter.labels(of: picture, in: all, scale: scale)
        == segmenter.segment(picture, rules: rules).labels)
    let region = PixelRegion(x: 80..<90, y: 70..<100)
    var cut = Picture(width: 134, height: 104)
    for y in 0..<104 { for x in 0..<134 { cut[x, y] = picture[x + 16, y + 6] } }
    let labels = try segmenter.segment(cut, rules: rules).labels
    let part = try segmenter.labels(of: picture, in: region, scale: scale)
    #expect((part.width, part.height) == (10, 30))
    for y in 0..<30 { for x in 0..<10 { #expect(part[x, y] == labels[x + 64, y + 64]) } }
  }

  @Test func changes() {
    let old = LabelMap(width: 3, height: 2, values: [0, 0, 1, 1, 2, 2])
    let new = LabelMap(width: 3, height: 2, values: [0, 1, 1, 1, 2, 0])
    let change = LabelChange(from: old, to: new, classes: 3)
    #expect(change.different == 2 && change.pixels == 6 && change.share == 2 / 6.0)
    #expect(change.before == [2, 2, 2] && change.after == [2, 3, 1])
    let replaced = old.replacing(
      PixelRegion(x: 1..<3, y: 0..<1), with: LabelMap(width: 2, height: 1, values: [5, 6]))
    #expect(replaced.values == [0, 5, 6, 1, 2, 2])
    #expect(replaced.cropped(to: PixelRegion(x: 1..<2, y: 0..<2)).values == [5, 2])
  }
}
