import Foundation
import TestSupport
import Testing

@testable import Core

/// Runs on a few small pictures.
@Suite("Trainer")
struct TrainerTests {
  private let data = TemporaryFolder()

  /// Pictures whose classes are their colours.
  private func dataSet(_ split: String = "train", count: Int = 5) throws -> DataSet {
    for part in [split, split + "annot"] { try Folder.create(data.path(part)) }
    for i in 0..<count {
      var picture = Picture.noise(width: 48, height: 40, seed: UInt64(i))
      var labels = [UInt16](repeating: 255, count: 48 * 40)
      for y in 0..<40 {
        for x in 0..<48 {
          let label = (x / (8 + i) + y / 16) % 4
          labels[y * 48 + x] = x < 46 ? UInt16(label) : 255
          for c in 0..<3 {
            let place = 3 * (y * 48 + x) + c
            picture.samples[place] = picture.samples[place] / 4 + UInt8(label == c ? 180 : 20)
          }
        }
      }
      try ImageFile.write(picture, to: data.path("\(split)/\(i).png"))
      try ImageFile.write(
        LabelMap(width: 48, height: 40, values: labels), to: data.path("\(split)annot/\(i).png"))
    }
    return try DataSet(path: data.path(), DataSetRequest(split: split))
  }

  /// HFGD as the presets have it, with four classes.
  private func configuration(_ preset: String = "hfgd-mobilenet_v2-os4") throws
    -> ModelConfiguration
  {
    var configuration = try #require(ModelConfiguration.preset(named: preset))
    configuration.classes = ["a", "b", "c", "d"]
    configuration.palette = (0..<4).map { RGB(UInt8($0), 0, 0) }
    configuration.ignoreIndex = 255
    return configuration
  }

  private func recipe(_ steps: Int, optimizer: Recipe.OptimizerKind = .adamw) -> Recipe {
    var recipe = Recipe.plain
    recipe.steps = steps
    recipe.batch = 2
    recipe.crop = Recipe.Crop(width: 65, height: 33)
    recipe.optimizer = optimizer
    recipe.learningRate = optimizer == .sgd ? 0.01 : 0.001
    recipe.clipNorm = 1
    recipe.validateEvery = 0
    recipe.checkpointEvery = 0
    return recipe
  }

  private func trainer(
    _ configuration: ModelConfiguration, _ recipe: Recipe, in folder: TemporaryFolder,
    validation: DataSet? = nil, start: any WeightSource = InitialWeights(seed: 1),
    part: TrainedPart = .whole, threads: Int = 2
  ) throws -> Trainer {
    var plan = TrainingPlan(
      configuration, recipe, training: try dataSet(), validation: validation, start: start,
      startName: "seed 1")
    plan.part = part
    return try Trainer(plan, in: RunFolder(folder.path("run")), threads: Threads(threads))
  }

  private func tensors(_ path: String) throws -> [String: [Float]] {
    let file = try SafeTensors(path: path)
    return Dictionary(
      uniqueKeysWithValues: try file.tensors.map { ($0.name, try file.floats($0.name)) })
  }

  /// The teacher of a guided model trains exactly as the same model of output stride 32 does alone, its running statistics
  /// included; so do two students beside it not see each other.
  @Test("a teacher trains as if it were alone", arguments: [Recipe.OptimizerKind.sgd, .adamw])
  func teacherIsAlone(_ optimizer: Recipe.OptimizerKind) throws {
    var guided = try configuration()
    guided.refineStride = 2
    var alone = guided
    alone.refineStride = nil
    alone.upsampler = .none
    alone.outputStride = 32
    alone.isAxial = false
    alone.isGuided = false
    var oneStudent = guided
    oneStudent.refineStride = nil
    let recipe = recipe(4, optimizer: optimizer)

    var results: [[String: [Float]]] = []
    for configuration in [guided, alone, oneStudent] {
      let folder = TemporaryFolder()
      let trainer = try trainer(configuration, recipe, in: folder)
      #expect(try trainer.run() == .finished)
      results.append(try tensors(trainer.folder.last))
    }
    let teacher = results[1].filter { !$0.key.hasPrefix("optimizer.") }
    #expect(teacher.count > 100)
    for (name, values) in teacher {
      #expect(disagreement(values, results[0][name] ?? []) == 0, "\(name)")
    }
    for (name, values) in results[2] where !name.hasPrefix("optimizer.") {
      #expect(disagreement(values, results[0][name] ?? []) == 0, "\(name)")
    }
  }

