import TestSupport
import Testing

@testable import Core

/// A checkpoint in memory, made of random weights.
private struct Draft {
  let configuration: ModelConfiguration
  var text: String?
  var tensors: [(request: TensorRequest, values: [Float])]

  /// The tensors that `preset` asks for, with the weights of seed 1.
  init(_ preset: String) throws {
    configuration = try #require(ModelConfiguration.preset(named: preset))
    text = configuration.json.text
    let outline = WeightOutline()
    _ = SegmentationModel(configuration, Weights(outline))
    let weights = RandomWeights(seed: 1)
    tensors = outline.requests.map { ($0, weights.values(of: $0)) }
  }

  /// The file, after `change` had its way with every tensor: `nil` leaves the tensor out.
  func checkpoint(
    as dtype: DType = .f32,
    _ change: (TensorRequest, inout [Float], inout [Int]) -> DType? = { _, _, _ in .f32 },
    adding: [(String, [Int])] = []
  ) throws -> Checkpoint {
    var writer = SafeTensorsWriter()
    writer.metadata["hfgd.config"] = text
    for (request, values) in tensors {
      var (values, shape) = (values, request.shape)
      guard let changed = change(request, &values, &shape) else { continue }
      if changed.widensToFloat {
        writer.append(request.name, shape: shape, values: values, as: dtype)
      } else {
        let bytes = [UInt8](repeating: 0, count: values.count * changed.bits / 8)
        writer.append(request.name, changed, shape: shape, bytes: bytes)
      }
    }
    for (name, shape) in adding {
      writer.append(
        name, shape: shape, values: [Float](repeating: 0, count: shape.reduce(1, *)))
    }
    return try Checkpoint(TensorFile(SafeTensors(bytes: writer.encoded(), file: "draft")))
  }
}

@Suite("Checkpoint")
struct CheckpointTests {
  private func logits(_ model: SegmentationModel) throws -> [Float] {
    var random = SeededRandom(seed: 3)
    let picture = Picture(
      width: 40, height: 35,
      samples: (0..<(3 * 40 * 35)).map { _ in UInt8(truncatingIfNeeded: random.next()) })
    return try Segmenter(model, threads: Threads(2)).logits(of: picture).values
  }

  @Test(arguments: ["sfpn-mobilenet_v2", "hfgd-mobilenet_v2-os4", "fcn-mobilenet_v2"])
  func float32IsExact(preset: String) throws {
    let draft = try Draft(preset)
    let model = try draft.checkpoint().model()
    #expect(model.configuration == draft.configuration)
    let random = SegmentationModel(draft.configuration, Weights(RandomWeights(seed: 1)))
    #expect(try logits(model) == logits(random))
  }

  /// Half precision keeps 11 bits, bfloat16 8; fifty layers of random weights amplify that about tenfold.
  @Test(arguments: [(DType.f16, Float(0x1p-11)), (.bf16, 0x1p-8)])
  func halfPrecisionIsNear(dtype: DType, rounding: Float) throws {
    let draft = try Draft("sfpn-mobilenet_v2")
    let random = SegmentationModel(draft.configuration, Weights(RandomWeights(seed: 1)))
    let difference = disagreement(
      try logits(draft.checkpoint(as: dtype).model()), try logits(random))
    #expect(difference > 0 && difference < 10 * rounding)
  }

