/// A segmentation network of "High-level Feature Guided Decoding for Semantic Segmentation" (arXiv:2303.08646), figure 2,
/// or of its baselines.
///
///     image ─ backbone ─ c5 ─ context ─ h ──────────────┬─ tokens ─ teacher's logits, output stride 32
///                 └─ c2, c3, c4 ──────── upsampler ─────┘ (h is its top level)
///                                            └─ axial ─ tokens ─ student's logits, output stride 4 or 2
///
/// Guided models share the class tokens: the teacher trains them, the student is pulled towards them, and no gradient
/// of the student reaches anything left of the upsampler. An FCN has no upsampler, a Semantic FPN no teacher.
public struct SegmentationModel: Sendable {
  /// What the checkpoint says about the model.
  public let configuration: ModelConfiguration
  let backbone: any Backbone
  let context: (any ContextEncoder)?
  let students: [Student]
  let tokens: Conv
  /// Whether a guided student's gradients stop short of backbone, context and tokens, as HFGM has it.
  ///
  /// `false` is the ablation of §5.2. It makes no difference outside training.
  var stopsGradients = true

  /// Reads all tensors of a model of this configuration below `weights`, several layers at once with several threads.
  public init(
    _ configuration: ModelConfiguration, _ weights: Weights, threads: Threads = Threads(1)
  ) {
    let c = configuration
    self.configuration = c
    backbone = c.backbone.network(
      weights["backbone"], hasOutputNorms: c.hasOutputNorms, shift: c.windowShift)
    let channels = backbone.channels
    context =
      switch c.context {
      case .none: nil
      case .fcn:
        FCNHead(weights["context"], channels.c5, inner: c.contextWidth, width: c.width)
      case .cae:
        ContextAugmentationEncoder(
          weights["context"], channels.c5, wide: c.contextWide, inner: c.contextWidth,
          width: c.width)
      }
    students =
      c.upsampler == .none
      ? []
      : [Student(weights, c, channels, outputStride: c.outputStride)]
        + (c.refineStride.map { [Student(weights["refine"], c, channels, outputStride: $0)] } ?? [])
    tokens = Conv(
      weights["tokens"], c.width, c.classes.count, kernelShape: [c.classes.count, c.width],
      keepingWeights: true)
    weights.makeLayers(threads: threads)
  }

  /// What becomes of an image `[n, h, w, 3]`, normalised; its grids coincide where h and w are 32k + 1, and are rounded up
  /// elsewhere.
  ///
  /// Students are run without the parts of `ablation`.
  public func callAsFunction(_ image: Value, without ablation: Ablation = []) -> Prediction {
    let features = backbone(image)
    let encoded = context.map { $0(features.c5) }
    let h = encoded?.h
    var stages: [Prediction.Stage] = []
    if let h, configuration.isGuided || students.isEmpty {
      stages.append(
        Prediction.Stage(outputStride: 32, attended: nil, features: h, logits: tokens(h)))
    }
    // HFGM (§3.1): what the student sees is sg(c2), sg(c3), sg(c4) and sg(h), what classifies it sg(W) and sg(b).
    let isStopped = configuration.isGuided && stopsGradients
    for student in students {
      let s = student.upsampled(
        isStopped ? features.stoppingGradients : features,
        guide: isStopped ? h?.stoppingGradient : h, image: image, without: ablation)
      let refined = ablation.contains(.axial) ? s : student.axial.map { $0(s) } ?? s
      stages.append(
        Prediction.Stage(
          outputStride: student.outputStride, attended: student.axial.map { _ in s },
          features: refined, logits: isStopped ? tokens.frozen(refined) : tokens(refined)))
    }
    return Prediction(
      stages: stages, resizing: configuration.resizing, attended: encoded?.attended,
      regularised: encoded?.regularised)
  }
}

/// An upsampler and the attention behind it.
struct Student: Sendable {
  let upsampler: any Upsampler
  let axial: AxialRefinement?

  var outputStride: Int { upsampler.outputStride }

  init(_ weights: Weights, _ c: ModelConfiguration, _ channels: PyramidChannels, outputStride: Int)
  {
    upsampler =
      switch c.upsampler {
      case .none: preconditionFailure("a student needs an upsampler")
      case .sfpn, .usfpn:
        SemanticFPN(
          weights["upsampler"], channels, width: c.width,
          lateralKernel: c.upsampler == .usfpn ? 3 : 1, outputStride: outputStride,
          hasTop: c.context == .none)
      case .mmsegFPN:
        MMSegFPN(weights["upsampler"], channels, pyramidWidth: c.pyramidWidth, width: c.width)
      }
    axial =
      c.isAxial ? AxialRefinement(weights["axial"], width: c.width, heads: c.axialHeads) : nil
  }

  /// The upsampler's output, which the attention refines.
  func upsampled(
    _ features: FeaturePyramid, guide: Value?, image: Value, without ablation: Ablation
  ) -> Value {
    upsampler(
      features, guide: guide, imageHeight: image.shape.h, imageWidth: image.shape.w,
      without: ablation)
  }
}

/// The logits of a model on its grids, from coarse to fine.
public struct Prediction {
  /// One set of logits and the features that the class tokens were multiplied with.
  public struct Stage {
    /// Pixels of the image per pixel of the logits.
    public let outputStride: Int
    /// What the axial attention reads to make the features, of their shape; `nil` without one.
    public let attended: Value?
    /// `[n, h/stride, w/stride, width]`.
    public let features: Value
    /// `[n, h/stride, w/stride, classes]`.
    public let logits: Value
  }

  /// The teacher (output stride 32) where there is one, then the students.
  public let stages: [Stage]
  /// How the logits are brought to the image's size.
  let resizing: Resize.Rule
  /// What the context's self-attention reads, `[n, h/32, w/32, inner]`; `nil` without one.
  var attended: Value?
  /// Where CAR's losses look in training, if the context has such a place.
  let regularised: Value?

  /// The stage of an output stride, if the model has it.
  public subscript(outputStride: Int) -> Stage? {
    stages.first { $0.outputStride == outputStride }
  }
  /// The last stage and nothing else: what is trained when all before it is there already.
  var finestAlone: Prediction {
    Prediction(stages: stages.suffix(1), resizing: resizing, regularised: nil)
  }
}

extension ModelConfiguration {
  /// Every tensor of the model, in its order.
  var tensors: [TensorRequest] {
    let outline = WeightOutline()
    _ = SegmentationModel(self, Weights(outline))
    return outline.requests
  }
}
