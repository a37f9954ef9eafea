import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("Batches")
struct BatchLoaderTests {
  private let folder = TemporaryFolder()

  /// A data set of noise: five pictures, 40 × 30, with labels 0…3 and 255.
  private func dataSet() throws -> DataSet {
    for part in ["train", "trainannot"] { try Folder.create(folder.path(part)) }
    for i in 0..<5 {
      var random = SeededRandom(seed: UInt64(i))
      try ImageFile.write(
        Picture.noise(width: 40, height: 30, seed: UInt64(i)), to: folder.path("train/\(i).png"))
      let values = (0..<1200).map { _ in [0, 1, 2, 3, 255][random.index(below: 5)] as UInt16 }
      try ImageFile.write(
        LabelMap(width: 40, height: 30, values: values), to: folder.path("trainannot/\(i).png"))
    }
    return try DataSet(path: folder.path(), DataSetRequest(split: "train"))
  }

  private let recipe: Recipe = {
    var recipe = Recipe.advanced
    recipe.batch = 4
    recipe.crop = Recipe.Crop(width: 33, height: 33)
    recipe.seed = 3
    return recipe
  }()

  private func loader(
    _ dataSet: DataSet, rank: Int = 0, of processes: Int = 1, cacheBytes: Int = 1 << 20
  ) throws -> BatchLoader {
    try BatchLoader(
      dataSet, classes: 4, input: .imageNet, recipe: recipe, rank: rank, of: processes,
      cacheBytes: cacheBytes)
  }

  @Test func batchesDependOnTheStepAlone() throws {
    let dataSet = try dataSet()
    let whole = try loader(dataSet)
    let batches = try (0..<4).map { try whole.batch($0) }
    #expect(batches[0].images.shape == Shape(n: 4, h: 33, w: 33, c: 3))
    #expect(batches[0].labels.shape == Shape(n: 4, h: 33, w: 33, c: 1))
    #expect(Set(batches.flatMap(\.labels.values)) == [-1, 0, 1, 2, 3])
    #expect(batches[0] != batches[1])

    // Resumed, out of order, and without memory for a single sample.
    #expect(try loader(dataSet).batch(2) == batches[2])
    let poor = try loader(dataSet, cacheBytes: 5000)
    #expect(try [3, 1, 1, 2].map { try poor.batch($0) } == [3, 1, 1, 2].map { batches[$0] })

    let shares = try (0..<2).map { try loader(dataSet, rank: $0, of: 2).batch(3) }
    #expect(disagreement(shares.flatMap(\.images.values), batches[3].images.values) == 0)
    #expect(disagreement(shares.flatMap(\.labels.values), batches[3].labels.values) == 0)
  }

  /// Caches that share a budget, as those of training and validation do, keep no more than it together.
  @Test func aBudgetIsShared() throws {
    let samples = try dataSet().samples
    // A sample has 1200 pixels of 3 + 2 bytes.
    let budget = SampleBudget(bytes: 4 * 6000 + 5999)
    let caches = [SampleCache(samples, budget: budget), SampleCache(samples, budget: budget)]
    for cache in caches {
      for index in 0..<3 { _ = try cache.sample(index) }
    }
    #expect(!budget.take(6000) && budget.take(5999))
    // What is in memory needs no files.
    for i in 0..<5 { try FileManager.default.removeItem(atPath: folder.path("train/\(i).png")) }
    for index in 0..<3 { _ = try caches[0].sample(index) }
    _ = try caches[1].sample(0)
    #expect(throws: SampleFailure.self) { _ = try caches[1].sample(1) }
  }

  @Test func imagesWithoutLabelsAreNamed() throws {
    let set = try dataSet()
    let bare = DataSet(
      kind: set.kind, root: set.root, split: set.split, classes: set.classes,
      encoding: set.encoding,
      samples: set.samples.map {
        Sample(
          name: $0.name, image: $0.image, label: $0.name == "3" ? nil : $0.label, instances: nil,
          encoding: $0.encoding, colours: nil)
      })
    #expect(throws: SampleFailure.noLabels(image: folder.path("train/3.png"))) {
      try loader(bare)
    }
  }

  @Test func badFilesAreNamed() throws {
    let set = try dataSet()
    try AtomicFile.write([1, 2, 3], to: folder.path("train/2.png"))
    let failure = #expect(throws: SampleFailure.self) {
      let loader = try loader(set)
      for step in 0..<2 { _ = try loader.batch(step) }
    }
    #expect(failure?.description.contains("train/2.png") == true)

    try ImageFile.write(
      Picture.noise(width: 41, height: 30, seed: 1), to: folder.path("train/2.png"))
    #expect(
      throws: SampleFailure.differentSizes(
        image: folder.path("train/2.png"), picture: "41×30", labels: "40×30")
    ) {
      let loader = try loader(set)
      for step in 0..<2 { _ = try loader.batch(step) }
    }
  }
}
