import TestSupport
import Testing

@testable import Core

/// What each loss may move, and what it must leave alone (spec: HFGD §3.1; the paper's stop-gradients).
@Suite("Guidance")
struct GuidanceTests {
  /// HFGD with two students on one teacher.
  static let configuration: ModelConfiguration = {
    guard var configuration = ModelConfiguration.preset(named: "hfgd-mobilenet_v2-os4") else {
      preconditionFailure("there is no preset hfgd-mobilenet_v2-os4")
    }
    configuration.refineStride = 2
    return configuration
  }()

  /// For each term of the loss the parts of the model whose parameters it has any gradient for.
  private func reach(stopsGradients: Bool) -> [String: Set<String>] {
    let layout = ParameterLayout(Self.configuration)
    var objective = Objective()
    objective.car = ClassAwareRegularisation()
    objective.dice = 1
    let trace = Trace()
    let image = trace.input(Shape(n: 2, h: 33, w: 65, c: 3), named: "image")
    let labels = trace.input(image.shape.channels(1), named: "labels")
    var model = SegmentationModel(
      Self.configuration, Weights(training: layout, .whole, from: WeightOutline()))
    model.stopsGradients = stopsGradients
    let terms = objective.terms(model(image), labels, of: Self.configuration)
    let parameters = layout.trained.map { $0.value(in: trace) }
    return Dictionary(
      uniqueKeysWithValues: terms.map { term in
        let gradients = term.loss.gradients(withRespectTo: parameters)
        let reached = zip(layout.trained, gradients).filter { $1 != nil }.map {
          String($0.0.name.prefix { $0 != "." })
        }
        return (term.name, Set(reached))
      })
  }

  /// A gradient that is not even recorded is exactly zero.
  @Test func eachLossMovesItsOwnPart() {
    let reach = reach(stopsGradients: true)
    let teacher: Set = ["backbone", "context", "tokens"]
    #expect(reach["teacher"] == teacher)
    #expect(reach["teacher dice"] == teacher)
    #expect(reach["student os4"] == ["upsampler", "axial"])
    #expect(reach["student os4 dice"] == ["upsampler", "axial"])
    #expect(reach["student os2"] == ["refine"])
    for car in ["intra-c2p", "inter-c2c", "inter-c2p"] {
      #expect(reach["car \(car)"] == ["backbone", "context"])
    }
  }

  /// A student is weighted as such beside its teacher and alone; what has no teacher at all is not.
  @Test func studentsAreWeighted() throws {
    func weights(_ configuration: ModelConfiguration, _ part: TrainedPart) -> [String: Float] {
      var objective = Objective()
      objective.teacherWeight = 0.5
      objective.studentWeight = 0.25
      let step = TrainingStep(
        configuration, ParameterLayout(configuration), objective, part: part,
        from: InitialWeights(seed: 1), batch: 2, height: 33, width: 33, threads: Threads(2))
      return Dictionary(uniqueKeysWithValues: step.terms.map { ($0.name, $0.weight) })
    }
    #expect(
      weights(Self.configuration, .whole)
        == ["teacher": 0.5, "student os4": 0.25, "student os2": 0.25])
    #expect(weights(Self.configuration, .refinement) == ["student os2": 0.25])
    let unguided = try #require(ModelConfiguration.preset(named: "sfpn-mobilenet_v2"))
    #expect(weights(unguided, .whole) == ["student os4": 1])
  }

  /// §5.1's probe: whether the backbone is moved by the auxiliary head is a choice, whether the upsampler is, is none.
  @Test(arguments: [false, true])
  func auxiliaryHead(isStopped: Bool) throws {
    let configuration = try #require(
      ModelConfiguration.preset(named: "sfpn+auxiliary-mobilenet_v2"))
    let layout = ParameterLayout(configuration)
    let trace = Trace()
    let image = trace.input(Shape(n: 2, h: 33, w: 65, c: 3), named: "image")
    let labels = trace.input(image.shape.channels(1), named: "labels")
    var model = SegmentationModel(
      configuration, Weights(training: layout, .whole, from: WeightOutline()))
    model.stopsAuxiliary = isStopped
    let terms = Objective().terms(model(image), labels, of: configuration)
    #expect(terms.map(\.name) == ["auxiliary", "student os4"])
    let gradients = terms[0].loss.gradients(
      withRespectTo: layout.trained.map { $0.value(in: trace) })
    let reached = Set(
      zip(layout.trained, gradients).filter { $1 != nil }.map { $0.0.name.prefix { $0 != "." } })
    #expect(reached == (isStopped ? ["auxiliary"] : ["auxiliary", "backbone"]))
  }

  /// The ablation of §5.2: everything that a student sees is moved by it.
  @Test func withoutStopGradientsStudentsReachTheTeacher() {
    let reach = reach(stopsGradients: false)
    let teacher: Set = ["backbone", "context", "tokens"]
    #expect(reach["teacher"] == teacher)
    #expect(reach["student os4"] == teacher.union(["upsampler", "axial"]))
    #expect(reach["student os2"] == teacher.union(["refine"]))
  }
}
