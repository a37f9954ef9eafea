/// A Semantic FPN that mmsegmentation wrote: an `EncoderDecoder` of a backbone, the neck `FPN` and the head `FPNHead`.
struct MMSegmentationModel {
  /// What it is in our terms.
  let configuration: ModelConfiguration
  /// How the file calls its tensors.
  let naming: TensorNaming

  /// Our names but for the backbone, and mmsegmentation's.
  private static let decoder = NameTable(
    """
    upsampler.lateral.{i}.*             neck.lateral_convs.{i}.conv.*
    upsampler.output.{i}.*              neck.fpn_convs.{i}.conv.*
    upsampler.branch.{i}.{j}.conv.*     decode_head.scale_heads.{i}.{2j}.conv.*
    upsampler.branch.{i}.{j}.bn.*       decode_head.scale_heads.{i}.{2j}.bn.*
    tokens.*                            decode_head.conv_seg.*
    """)

  /// Whether `file` has a neck and a head of this kind.
  static func isOne(_ file: TensorFile) -> Bool {
    ["neck.lateral_convs.0.conv.weight", "decode_head.scale_heads.0.0.conv.weight"]
      .allSatisfy { file[$0] != nil }
  }

  /// The model in `file`; classes, colours and normalisation are those that it tells, else those of the number of classes.
  init(_ file: TensorFile) throws(CheckpointFailure) {
    guard let tokens = file["decode_head.conv_seg.weight"]?.shape, tokens.count == 4,
      ModelConfiguration.classRange ~= tokens[0],
      ModelConfiguration.Dimension.range ~= tokens[1],
      let lateral = file["neck.lateral_convs.0.conv.weight"]?.shape,
      lateral.count == 4, ModelConfiguration.Dimension.range ~= lateral[0],
      let fit = BackboneFit(file)
    else {
      throw .unknownModel(
        path: file.path, tensors: file.tensors.count, first: file.tensors.first?.name ?? "")
    }
    let classes = file.facts.classTable(count: tokens[0])
    var configuration = ModelConfiguration(
      name: "mmseg_fpn-\(fit.backbone.rawValue)", backbone: fit.backbone, context: .none,
      upsampler: .mmsegFPN, outputStride: 4, isAxial: false, isGuided: false,
      classes: classes.names, palette: classes.palette, ignoreIndex: classes.ignoreIndex,
      input: file.facts.input ?? .imageNet)
    configuration.width = tokens[1]
    configuration.pyramidWidth = lateral[0]
    configuration.hasOutputNorms = fit.hasOutputNorms
    self.configuration = configuration
    let backbone = fit.mapping.naming
    naming = TensorNaming(
      family: "mmsegmentation's Semantic FPN",
      source: { name in
        name.hasPrefix(TensorNaming.backbonePrefix)
          ? backbone.source(name) : Self.decoder.source(of: name)
      },
      // A second head helps training alone.
      isLeftOut: { TensorNaming.isIdle($0) || $0.hasPrefix("auxiliary_head.") })
  }
}