  /// A second student that is trained afterwards: nothing else moves by a bit.
  @Test func refinementLeavesAllElseAlone() throws {
    let folder = TemporaryFolder()
    let first = try trainer(try configuration(), recipe(2), in: folder)
    #expect(try first.run() == .finished)
    let before = try tensors(first.folder.last)

    var configuration = try configuration()
    configuration.refineStride = 2
    let start = RefinedStart(
      try SafeTensors(path: first.folder.last), otherwise: InitialWeights(seed: 2))
    let second = TemporaryFolder()
    let refined = try trainer(
      configuration, recipe(3), in: second, start: start, part: .refinement)
    var losses: [[String]] = []
    #expect(
      try refined.run(report: { report in
        if case .step(let step) = report { losses.append(step.terms.map(\.name)) }
      }) == .finished)
    #expect(losses == Array(repeating: ["student os2"], count: 3))
    let after = try tensors(refined.folder.last)
    for (name, values) in before where !name.hasPrefix("optimizer.") {
      #expect(disagreement(values, after[name] ?? []) == 0, "\(name)")
    }
    let moved = after.keys.filter { name in
      name.hasPrefix("refine.") && name.hasSuffix("weight")
        && after[name] != start.first(name, layout: ParameterLayout(configuration))
    }
    #expect(moved.count > 10)
  }

  /// Numbers from a file, and from a seed where it has none.
  private final class RefinedStart: WeightSource {
    private let file: SafeTensors
    private let rest: InitialWeights

    init(_ file: SafeTensors, otherwise rest: InitialWeights) {
      self.file = file
      self.rest = rest
    }

    func values(of request: TensorRequest) -> [Float] {
      (try? file.floats(request.name)) ?? rest.values(of: request)
    }

    func first(_ name: String, layout: ParameterLayout) -> [Float] {
      values(of: layout[name].request)
    }
  }

  /// Interrupted anywhere, with any number of threads: the run ends in the same files.
  @Test func resumedRunsEndInTheSameFiles() throws {
    var recipe = recipe(7)
    recipe.validateEvery = 3
    recipe.checkpointEvery = 2
    let validation = try dataSet("val", count: 2)
    let whole = TemporaryFolder()
    let expected = try trainer(try configuration(), recipe, in: whole, validation: validation)
    var reports: [Validation] = []
    #expect(
      try expected.run(report: { report in
        if case .validated(let result, _) = report { reports.append(result) }
      }) == .finished)
    #expect(reports.map(\.step) == [3, 6, 7])
    #expect(reports.allSatisfy { $0.stages.map(\.outputStride) == [32, 4] })

    // Stopped after every report, be it of a step, a picture of a validation, or a checkpoint.
    let parts = TemporaryFolder()
    var outcome = Trainer.Outcome.interrupted
    var runs = 0
    while outcome == .interrupted && runs < 60 {
      runs += 1
      let part = try trainer(
        try configuration(), recipe, in: parts, validation: validation, threads: 1 + runs % 2)
      if runs > 1 { try part.resume() }
      var count = 0
      outcome = try part.run(
        isCancelled: { count > (runs < 30 ? 0 : 3) }, report: { _ in count += 1 })
    }
    #expect(outcome == .finished)
    #expect(runs > 5)
    let files = [\RunFolder.last, \.best, \.model]
    for file in files {
      let found = try FileBytes.read(RunFolder(parts.path("run"))[keyPath: file], maxBytes: 1 << 28)
      let wanted = try FileBytes.read(expected.folder[keyPath: file], maxBytes: 1 << 28)
      #expect(found == wanted, "\(file)")
    }
    // What a run makes is a checkpoint as any other.
    let model = try Checkpoint(path: expected.folder.model)
    _ = try model.model()
    _ = try Checkpoint(path: expected.folder.last).model()
    #expect(model.training?["recipe"]?["steps"]?.int == 7)
  }

  /// The losses fall, and what the model learned shows on the pictures it was trained with.
  @Test func itLearns() throws {
    var recipe = recipe(60)
    recipe.learningRate = 3e-3
    recipe.clipNorm = nil
    recipe.batchNormMomentum = 0.3
    recipe.augmentation.scales = [1]
    recipe.augmentation.brightness = 0
    let folder = TemporaryFolder()
    let trainer = try trainer(
      try configuration("sfpn-mobilenet_v2"), recipe, in: folder, validation: try dataSet())
    var losses: [Float] = []
    var meanIoU = 0.0
    _ = try trainer.run(report: { report in
      switch report {
      case .step(let step): losses.append(step.loss)
      case .validated(let result, _): meanIoU = result.meanIoU
      default: break
      }
    })
    #expect(losses.count == 60)
    #expect((losses.last ?? .nan) < 0.5 * (losses.first ?? .nan))
    #expect(meanIoU > 30)
  }

  /// A learning rate beyond all reason: the run says which tensor broke, and what was saved stays whole.
  @Test func numbersThatBreakAreNamed() throws {
    var recipe = recipe(20, optimizer: .sgd)
    recipe.learningRate = 1e30
    recipe.clipNorm = nil
    recipe.checkpointEvery = 1
    let folder = TemporaryFolder()
    let trainer = try trainer(try configuration(), recipe, in: folder)
    do {
      _ = try trainer.run()
      Issue.record("nothing broke")
    } catch {
      guard case .notFinite(let step, let tensor, _) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(step > 1)
      #expect(tensor.hasPrefix("the loss of ") || tensor.hasPrefix("the gradient of "))
      #expect("\(error)".contains("lower learning_rate"))
    }
    #expect(throws: Never.self) { _ = try SafeTensors(path: trainer.folder.last) }
  }

  /// Another model's run is not gone on with.
  @Test func foreignRunsAreRefused() throws {
    let folder = TemporaryFolder()
    _ = try trainer(try configuration(), recipe(1), in: folder).run()
    let other = try trainer(try configuration("sfpn-mobilenet_v2"), recipe(1), in: folder)
    #expect(throws: TrainingFailure.self) { try other.resume() }
  }

  /// A run of the PyTorch package is known by what its optimiser remembers.
  @Test func runsOfPyTorchAreSentBack() throws {
    let folder = TemporaryFolder()
    let trainer = try trainer(try configuration(), recipe(1), in: folder)
    _ = try trainer.run()
    let file = try Data(contentsOf: URL(fileURLWithPath: trainer.folder.last))
    let (ours, theirs) = (Data("optimizer.exp_avg_sq".utf8), Data("optimizer.exp_avg.sq".utf8))
    let place = try #require(file.firstRange(of: ours))
    try (file[..<place.lowerBound] + theirs + file[place.upperBound...])
      .write(to: URL(fileURLWithPath: trainer.folder.last))
    let failure = #expect(throws: TrainingFailure.self) { try trainer.resume() }
    #expect(failure?.description.contains("resume it with hfgd-train") == true)
  }
}
