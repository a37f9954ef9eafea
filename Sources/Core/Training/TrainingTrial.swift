/// A training step that is made again and again on one batch of noise, to measure what it takes.
///
/// Everything of a step of ``Trainer`` but the batch, which lies ready: forward pass, losses with CAR's where the model has a
/// place for them, backward pass and AdamW's update. Not for use from two threads at once.
public final class TrainingTrial {
  private let step: TrainingStep
  private let parameters: Parameters
  private let gradients: UnsafeMutablePointer<Float>
  private let spans: [ParameterSpan]
  private var optimizer: any Optimizer
  private let recipe = Recipe.advanced
  private let arena = Arena()
  private let images, labels: [Float]
  private let threads: Threads

  /// A trial of `configuration`'s model, whose weights and batch follow from `seed`.
  ///
  /// - Parameters:
  ///   - isRecomputing: whether normalised maps are made again in the backward half instead of kept.
  ///   - batch: pictures of `height` × `width` pixels.
  public init(
    _ configuration: ModelConfiguration, seed: UInt64, isRecomputing: Bool = false, batch: Int,
    height: Int, width: Int, threads: Threads
  ) {
    let layout = ParameterLayout(configuration)
    var objective = Objective()
    objective.car = ClassAwareRegularisation()
    step = TrainingStep(
      configuration, layout, objective, isRecomputing: isRecomputing, batch: batch, height: height,
      width: width, threads: threads)
    parameters = Parameters(layout, from: RandomWeights(seed: seed))
    gradients = .allocateAligned(layout.trainedCount)
    spans = layout.trained.map { [recipe] in
      ParameterSpan($0.range, decay: Float(recipe.decay(of: $0.request)))
    }
    optimizer = recipe.makeOptimizer(count: layout.trainedCount)
    self.threads = threads
    let pixels = batch * height * width
    let classes = Double(configuration.classes.count)
    images = RandomWeights.uniform("image", seed: seed, count: 3 * pixels)
    labels = RandomWeights.uniform("labels", seed: seed, count: pixels) { u in
      ((u + 1) / 2 * (classes + 1)).rounded(.down) - 1
    }
  }

  deinit { UnsafeMutableRawPointer(gradients).deallocate() }

  /// The forward and the backward half, with their plan of memory.
  public var program: Program { step.program }

  /// Floats that the optimiser moves.
  public var parameterCount: Int { step.layout.trainedCount }

  /// Makes a step and returns its loss; `observe` is told about each step of ``program`` and how long it took.
  @discardableResult
  public func run(
    observe: (Program.Step, Duration) -> Void = { _, _ in }, isCancelled: () -> Bool = { false }
  ) throws(Cancelled) -> Float {
    let losses = try step.run(
      in: arena, parameters: parameters.base, gradients: gradients,
      momentum: Float(recipe.runningMomentum), isCancelled: isCancelled, observe: observe
    ) { image, labels in
      image.base.update(from: self.images, count: self.images.count)
      labels.base.update(from: self.labels, count: self.labels.count)
    }
    optimizer.step(
      parameters.base, gradients: UnsafePointer(gradients), spans: spans,
      learningRate: recipe.learningRate, threads: threads)
    return losses.total
  }
}
