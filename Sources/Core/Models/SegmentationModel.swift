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
    context = c.context.row?.encoder(weights["context"], channels.c5, c)
    let first = Student(weights, c, channels, outputStride: c.outputStride)
    let second = c.refineStride.flatMap {
      Student(weights["refine"], c, channels, outputStride: $0)
    }
    students = [first, second].compactMap { $0 }
    auxiliary = c.hasAuxiliary ? AuxiliaryHead(weights["auxiliary"], channels.c5, c) : nil
    tokens = c.decoder == nil ? Conv(tokens: weights["tokens"], c) : nil
    decoder = c.decoder?.row.decoder(weights["decoder"], channels, c)
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
      let refined = student.refined(s, without: ablation)
      stages.append(
        Prediction.Stage(
          role: .student, outputStride: student.outputStride,
          attended: student.axial.map { _ in s },
          features: refined, logits: isStopped ? tokens.frozen(refined) : tokens(refined)))
    }
    return Prediction(
      stages: stages, resizing: configuration.resizing, attended: encoded?.attended,
      regularised: encoded?.regularised, guess: encoded?.guess)
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