  /// One look at a broken file tells all that is to be mended.
  @Test func everyTensorProblemIsReportedAtOnce() throws {
    let draft = try Draft("hfgd-mobilenet_v2-os4")
    let branch = "upsampler.branch.0.0"
    let checkpoint = try draft.checkpoint(
      { request, values, shape in
        switch request.name {
        case "tokens.weight": return nil
        case "tokens.bias": shape = [1, shape[0]]
        case "axial.query.bias": return .i32
        case "axial.key.bias": values[5] = .nan
        case "axial.value.bias": values[0] = -.infinity
        case "\(branch).bn.running_var": values[2] = -0.5
        default: break
        }
        return .f32
      }, adding: [("extra.weight", [2, 3]), ("extra.scalar", [])])
    let error = #expect(throws: CheckpointFailure.self) { try checkpoint.model() }
    guard case .badTensors("draft", nil, let problems) = error else {
      Issue.record("unexpected \(String(describing: error))")
      return
    }
    let width = draft.configuration.width
    let classes = draft.configuration.classes.count
    let expected: [TensorProblem] = [
      .negativeVariance(name: "\(branch).bn.running_var", index: 2, value: -0.5),
      .wrongType(name: "axial.query.bias", found: .i32),
      .notFinite(name: "axial.value.bias", index: 0, value: -.infinity),
      .missing(name: "tokens.weight", expected: [classes, width]),
      .wrongShape(name: "tokens.bias", expected: [classes], found: [1, classes]),
      .unused(name: "extra.scalar", shape: []), .unused(name: "extra.weight", shape: [2, 3]),
    ]
    for problem in expected { #expect(problems.contains(problem)) }
    // NaN equals nothing, itself included, so its report is told by its text.
    let nan = "axial.key.bias: expected finite values, found nan at index 5"
    #expect(problems.map(\.description).contains(nan))
    #expect(problems.count == expected.count + 1)

    let text = try #require(error).description
    #expect(text.hasPrefix("draft: 8 tensors do not fit the configuration:\n"))
    for problem in problems { #expect(text.contains("\n  \(problem)")) }
  }

  /// The model's order, whichever thread finds a problem first.
  @Test func problemsComeInTheModelsOrder() throws {
    let draft = try Draft("hfgd-mobilenet_v2-os4")
    let checkpoint = try draft.checkpoint({ _, values, _ in
      values[0] = .infinity
      return .f32
    })
    let failures = [1, 4].map { threads in
      #expect(throws: CheckpointFailure.self) {
        try checkpoint.model(threads: Threads(threads))
      }
    }
    let expected = draft.tensors.map {
      TensorProblem.notFinite(name: $0.request.name, index: 0, value: .infinity)
    }
    for failure in failures {
      #expect(failure == .badTensors(path: "draft", family: nil, problems: expected))
    }
  }

  @Test func oneProblemIsOne() throws {
    let checkpoint = try Draft("fcn-mobilenet_v2").checkpoint(adding: [("x", [1])])
    let error = #expect(throws: CheckpointFailure.self) { try checkpoint.model() }
    #expect(
      error?.description.hasPrefix("draft: 1 tensor does not fit the configuration:\n  x: ") == true
    )
  }

  @Test func aFileWithoutConfigurationIsNotOurs() throws {
    var draft = try Draft("fcn-mobilenet_v2")
    draft.text = nil
    #expect(throws: CheckpointFailure.noConfiguration(path: "draft")) { try draft.checkpoint() }
  }

  @Test func brokenConfigurationsAreExplained() throws {
    var draft = try Draft("fcn-mobilenet_v2")
    draft.text = "{"
    let broken = #expect(throws: CheckpointFailure.self) { try draft.checkpoint() }
    #expect(broken?.description.contains("not valid JSON") == true)
    draft.text = #"{"format": 1, "colour": 2}"#
    let error = #expect(throws: CheckpointFailure.self) { try draft.checkpoint() }
    guard case .badConfiguration("draft", let problems) = error else {
      Issue.record("unexpected \(String(describing: error))")
      return
    }
    #expect(problems.last == "colour is not a key of the configuration")
    for problem in problems { #expect(error?.description.contains("\n  \(problem)") == true) }
  }

  @Test func metricsAndTrainingAreKept() throws {
    var draft = try Draft("fcn-mobilenet_v2")
    let members = try #require(draft.configuration.json.object)
    let metrics = JSON.object([JSON.Member("mIoU", .number("66.9"))])
    draft.text = JSON.object(members + [JSON.Member("metrics", metrics)]).text
    let checkpoint = try draft.checkpoint()
    #expect(checkpoint.metrics == metrics)
    #expect(checkpoint.training == nil)
  }
}
