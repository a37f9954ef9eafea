import TestSupport
import Testing

@testable import Core

/// Every model that has a name can be trained.
@Suite("Preset steps", .serialized)
struct PresetStepTests {
  @Test("a step moves every part", arguments: ModelConfiguration.walked)
  func step(_ name: String) throws {
    let configuration = try #require(ModelConfiguration.preset(named: name))
    let layout = ParameterLayout(configuration)
    var objective = Objective()
    objective.car = ClassAwareRegularisation()
    let step = TrainingStep(
      configuration, layout, objective, batch: 2, height: 33, width: 33, threads: Threads(2))
    let parameters = Parameters(layout, from: InitialWeights(seed: 1))
    let gradients = UnsafeMutablePointer<Float>.allocateAligned(layout.trainedCount)
    defer { UnsafeMutableRawPointer(gradients).deallocate() }
    let classes = configuration.classes.count
    let losses = try step.run(
      in: Arena(), parameters: parameters.base, gradients: gradients, momentum: 0.1
    ) { image, labels in
      for i in 0..<image.shape.count { image.base[i] = Float(i * 37 % 101) / 50 - 1 }
      for i in 0..<labels.shape.count { labels.base[i] = Float(i / 70 % classes) }
    }
    #expect(losses.total.isFinite && losses.total > 0)
    // The first tensor of each module must be moved; which of the others are is the goldens' affair.
    var reached: Set<Substring> = []
    for entry in layout.trained {
      // Some of each: this loop is not optimised.
      let values = UnsafeBufferPointer(
        start: gradients + entry.offset, count: min(entry.request.count, 512))
      let isFinite = values.allSatisfy { $0.isFinite }
      #expect(isFinite, "\(entry.name)")
      if values.contains(where: { $0 != 0 }) { reached.insert(entry.name.prefix { $0 != "." }) }
    }
    #expect(reached == Set(layout.trained.map { $0.name.prefix { $0 != "." } }))
  }
}
