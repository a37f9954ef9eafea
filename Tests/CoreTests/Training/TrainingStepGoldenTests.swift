import TestSupport
import Testing

@testable import Core

/// One whole training step of a model against PyTorch in double precision.
///
/// Compared are losses, gradients, what SGD makes of the weights, and running statistics. `python/training_goldens.py` made the
/// files, `python/README.md` describes them.
@Suite("Training step goldens")
struct TrainingStepGoldenTests {
  /// What a gradient may differ, relative to itself and to a thousandth of the largest of the step.
  ///
  /// PyTorch's own float32 is up to 6e-5 away.
  static let tolerance = 1e-3

  /// Every file below Goldens/training: of two pictures of an odd size, and below `even` of one of an even size (two where a
  /// context normalises a single pixel of each).
  static let cases = ["", "even/"].flatMap { folder in
    TestFiles.goldenNames(in: "training/\(folder)").map { folder + $0 }
  }

  /// What trains is compared: all models but those whose files would be too large, whose layers others have.
  @Test func everyModelHasAGolden() {
    #expect(
      Self.cases.filter { !$0.contains("/") }
        == (ModelGoldenTests.names().filter { !$0.contains("101") } + Self.variants).sorted())
    #expect(
      Self.cases.filter { $0.contains("/") }
        == ModelGoldenTests.names(in: "even/").filter { !$0.hasSuffix("_large") })
  }

  /// Other losses and a second student.
  private static let variants = [
    "hfgd-mobilenet_v2-os4-refined", "hfgd-mobilenet_v2-os4-unstopped",
    "sfpn-mobilenet_v2-focal-dice",
  ]

  @Test("agree with the PyTorch twin", arguments: cases)
  func agreement(_ name: String) throws { try agreement(name, isRecomputing: false) }

  /// Recomputing changes nothing but memory; one model shows it.
  @Test func recomputedAgreement() throws {
    try agreement("hfgd-mobilenet_v2-os4-refined", isRecomputing: true)
  }

  private func agreement(_ name: String, isRecomputing: Bool) throws {
    let golden = try TrainingGolden(name)
    let result = try golden.step(isRecomputing: isRecomputing)

    #expect(result.terms.keys.sorted() == golden.terms.keys.sorted())
    for (term, expected) in golden.terms {
      let found = Double(result.terms[term] ?? .nan)
      #expect(
        abs(found - expected) <= 1e-4 * max(abs(expected), 1e-3), "\(term): \(found), \(expected)")
    }
    golden.expect(result.gradients, like: "gradients", norms: "gradient_norms")
    if golden.hasSteps {
      golden.expect(result.steps, like: "steps", norms: "step_norms", weights: result.weights)
    }
    golden.expectStatistics(result.statistics)
  }
}

/// A golden file of one training step.
struct TrainingGolden {
  private let file: SafeTensors
  private let header: JSON
  let terms: [String: Double]
  private let configuration: ModelConfiguration
  private let parameters, statistics: [String]

  /// Whether it has what SGD makes of the weights.
  var hasSteps: Bool { file["steps"] != nil }

  struct Result {
    let terms: [String: Float]
    let gradients, steps, weights: [String: [Float]]
    let statistics: [String: [Float]]
  }

