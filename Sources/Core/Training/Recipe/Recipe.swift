/// Everything that decides a training run besides the model, the data and the initial weights.
///
/// HFGD has two, ``plain`` and ``advanced`` (HFGD §4; they follow CAR, arXiv:2203.07160). A file
/// changes some keys of one of them (``init(file:)``), and the whole is written into the checkpoint (``json``).
/// `docs/training.md` lists the keys.
public struct Recipe: Sendable, Equatable {
  /// The rule that turns gradients into new weights.
  public enum OptimizerKind: String, Sendable, CaseIterable {
    /// Stochastic gradient descent with momentum; Adam with decoupled weight decay.
    case sgd, adamw
  }

  /// Which tensors weight decay pulls towards zero; biases and norms are never among them.
  public enum DecayScope: String, Sendable, CaseIterable {
    /// Every kernel and the class tokens, as the paper says.
    case kernels
    /// The kernels of context and tokens only, which is what the authors' program did.
    case authors
  }

  /// Width and height of what the network sees in training, in pixels.
  public struct Crop: Sendable, Hashable {
    /// In pixels.
    public var width, height: Int

    /// A crop of `width` × `height` pixels.
    public init(width: Int, height: Int) {
      self.width = width
      self.height = height
    }
  }

  /// A name for people.
  public var name = "plain"

  /// Updates of the weights in the whole run.
  public var steps = 30_000
  /// Samples of one step, over all processes.
  public var batch = 16
  /// What is cut out of each sample.
  public var crop = Crop(width: 513, height: 513)
  /// What order, augmentation and initial weights follow from.
  public var seed = 0
  /// Steps from one validation to the next, and from one saved checkpoint to the next; 0 for only at the end.
  public var validateEvery = 1000, checkpointEvery = 1000

  /// The optimiser.
  public var optimizer = OptimizerKind.sgd
  /// The learning rate at the start, after the warm-up.
  public var learningRate = 0.01
  /// The exponent of the polynomial decay.
  public var power = 0.9
  /// Steps over which the learning rate rises from 0.
  public var warmUp = 0
  /// A factor on the learning rate of all that is not the backbone.
  public var headRate = 1.0
  /// SGD's momentum.
  public var momentum = 0.9
  /// AdamW's decay rates of the first and second moment.
  public var betas = [0.9, 0.999]
  /// AdamW's addition to the square root of the second moment.
  public var epsilon = 1e-7
  /// The paper's coefficient of weight decay; ``decay(of:)`` tells what a tensor gets.
  public var weightDecay = 1e-4
  /// What weight decay acts on.
  public var weightDecayScope = DecayScope.kernels
  /// The largest gradient norm of each branch (teacher, student) on its own; `nil` for no clipping.
  public var clipNorm: Double?
  /// The weight of a batch's statistics in the running ones (PyTorch's convention); `nil` to choose by the run's length.
  public var batchNormMomentum: Double?

  /// What is done to the samples.
  public var augmentation = Augmentation()
  /// What is minimised.
  public var loss = LossSettings()
  /// Whether the paper's stop-gradients stand; without them the student also trains backbone, context and tokens.
  public var stopsGradients = true
  /// Whether the auxiliary head's gradients stop before the backbone, so that it only tells what is left there.
  public var stopsAuxiliary = false

  /// The paper's recipe for ablations.
  public static let plain = Recipe()

  /// The paper's recipe for comparisons with the state of the art.
  public static let advanced: Recipe = {
    var recipe = Recipe()
    recipe.name = "advanced"
    recipe.steps = 40_000
    recipe.optimizer = .adamw
    recipe.learningRate = 4e-5
    recipe.weightDecay = 0.05
    recipe.augmentation.contrast = 0.5
    recipe.augmentation.saturation = 0.5
    return recipe
  }()

  /// The recipes that have a name.
  public static let known = [plain, advanced]
}

extension Recipe {
  /// Steps from which on batch norm's slow statistics have time to settle.
  private static let longRun = 30_000

  /// The weight of a batch's statistics in the running ones: the authors' 0.0003 in runs of 30 000 steps or more, 0.01 in
  /// shorter ones, unless the recipe says otherwise.
  public var runningMomentum: Double {
    batchNormMomentum ?? (steps >= Self.longRun ? 0.0003 : 0.01)
  }

  /// The learning rate of each step.
  public var schedule: LearningRateSchedule {
    LearningRateSchedule(rate: learningRate, steps: steps, power: power, warmUp: warmUp)
  }

  /// λ of a tensor: what is added to its gradient, or taken off the weight, is λ · w (· learning rate).
  ///
  /// The authors add λ · Σ w² to the loss, whose gradient is 2 λ w, so that their 1e-4 is PyTorch's 2e-4. Their AdamW leaves out the
  /// patch embedding of Swin and ViT (iSeg's `train_utils.py`).
  public func decay(of tensor: TensorRequest) -> Double {
    let isSpared = optimizer == .adamw && tensor.name.hasPrefix("backbone.patch_embed.")
    guard tensor.role == .kernel, !isSpared else { return 0 }
    switch weightDecayScope {
    case .kernels: return weightDecay
    case .authors:
      let part = tensor.name.prefix { $0 != "." }
      return part == "context" || part == "tokens" ? 2 * weightDecay : 0
    }
  }

  /// The factor on a tensor's learning rate.
  public func rateFactor(of tensor: TensorRequest) -> Double {
    tensor.name.hasPrefix("backbone.") ? 1 : headRate
  }

  /// An optimiser for `count` parameters that has seen no gradient yet.
  public func makeOptimizer(count: Int) -> any Optimizer {
    switch optimizer {
    case .sgd: SGD(count: count, momentum: Float(momentum))
    case .adamw: AdamW(count: count, beta1: betas[0], beta2: betas[1], epsilon: epsilon)
    }
  }
}
