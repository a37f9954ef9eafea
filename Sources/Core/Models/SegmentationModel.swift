/// A segmentation network of "High-level Feature Guided Decoding for Semantic Segmentation" (arXiv:2303.08646), figure 2,
/// or of its baselines.
///
///     image ─ backbone ─ c5 ─ context ─ h ──────────────┬─ tokens ─ teacher's logits, output stride 32
///                 └─ c2, c3, c4 ──────── upsampler ─────┘ (h is its top level)
///                                            └─ axial ─ tokens ─ student's logits, output stride 4 or 2
///
/// Guided models share the class tokens: the teacher trains them, the student is pulled towards them, and no gradient
/// of the student reaches anything left of the upsampler. An FCN has no upsampler, a Semantic FPN no teacher. SegViT has neither
/// context nor tokens: its decoder makes masks of the backbone's features, and classes of the masks.
public struct SegmentationModel: Sendable {
  /// What the checkpoint says about the model.
  public let configuration: ModelConfiguration
  let backbone: any Backbone
  let context: (any ContextEncoder)?
  let students: [Student]
  let auxiliary: AuxiliaryHead?
  let tokens: Conv?
  let decoder: (any MaskDecoder)?
  /// Whether a guided student's gradients stop short of backbone, context and tokens, as HFGM has it.
  ///
  /// `false` is the ablation of §5.2. It makes no difference outside training.
  var stopsGradients = true
  /// Whether the auxiliary head's gradients stop before the backbone (§5.1).
  var stopsAuxiliary = false

  /// Reads all tensors of a model of this configuration below `weights`, several layers at once with several threads.
  public init(
    _ configuration: ModelConfiguration, _ weights: Weights, threads: Threads = Threads(1)
  ) {
    let c = configuration
    self.configuration = c
    backbone = c.backbone.network(weights["backbone"], c.backboneForm)
    let channels = backbone.channels
    context = c.context.encoder(weights["context"], channels.c5, c)
    let first = Student(weights, c, channels, outputStride: c.outputStride)
    let second = c.refineStride.flatMap {
      Student(weights["refine"], c, channels, outputStride: $0)
    }
    students = [first, second].compactMap { $0 }
    auxiliary = c.hasAuxiliary ? AuxiliaryHead(weights["auxiliary"], channels.c5, c) : nil
    tokens = c.decoder == nil ? Conv(tokens: weights["tokens"], c) : nil
    decoder = c.decoder?.decoder(weights["decoder"], channels, c)
    weights.makeLayers(threads: threads)
  }

  /// What becomes of an image `[n, h, w, 3]`, normalised; its grids coincide where h and w are 32k + 1, and are rounded up
  /// elsewhere.
  ///
  /// Students are run without the parts of `ablation`.
  public func callAsFunction(_ image: Value, without ablation: Ablation = []) -> Prediction {
    let features = backbone(image)
    if let decoder { return Prediction(decoder(features), of: image) }
    guard let tokens else { preconditionFailure("a model has class tokens or a decoder of masks") }
    let encoded = context.map { $0(features.c5) }
    let h = encoded?.h
    let looked = stopsAuxiliary ? features.c5.stoppingGradient : features.c5
    var stages = auxiliary.map { [$0(looked)] } ?? []
    if let h, configuration.isGuided || students.isEmpty {
      stages.append(
        Prediction.Stage(
          role: configuration.isGuided ? .teacher : .student,
          outputStride: configuration.backboneStride, attended: nil, features: h,
          logits: tokens(h)))
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
          role: .student, outputStride: student.outputStride,
          attended: student.axial.map { _ in s },
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

  /// `nil` where the configuration has no upsampler.
  init?(
    _ weights: Weights, _ c: ModelConfiguration, _ channels: PyramidChannels, outputStride: Int
  ) {
    guard let row = c.upsampler.row else { return nil }
    upsampler = row.upsampler(weights["upsampler"], channels, outputStride, c)
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
    /// What a stage is to the others.
    public enum Role: Sendable {
      /// What the model is for.
      case student
      /// What the class tokens are trained by.
      case teacher
      /// The auxiliary head, which has tokens of its own.
      case auxiliary
    }

    /// What it is to the others.
    public let role: Role
    /// Pixels of the image per pixel of the logits.
    public let outputStride: Int
    /// What the axial attention reads to make the features, of their shape; `nil` without one.
    public let attended: Value?
    /// `[n, h/stride, w/stride, width]`; of masks the keys that queries were compared with, `[n, h/16, w/16, width]`.
    public let features: Value
    /// `[n, h/stride, w/stride, classes]`.
    public let logits: Value
  }

  /// The auxiliary head and the teacher, where there is one, then the students.
  public let stages: [Stage]
  /// How the logits are brought to the image's size.
  let resizing: Resize.Rule
  /// What the context's self-attention reads, `[n, h/32, w/32, inner]`; `nil` without one.
  var attended: Value?
  /// Where CAR's losses look in training, if the context has such a place.
  let regularised: Value?
  /// What a decoder of masks found, step by step, the last of which makes the prediction; empty without one.
  public var groups: [MaskGroup] = []

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