  init(_ name: String) throws {
    file = try SafeTensors(path: TestFiles.goldens + "/training/\(name).safetensors")
    let text = try #require(file.metadata["golden"])
    let header = try JSON(text)
    var configuration = try #require(
      header["preset"]?.string.flatMap(ModelConfiguration.preset(named:)))
    configuration.refineStride = header["refine_stride"]?.int
    self.header = header
    self.configuration = configuration
    terms = Dictionary(
      uniqueKeysWithValues: (header["terms"]?.object ?? []).map {
        ($0.key, $0.value.double ?? .nan)
      }
    )
    func names(_ key: String) -> [String] { (header[key]?.array ?? []).compactMap(\.string) }
    parameters = names("parameters")
    statistics = names("statistics")
    #expect(!parameters.isEmpty && (!statistics.isEmpty || configuration.decoder != nil))
  }

  /// The same step, by our engine.
  func step(isRecomputing: Bool) throws -> Result {
    let seed = UInt64(header["seed"]?.int ?? 0)
    let layout = ParameterLayout(configuration)
    let weights = ShiftedWeights(
      RandomWeights(seed: seed), shift: Float(header["shift"]?.double ?? 0),
      queryScale: Float(header["query_scale"]?.double ?? 1), layout: layout)
    let parameters = Parameters(layout, from: weights)
    let before = stored(layout, parameters.base)

    let extents = (header["input_shape"]?.array ?? []).compactMap(\.int)
    try #require(extents.count == 4)
    let (n, h, w) = (extents[0], extents[2], extents[3])
    let classes = configuration.classes.count
    let step = TrainingStep(
      configuration, layout, objective(), stopsGradients: header["stop_gradients"]?.bool ?? true,
      isRecomputing: isRecomputing,
      batch: n, height: h, width: w, threads: Threads(2))
    let planes = RandomWeights.uniform("input", seed: seed, count: n * 3 * h * w)
    let labels = RandomWeights.uniform("labels", seed: seed, count: n * h * w) { u in
      let label = ((u + 1) * 5 * Double(classes) / 8).rounded(.down)
      return label < Double(classes) ? label : -1
    }
    let gradients = UnsafeMutablePointer<Float>.allocateAligned(layout.trainedCount)
    defer { UnsafeMutableRawPointer(gradients).deallocate() }
    let recipe = header["recipe"]
    let losses = try step.run(
      in: Arena(), parameters: parameters.base, gradients: gradients,
      momentum: Float(recipe?["batch_norm_momentum"]?.double ?? .nan)
    ) { image, target in
      for index in 0..<image.shape.count {
        let (pixel, c) = index.quotientAndRemainder(dividingBy: 3)
        let (picture, place) = pixel.quotientAndRemainder(dividingBy: h * w)
        image.base[index] = planes[(picture * 3 + c) * h * w + place]
      }
      target.base.update(from: labels, count: labels.count)
    }
    let found = stored(layout, gradients, trainedOnly: true)
    let decay = Float(recipe?["weight_decay"]?.double ?? .nan)
    var optimizer = SGD(
      count: layout.trainedCount, momentum: Float(recipe?["momentum"]?.double ?? .nan))
    optimizer.step(
      parameters.base, gradients: gradients,
      spans: layout.trained.map {
        ParameterSpan($0.range, decay: $0.request.role == .kernel ? decay : 0)
      }, learningRate: recipe?["learning_rate"]?.double ?? .nan, threads: Threads(2))
    let after = stored(layout, parameters.base)
    return Result(
      terms: Dictionary(
        uniqueKeysWithValues: zip(step.terms, losses.terms).map {
          (goldenName($0.name), $0.weight * $1)
        }),
      gradients: found,
      steps: after.merging(before, uniquingKeysWith: difference), weights: after,
      statistics: after)
  }

  private func objective() -> Objective {
    let losses = header["losses"]
    var objective = Objective()
    objective.teacherWeight = Float(losses?["teacher_weight"]?.double ?? .nan)
    objective.studentWeight = Float(losses?["student_weight"]?.double ?? .nan)
    objective.mean = losses?["mean"]?.string.flatMap(PixelMean.init) ?? .allPixels
    objective.focus = Float(losses?["focal_gamma"]?.double ?? 0)
    objective.dice = Float(losses?["dice_weight"]?.double ?? 0)
    if losses?["car"]?.bool == true {
      var car = ClassAwareRegularisation()
      car.includesIgnored = losses?["ignored_in_c2p"]?.bool ?? true
      objective.car = car
    }
    return objective
  }

  /// The twin's name of one of our terms.
  private func goldenName(_ term: String) -> String {
    if term.hasPrefix("car ") { return String(term.dropFirst(4).replacing("-", with: "_")) }
    if term.hasPrefix("step ") {  // "step 1 masks" is the twin's "masks_1".
      let words = term.split(separator: " ")
      return "\(words[2])_\(words[1])"
    }
    let refined = configuration.refineStride != nil && term.contains("os2")
    let heads = ["teacher", "auxiliary", "guess"].first { term.hasPrefix($0) }
    let name = heads ?? (refined ? "refined" : "student")
    return term.hasSuffix(" dice") ? name + "_dice" : name
  }

  private func stored(
    _ layout: ParameterLayout, _ flat: UnsafePointer<Float>, trainedOnly: Bool = false
  ) -> [String: [Float]] {
    Dictionary(
      uniqueKeysWithValues: (trainedOnly ? layout.trained : layout.entries).map {
        ($0.name, Parameters.stored(flat, $0))
      })
  }

  /// The elements of a tensor that are stored.
  private func indices(_ name: String, count: Int, samples: Int) -> [Int] {
    var hash = FNV1a()
    hash.combine("sample." + name)
    var generator = SplitMix64(seed: hash.value ^ 7)
    return (0..<samples).map { _ in Int(generator.next() % UInt64(count)) }
  }

  /// Compares sampled elements and norms of every parameter.
  ///
  /// Of an update, the weight's own rounding is allowed, too.
  func expect(
    _ found: [String: [Float]], like name: String, norms normName: String,
    weights: [String: [Float]] = [:]
  ) {
    guard let samples = try? file.floats(name), let norms = try? file.floats(normName) else {
      Issue.record("the golden has no \(name)")
      return
    }
    #expect(Set(parameters).isSuperset(of: found.keys) || !weights.isEmpty, "parameters of ours")
    // What a disturbance of a millionth changes: values near corners and ties jump in any engine.
    let noise = try? file.floats("gradient_noise")
    let normNoise = try? file.floats("gradient_norm_noise")
    let width = samples.count / parameters.count
    let largest = norms.max() ?? 0
    for (row, parameter) in parameters.enumerated() {
      guard let values = found[parameter] else {
        Issue.record("there is no \(parameter)")
        continue
      }
      let places = indices(parameter, count: values.count, samples: width)
      let expected = Array(samples[(row * width)..<((row + 1) * width)])
      let taken = places.map { values[$0] }
      let rounding =
        weights[parameter].map { weights in length(places.map { weights[$0] }) * 0x1p-24 } ?? 0
      let share = (min(1, Double(width) / Double(values.count))).squareRoot()
      let distance = length(difference(taken, expected)) - rounding
      let scale = length(expected) + 1e-3 * share * Double(largest)
      #expect(
        distance <= TrainingStepGoldenTests.tolerance * scale + 2 * Double(noise?[row] ?? 0),
        "\(name) of \(parameter): \(distance / scale)")
      let wholeRounding =
        weights[parameter].map { length($0) * 0x1p-24 } ?? 0
      let norm = length(values)
      let normScale = Double(norms[row]) + 1e-3 * Double(largest)
      #expect(
        abs(norm - Double(norms[row])) - wholeRounding
          <= TrainingStepGoldenTests.tolerance * normScale + 2 * Double(normNoise?[row] ?? 0),
        "norm of \(name) of \(parameter): \(norm), \(norms[row])")
    }
  }

  func expectStatistics(_ found: [String: [Float]]) {
    guard let samples = try? file.floats("statistics"), !statistics.isEmpty else { return }
    let width = samples.count / statistics.count
    for (row, name) in statistics.enumerated() {
      guard let values = found[name] else {
        Issue.record("there is no \(name)")
        continue
      }
      let taken = indices(name, count: values.count, samples: width).map { values[$0] }
      let expected = Array(samples[(row * width)..<((row + 1) * width)])
      #expect(disagreement(taken, expected) < 1e-4, "\(name)")
    }
  }
}

/// Random weights away from the corners of ReLU, as the goldens have them.
final class ShiftedWeights: WeightSource {
  private let weights: RandomWeights
  private let shift, queryScale: Float
  /// The biases of LayerNorms, which stand before no corner.
  private let layerNorms: Set<String>

  /// Those of a model without LayerNorm, or of one with a `layout`.
  init(
    _ weights: RandomWeights, shift: Float, queryScale: Float, layout: ParameterLayout? = nil
  ) {
    let entries = layout?.entries ?? []
    let batchNorms = Set(
      entries.filter { $0.request.role == .runningMean }
        .map { $0.name.replacing("running_mean", with: "bias") })
    layerNorms = Set(entries.filter { $0.request.role == .normBias }.map(\.name))
      .subtracting(batchNorms)
    self.weights = weights
    self.shift = shift
    self.queryScale = queryScale
  }

  func values(of request: TensorRequest) -> [Float] {
    let values = weights.values(of: request)
    if request.role == .normBias && !layerNorms.contains(request.name) {
      return values.map { $0 + shift }
    }
    if request.name.hasSuffix("query.weight") { return values.map { $0 * queryScale } }
    return values
  }
}
