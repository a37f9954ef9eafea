import Synchronization
import TestSupport
import Testing

@testable import Core

/// What several processes make of their shares of a batch is what one makes of the whole.
@Suite("Training shared by processes")
struct SharedTrainingTests {
  private let folder = TemporaryFolder()
  /// Away from the corners of ReLU, where the smallest rounding turns gradients on and off.
  private static let start = ShiftedWeights(RandomWeights(seed: 1), shift: 3, queryScale: 0.1)

  /// A data set of noise in which the classes, and what is ignored, are spread unevenly over the pictures.
  private func dataSet() throws -> DataSet {
    for part in ["train", "trainannot", "val", "valannot"] {
      try Folder.create(folder.path(part))
    }
    for (part, count) in [("train", 6), ("val", 3)] {
      for i in 0..<count {
        var random = SeededRandom(seed: UInt64(i))
        try ImageFile.write(
          Picture.noise(width: 80, height: 70, seed: UInt64(i)),
          to: folder.path("\(part)/\(i).png"))
        let values = (0..<5600).map { _ in
          [0, 1, UInt16(i), 255][random.index(below: 3 + i % 2)]
        }
        try ImageFile.write(
          LabelMap(width: 80, height: 70, values: values), to: folder.path("\(part)annot/\(i).png"))
      }
    }
    return try DataSet(path: folder.path(), DataSetRequest(split: "train"))
  }

  private func plan(_ preset: String, _ mean: PixelMean) throws -> TrainingPlan {
    let training = try dataSet()
    var recipe = Recipe.plain
    recipe.steps = 3
    recipe.batch = 4
    recipe.crop = Recipe.Crop(width: 65, height: 65)
    recipe.validateEvery = 3
    recipe.loss.mean = mean
    recipe.loss.carIncludesIgnored = mean == .allPixels
    recipe.loss.dice = 0.5
    recipe.clipNorm = 1
    return TrainingPlan(
      try #require(ModelConfiguration.preset(named: preset)), recipe, training: training,
      validation: try DataSet(path: folder.path(), DataSetRequest(split: "val")),
      start: Self.start, startName: "seed 1")
  }

  /// What a run tells, and the tensors of its last checkpoint.
  private struct Run: Sendable {
    var losses: [Float] = []
    var norms: [Double] = []
    var scores: [[UInt64]] = []
    var isSilent: Bool { losses.isEmpty && scores.isEmpty }
  }

  private static func run(
    _ plan: TrainingPlan, in path: String, _ processes: any Communicator
  ) throws -> Run {
    let trainer = try Trainer(
      plan, in: RunFolder(path), sharedBy: processes, threads: Threads(1))
    var run = Run()
    let outcome = try trainer.run(report: { report in
      switch report {
      case .step(let step):
        run.losses += [step.loss] + step.terms.map(\.value)
        run.norms += step.gradientNorms.map(\.value)
      case .validated(let validation, _): run.scores += validation.stages.map(\.counts.counts)
      default: break
      }
    })
    #expect(outcome == .finished)
    return run
  }

  @Test(
    "two processes train as one does",
    arguments: zip(
      ["sfpn-mobilenet_v2", "hfgd-mobilenet_v2-os4"], [PixelMean.allPixels, .validPixels]))
  func twoAreOne(_ preset: String, _ mean: PixelMean) throws {
    let plan = try plan(preset, mean)
    let whole = try Self.run(plan, in: folder.path("whole"), SoleProcess())
    let path = folder.path("shared")
    let shares = try ThreadCommunicator.run(2) { try Self.run(plan, in: path, $0) }

    // The first alone reports and writes.
    #expect(shares[1].isSilent)
    let shared = shares[0]
    #expect(disagreement(shared.losses, whole.losses) < 1e-5)
    #expect(disagreement(shared.norms.map { Float($0) }, whole.norms.map { Float($0) }) < 1e-4)
    #expect(shared.scores.map { $0.reduce(0, +) } == whole.scores.map { $0.reduce(0, +) })

    let (one, two) = (
      try SafeTensors(path: RunFolder(folder.path("whole")).last),
      try SafeTensors(path: RunFolder(path).last)
    )
    #expect(one.tensors.map(\.name) == two.tensors.map(\.name))
    for entry in ParameterLayout(plan.configuration).entries {
      let (a, b) = (try one.floats(entry.name), try two.floats(entry.name))
      #expect(disagreement(b, a) < 1e-5, "\(entry.name)")
      // What the steps did, apart from the rounding of the weights themselves.
      let moved = zip(a, Self.start.values(of: entry.request)).map { abs($0 - $1) }.max() ?? 0
      let apart = zip(a, b).map { abs($0 - $1) }.max() ?? .infinity
      let rounding = (a.map { abs($0) }.max() ?? 0) * 0x1p-22
      #expect(apart <= 1e-3 * moved + rounding, "\(entry.name): \(apart) of \(moved)")
    }
  }
}
