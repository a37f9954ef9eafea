/// What a model is made of and how its input and output are to be read: the checkpoint's `hfgd.config`.
public struct ModelConfiguration: Sendable {
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
  /// Output stride of c5, and of what is predicted from it alone: 32, or 16 or 8 with a dilated backbone; that of the patches, 16,
  /// with a plain transformer, whether or not its grid is halved.
  public var backboneStride: Int
  /// Whether the last stage of a ResNet has dilations 1, 2, 4, times its own.
  public var hasMultiGrid: Bool
  /// Whether each of the backbone's features passes a LayerNorm, as in mmsegmentation; of ConvNeXt and Swin alone.
  public var hasOutputNorms = false
  /// The encoding of c5.
  public var context: ContextKind
  /// Channels of CAE's wide layer, and of the layer before OCR's coarse logits.
  public var contextWide = 2048
  /// Inner width of the context.
  public var contextWidth = 512
  /// The upsampler.
  public var upsampler: UpsamplerKind
  /// What makes masks in place of context, upsampler and class tokens.
  public var decoder: DecoderKind?
  /// The side, in patches, of the grid that the pixel queries of SegViT's shrunk form are learned on: the training crop's.
  ///
  /// That of crops of 640×640 as long as none is set.
  public var queryGrid: Int {
    get { ownQueryGrid ?? 40 }
    set { ownQueryGrid = newValue }
  }
  private var ownQueryGrid: Int?
  /// Channels of the pyramid in mmsegmentation's Semantic FPN, whose branches have ``width``.
  public var pyramidWidth = 256
  /// 4 or 2; that of the backbone where there is no upsampler; 1 with a decoder of masks.
  public var outputStride: Int
  /// D: channels of the features and of the class tokens.
  public var width = 256
  /// Whether axial attention follows the upsampler.
  public var isAxial: Bool
  /// Heads of the axial attention.
  public var axialHeads = 4
  /// Channels of its queries and keys: as many as its values have, ``width``, unless another number is set.
  public var axialWidth: Int {
    get { ownAxialWidth ?? width }
    set { ownAxialWidth = newValue }
  }
  private var ownAxialWidth: Int?
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
  /// Whether an FCN head with class tokens of its own predicts from c5 beside the upsampler (§5.1).
  public var hasAuxiliary = false
  /// What the paper leaves open and is not as usual.
  public var alternatives: Set<Alternative> = []
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
    backboneStride = backbone.row.strides[0]
    hasMultiGrid = backbone.row.multiGrid ?? false
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

  /// Learns a query for each patch of crops of `side` pixels, where the decoder learns them and no grid is set.
  mutating func fitQueries(toCropsOf side: Int) {
    guard decoder?.row.learnsPixels == true, ownQueryGrid == nil else { return }
    queryGrid = (side + VisionTransformer.patch - 1) / VisionTransformer.patch
  }

  /// How the model's grids, from the logits' to the picture's, lie on each other.
  var resizing: Resize.Rule { rules.resizing }

  /// The protocol that the model is run under unless another is asked for: that of the program it comes from, whose
  /// figures are its own.
  public var rules: InferenceProtocol {
    decoder == nil ? upsampler.row?.rules ?? .ours : .mmseg
  }

  /// What is chosen in the backbone.
  public var backboneForm: BackboneForm {
    var form = BackboneForm(hasOutputNorms: hasOutputNorms)
    form.stride = backboneStride
    form.hasMultiGrid = hasMultiGrid
    form.patches = decoder?.row.patches ?? .whole
    form.shift = upsampler.row?.shift ?? .torchvision
    return form
  }

  /// The output stride of what is predicted from c5 beside an upsampler: by the teacher of a guided model or by the auxiliary
  /// head; `nil` without either.
  public var teacherStride: Int? { isGuided || hasAuxiliary ? backboneStride : nil }

  /// The output strides that the model can answer at, from coarse to fine.
  public var outputStrides: [Int] {
    (teacherStride.map { [$0] } ?? []) + [outputStride] + (refineStride.map { [$0] } ?? [])
  }
}
