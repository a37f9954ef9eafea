/// What is asked for when a model is to be trained: names and paths, out of which ``plan()`` makes all that a run needs.
///
/// A run keeps its request in ``RunFolder/request``, so that it goes on by the same.
public struct TrainingRequest: Sendable, Equatable {
  /// The preset that the model begins as.
  public var preset = "hfgd-mobilenet_v2-os4"
  /// A checkpoint whose model and weights are the start, in place of the preset.
  public var from: String?
  /// ImageNet weights of the backbone.
  public var weights: String?
  /// The ablation; `nil` leaves the model as it is.
  public var guidance: Guidance?
  /// Another context than the model's.
  public var context: ModelConfiguration.ContextKind?
  /// Another upsampler than the model's.
  public var upsampler: ModelConfiguration.UpsamplerKind?
  /// Whether a second student at output stride 2 is trained beside the first.
  public var isRefining = false
  /// Whether that student is all that is trained, on a model that is trained already.
  public var isRefiningAlone = false
  /// Folders or archives of labelled pictures, used together; validation takes the first.
  public var data: [String] = []
  /// The kind of the data sets; by default the folders tell.
  public var kind: String?
  /// The part that is trained on.
  public var split = "train"
  /// The part that is validated on; `nil` for `val` where there is one.
  public var validationSplit: String?
  /// The label that is not counted; by default as the kind has it.
  public var ignoreIndex: Int?
  /// Whether label 0 is no class; by default as the kind has it.
  public var reducesZeroLabel: Bool?
  /// Whether normalised maps are made again in the backward half.
  public var isRecomputing = false
  /// How the model is trained.
  public var recipe = Recipe.plain

  /// The name of a split that means no validation.
  public static let noSplit = "none"

  /// A request for the preset on no data yet.
  public init() {}

  /// The same request with absolute paths, so that it can be followed from any folder.
  public var canonical: TrainingRequest {
    var request = self
    request.data = data.map(\.canonicalPath)
    request.from = from?.canonicalPath
    request.weights = weights?.canonicalPath
    return request
  }
}
