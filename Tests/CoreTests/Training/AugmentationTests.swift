import TestSupport
import Testing

@testable import Core

@Suite("Augmentation")
struct AugmentationTests {
  private let picture = Picture.noise(width: 37, height: 23, seed: 5)
  private let labels: LabelMap = {
    var random = SeededRandom(seed: 6)
    // 0…11, of which 11 is no class and 4 is ignored.
    let values = (0..<(37 * 23)).map { _ in UInt16(random.index(below: 12)) }
    return LabelMap(width: 37, height: 23, values: values)
  }()
  private let size = Extent(width: 37, height: 23)

  private func everything() -> Augmentation {
    var augmentation = Augmentation()
    augmentation.contrast = 0.5
    augmentation.saturation = 0.5
    return augmentation
  }

  /// Crops that are larger, smaller, and of one pixel.
  @Test(arguments: [
    Recipe.Crop(width: 33, height: 17), Recipe.Crop(width: 65, height: 40),
    Recipe.Crop(width: 20, height: 64), Recipe.Crop(width: 1, height: 1),
  ])
  func agreesWithStepAfterStep(_ crop: Recipe.Crop) {
    var random = SeededRandom(seed: 7)
    var seen: Set<String> = []
    for _ in 0..<60 {
      let draw = everything().draw(size, crop: crop, &random)
      if draw.isMirrored { seen.insert("mirrored") }
      if draw.contrast != nil { seen.insert("contrast") }
      if draw.saturation != nil { seen.insert("saturation") }
      if draw.brightness != nil { seen.insert("brightness") }
      let reference = AugmentationReference(
        draw: draw, crop: crop, normalisation: .imageNet)
      let cut = AugmentedCrop(draw, of: size, crop: crop)
      var image = Tensor(Shape(h: crop.height, w: crop.width, c: 3), filled: .nan)
      cut.write(picture, .imageNet, to: &image.values)
      #expect(disagreement(image, reference.image(picture)) < operationTolerance)
      var marked = Tensor(Shape(h: crop.height, w: crop.width, c: 1), filled: .nan)
      cut.write(labels, classes: 11, ignored: 4, to: &marked.values)
      #expect(disagreement(marked, reference.labels(labels, classes: 11, ignored: 4)) == 0)
    }
    #expect(seen.count == 4)
  }

  @Test func drawsLieInTheirRange() {
    var random = SeededRandom(seed: 8)
    let crop = Recipe.Crop(width: 33, height: 17)
    let draws = (0..<2000).map { _ in everything().draw(size, crop: crop, &random) }
    #expect(
      Set(draws.map(\.scaled)).map(\.width).sorted() == [18, 27, 37, 46, 55, 64, 74])
    for draw in draws {
      #expect(draw.contrast.map { 0.5...1.5 ~= $0 } ?? true)
      #expect(draw.saturation.map { 0.5...1.5 ~= $0 } ?? true)
      #expect(draw.brightness.map { -32...32 ~= $0 } ?? true)
      #expect(0...max(0, draw.scaled.width - crop.width) ~= draw.left)
      #expect(0...max(0, draw.scaled.height - crop.height) ~= draw.top)
    }
    for happens in [
      draws.count { $0.contrast != nil }, draws.count { $0.saturation != nil },
      draws.count { $0.brightness != nil }, draws.count { $0.isMirrored },
    ] {
      #expect(900...1100 ~= happens)
    }
  }

  /// What one switch turns off leaves all else as it was drawn.
  @Test func switchesAreIndependent() {
    let crop = Recipe.Crop(width: 33, height: 17)
    var still = everything()
    still.contrast = 0
    still.brightness = 0
    for seed in 0..<50 {
      var (a, b) = (SplitMix64(seeds: [seed]), SplitMix64(seeds: [seed]))
      let (draw, without) = (
        everything().draw(size, crop: crop, &a), still.draw(size, crop: crop, &b)
      )
      #expect(without.contrast == nil && without.brightness == nil)
      #expect(without.saturation == draw.saturation && without.scaled == draw.scaled)
      #expect(without.left == draw.left && without.isMirrored == draw.isMirrored)
    }
  }

  @Test func nothingChangesWithoutAugmentation() {
    var augmentation = Augmentation()
    augmentation.scales = [1]
    augmentation.brightness = 0
    augmentation.flipProbability = 0
    var random = SeededRandom(seed: 9)
    let crop = Recipe.Crop(width: 37, height: 23)
    let cut = AugmentedCrop(
      augmentation.draw(size, crop: crop, &random), of: size, crop: crop)
    var image = Tensor(Shape(h: 23, w: 37, c: 3))
    cut.write(
      picture, ModelConfiguration.Normalisation(mean: [0, 0, 0], std: [1, 1, 1]), to: &image.values)
    #expect(image.values == picture.samples.map { Float($0) })
  }

  @Test func saturationKeepsHueAndValue() {
    let colour = SIMD3<Float>(200, 100, 50)
    #expect(ColourChange.saturated(colour, by: 1) == colour)
    #expect(ColourChange.saturated(colour, by: 0) == SIMD3(200, 200, 200))
    #expect(ColourChange.saturated(colour, by: 9).min() == 0)
    #expect(ColourChange.saturated(SIMD3(7, 7, 7), by: 1.5) == SIMD3(7, 7, 7))
    #expect(ColourChange.saturated(SIMD3(0, 0, 0), by: 1.5) == SIMD3(0, 0, 0))
  }
}
