/// What a model is made of and how its input and output are to be read: the checkpoint's `hfgd.config`.
public struct ModelConfiguration: Sendable, Equatable {
  /// The network that makes features.
  public enum BackboneKind: String, Sendable, CaseIterable {
    /// DeepLab's beta variant of ResNet-50.
    case resnet50Beta = "resnet50_beta"
    /// ResNets of torchvision, then of mmsegmentation, with a stem of three convolutions.
    case resnet50, resnet101
    case resnet50v1c = "resnet50_v1c"
    case resnet101v1c = "resnet101_v1c"
    /// Besides with averages in its shortcuts.
    case resnet50v1d = "resnet50_v1d"
    /// MobileNetV2.
    case mobilenetV2 = "mobilenet_v2"
    /// ConvNeXt, four sizes.
    case convnextTiny = "convnext_tiny"
    case convnextSmall = "convnext_small"
    case convnextBase = "convnext_base"
    case convnextLarge = "convnext_large"
    /// Swin, four sizes; the windows of the largest are 12×12, else 7×7.
    case swinTiny = "swin_tiny"
    case swinSmall = "swin_small"
    case swinBase = "swin_base"
    case swinLarge = "swin_large"
    /// Plain vision transformers, two sizes, all of whose features have output stride 16.
    case vitBase = "vit_base"
    case vitLarge = "vit_large"
  }

  /// The paper's extra encoding of c5.
  public enum ContextKind: String, Sendable, CaseIterable {
    /// Nothing, the head of an FCN, the context augmentation encoder.
    case none, fcn, cae
  }

  /// What brings features to the output's grid.
  public enum UpsamplerKind: String, Sendable, CaseIterable {
    /// Nothing, the authors' SemanticFPN, HFGD's ultra version of it.
    case none, sfpn, usfpn
    /// mmsegmentation's Semantic FPN.
    case mmsegFPN = "mmseg_fpn"
  }

  /// What is done to an image before the network sees it: (x − mean) / std, per channel, on values `0…255`.
  public struct Normalisation: Sendable, Equatable {
    /// Red, green and blue.
    public var mean, std: [Float]

    /// Normalisation by the mean and standard deviation of each channel.
    public init(mean: [Float], std: [Float]) {
      self.mean = mean
      self.std = std
    }

    /// To [−1, 1]: the authors' pipeline and MobileNetV2.
    public static let symmetric = Normalisation(
      mean: [127.5, 127.5, 127.5], std: [127.5, 127.5, 127.5])
    /// ImageNet's statistics: torchvision, timm and mmsegmentation.
    public static let imageNet = Normalisation(
      mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375])
  }

  /// A name for people.
  public var name: String
  /// The backbone.
  public var backbone: BackboneKind
  /// Whether each of the backbone's features passes a LayerNorm, as in mmsegmentation; of ConvNeXt and Swin alone.
  public var hasOutputNorms = false
  /// The encoding of c5.
  public var context: ContextKind
  /// Channels of CAE's wide layer.
  public var contextWide = 2048
  /// Inner width of CAE and of the FCN head.
  public var contextWidth = 512
  /// The upsampler.
  public var upsampler: UpsamplerKind
  /// Channels of the pyramid in mmsegmentation's Semantic FPN, whose branches have ``width``.
  public var pyramidWidth = 256
  /// 4 or 2; 32 where there is no upsampler.
  public var outputStride: Int
  /// D: channels of the features and of the class tokens.
  public var width = 256
  /// Whether axial attention follows the upsampler.
  public var isAxial: Bool
  /// Heads of the axial attention.
  public var axialHeads = 4
  /// Whether the tokens are shared by a teacher and a student (HFGM).
  public var isGuided: Bool
  /// The output stride of a second student, if there is one.
  public var refineStride: Int?
  /// Class names in the order of the logits.
  public var classes: [String]
  /// One colour per class.
  public var palette: [RGB]
  /// The label value that is never counted.
  public var ignoreIndex: Int
  /// The input's normalisation.
  public var input: Normalisation

  /// A configuration from its parts, with the paper's widths; whether they go together is checked where one is read.
  public init(
    name: String, backbone: BackboneKind, context: ContextKind, upsampler: UpsamplerKind,
    outputStride: Int, isAxial: Bool, isGuided: Bool, classes: [String], palette: [RGB],
    ignoreIndex: Int, input: Normalisation
  ) {
    self.name = name
    self.backbone = backbone
    self.context = context
    self.upsampler = upsampler
    self.outputStride = outputStride
    self.isAxial = isAxial
    self.isGuided = isGuided
    self.classes = classes
    self.palette = palette
    self.ignoreIndex = ignoreIndex
    self.input = input
  }

  /// How the model's grids, from the logits' to the picture's, lie on each other.
  var resizing: Resize.Rule { rules.resizing }

  /// The protocol that the model is run under unless another is asked for: that of the program it comes from, whose
  /// figures are its own.
  public var rules: InferenceProtocol { upsampler == .mmsegFPN ? .mmseg : .ours }

  /// How Swin shifts windows that do not fit the grid.
  var windowShift: WindowShift { upsampler == .mmsegFPN ? .mmsegmentation : .torchvision }

  /// The output strides that the model can answer at, from coarse to fine; 32 is the teacher of a guided model.
  public var outputStrides: [Int] {
    (isGuided ? [32] : []) + [outputStride] + (refineStride.map { [$0] } ?? [])
  }
}
