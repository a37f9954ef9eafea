/// How large a model is, module by module.
public struct ModelSummary: Sendable {
  /// One module: the backbone, the context, a part of the upsampler, the tokens.
  public struct Module: Sendable, Equatable {
    /// Its path in the checkpoint, such as `upsampler.branch`.
    public let name: String
    /// Values that training moves.
    public let parameters: Int
    /// Multiply-accumulates for one picture.
    public let multiplyAdds: Int
  }

  /// The modules in the checkpoint's order.
  public let modules: [Module]
  /// Every tensor of the model.
  public let tensors: [TensorRequest]
  /// Size of the memory that activations and scratch take, in bytes.
  public let arenaBytes: Int

  /// Values that training moves.
  public var parameters: Int { modules.reduce(0) { $0 + $1.parameters } }
  /// Multiply-accumulates for one picture.
  public var multiplyAdds: Int { modules.reduce(0) { $0 + $1.multiplyAdds } }

  /// The summary of a configuration for a picture of `width` × `height`, predicted at `outputStride`.
  ///
  /// Modules that the stride does not need count parameters but no products.
  public init(
    _ configuration: ModelConfiguration, width: Int, height: Int, outputStride: Int,
    threads: Threads
  ) {
    let outline = WeightOutline()
    let model = SegmentationModel(configuration, Weights(outline))
    let program = Segmenter(model, threads: threads).program(
      width: width, height: height, outputStrides: [outputStride])
    tensors = outline.requests
    arenaBytes = program.arenaBytes

    var names: [String] = []
    var parameters: [String: Int] = [:]
    for tensor in outline.requests {
      let name = Self.module(of: tensor.name)
      if !names.contains(name) { names.append(name) }
      parameters[name, default: 0] += tensor.role.isParameter ? tensor.count : 0
    }
    var products: [String: Int] = [:]
    for step in program.steps {
      products[Self.module(of: step.name), default: 0] += step.multiplyAdds
    }
    modules = names.map {
      Module(name: $0, parameters: parameters[$0] ?? 0, multiplyAdds: products[$0] ?? 0)
    }
  }

  /// The module that a tensor or step belongs to: two names deep in the upsampler, where the work is, else one.
  public static func module(of path: String) -> String {
    let names = path.split(separator: ".")
    let depth = names.first == "refine" ? 2 : 1
    let isUpsampler = names.dropFirst(depth - 1).first == "upsampler"
    return names.prefix(isUpsampler ? depth + 1 : depth).joined(separator: ".")
  }
}
