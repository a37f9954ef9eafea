import Synchronization

/// A place in the tree of a model's tensors, from which layers ask for theirs by name and shape.
///
/// Subscripting moves down the tree as `cd` does: in `weights["layer1"][0]["conv2"]` a layer finds its tensors without
/// knowing where it stands. Where the numbers come from — a checkpoint, a seed, nowhere — is the source's business.
///
/// Layers are only noted while a model is put together, and then made in parallel (``makeLayers(threads:)``): reading,
/// folding and packing forty million weights is most of what the start of a program costs.
public struct Weights: Sendable {
  /// The names above, joined by dots; empty at the root.
  public let path: String
  /// What the layers are to multiply with.
  let precision: Precision
  let source: any WeightSource
  private let layers: DeferredList
  private let training: Training?

  /// What is known of a model in training.
  private struct Training: Sendable {
    let layout: ParameterLayout
    let part: TrainedPart
  }

  /// The root of a source's tree.
  public init(_ source: any WeightSource, precision: Precision = .float32) {
    self.init(path: "", precision, source, DeferredList(), nil)
  }

  /// The root of the tree of a model of which a `part` is trained: its layers know where their tensors lie, and read them in
  /// every step; all others take theirs from `source`, once.
  init(training layout: ParameterLayout, _ part: TrainedPart, from source: any WeightSource) {
    self.init(
      path: "", .float32, source, DeferredList(), Training(layout: layout, part: part))
  }

  private init(
    path: String, _ precision: Precision, _ source: any WeightSource, _ layers: DeferredList,
    _ training: Training?
  ) {
    self.path = path
    self.precision = precision
    self.source = source
    self.layers = layers
    self.training = training
  }

  /// Whether layers here read their tensors in every step.
  var isTraining: Bool { training?.part.reads(path) ?? false }

  /// The place of the tensor `name` of a model in training.
  func parameter(_ name: String) -> ParameterLayout.Entry {
    guard let training else { preconditionFailure("\(self[name].path) is not trained") }
    return training.layout[self[name].path]
  }

  /// The place `name` below this one; a name may itself hold dots.
  public subscript(name: String) -> Weights {
    Weights(
      path: name.isEmpty ? path : path.isEmpty ? name : path + "." + name, precision, source,
      layers, training)
  }

  /// The `index`-th place of a numbered list.
  public subscript(index: Int) -> Weights { self[String(index)] }

  /// The values of the tensor `name` in row-major order of `shape`, empty from a source without numbers.
  func tensor(_ name: String, _ shape: [Int], _ role: TensorRole) -> [Float] {
    source.values(of: TensorRequest(name: self[name].path, shape: shape, role: role))
  }

  /// What `body` makes of the same values, without a copy where the source holds them as floats.
  func withTensor<Result>(
    _ name: String, _ shape: [Int], _ role: TensorRole,
    _ body: (UnsafeBufferPointer<Float>) -> Result
  ) -> Result {
    source.withValues(of: TensorRequest(name: self[name].path, shape: shape, role: role), body)
  }

  /// Notes a layer that `make` will read; it is made when it is asked for, or with all others.
  func layer<Layer: Sendable>(_ make: @escaping @Sendable () -> Layer) -> Deferred<Layer> {
    let layer = Deferred(make)
    layers.append(layer)
    return layer
  }

  /// Makes all layers of the tree that are noted; with one thread in their order.
  func makeLayers(threads: Threads) { layers.make(threads: threads) }
}

/// What a tensor is to its layer; it decides how random weights are drawn and what counts as a parameter.
public enum TensorRole: Sendable, Hashable {
  /// A convolution's or the tokens' kernel; its first axis is the output channel.
  case kernel
  /// A convolution's or the tokens' bias.
  case bias
  /// The γ and β of batch norm and LayerNorm.
  case normWeight, normBias
  /// A factor on each channel of a residual branch.
  case layerScale
  /// The table of relative positions' biases, `[positions, heads]`.
  case positionBias
  /// Vectors that are learned, one a row: positions, class tokens, queries.
  case embedding
  /// Batch norm's running statistics: not parameters, since no gradient moves them.
  case runningMean, runningVariance

  /// Whether training moves the tensor.
  public var isParameter: Bool { self != .runningMean && self != .runningVariance }
}

/// One tensor that a model asks for: its full name, its shape (PyTorch's order, OIHW) and its role.
public struct TensorRequest: Sendable, Hashable {
  /// The name in the checkpoint.
  public let name: String
  /// The extents in PyTorch's order.
  public let shape: [Int]
  /// What the tensor is for.
  public let role: TensorRole

  /// The number of values.
  public var count: Int { shape.reduce(1, *) }
}

/// Where the numbers of a model come from.
///
/// A source never fails in the middle of a model: it notes what is wrong, answers with nothing, and reports everything
/// together when the model has been built. A layer that lacks a tensor keeps its shapes but cannot be run. Several
/// threads may ask at once.
public protocol WeightSource: AnyObject, Sendable {
  /// The values in row-major order, or an empty array where the source has no numbers.
  func values(of request: TensorRequest) -> [Float]

  /// What `body` makes of the same values, which are valid only inside it.
  func withValues<Result>(
    of request: TensorRequest, _ body: (UnsafeBufferPointer<Float>) -> Result
  ) -> Result
}

extension WeightSource {
  /// What `body` makes of a copy of the values.
  public func withValues<Result>(
    of request: TensorRequest, _ body: (UnsafeBufferPointer<Float>) -> Result
  ) -> Result {
    values(of: request).withUnsafeBufferPointer(body)
  }
}

/// A source without numbers that notes what a model asks for: the outline of its checkpoint.
public final class WeightOutline: WeightSource {
  private let noted = Mutex<[TensorRequest]>([])

  /// Every request so far; of a model that was made with one thread in the model's order.
  public var requests: [TensorRequest] { noted.withLock { $0 } }

  /// An empty outline.
  public init() {}

  /// Notes the request; answers with nothing.
  public func values(of request: TensorRequest) -> [Float] {
    noted.withLock { $0.append(request) }
    return []
  }
}
