/// A library's names of the tensors of a backbone.
struct BackboneFamily: Sendable {
  /// For messages, such as "torchvision's ResNet".
  let name: String
  /// Which of our backbones it names; one that ends in `*` stands for all that begin so.
  private let architectures: [String]
  /// What stands before the names in the library's own models with a head.
  private let prefix: String
  /// Our names below `backbone.`, and theirs.
  let table: NameTable

  /// A family of names; `rows` are those of a ``NameTable``.
  init(_ name: String, _ architectures: [String], prefix: String = "", _ rows: String) {
    self.name = name
    self.architectures = architectures
    self.prefix = prefix
    table = NameTable(rows)
  }

  /// The backbones of ours that it names.
  var backbones: [ModelConfiguration.BackboneKind] {
    ModelConfiguration.BackboneKind.allCases.filter { kind in
      architectures.contains {
        $0.last == "*" ? kind.rawValue.hasPrefix($0.dropLast()) : kind.rawValue == $0
      }
    }
  }

  /// What may stand before all names: nothing, the library's prefix, what segmentation models put before a backbone.
  var prefixes: [String] { prefix.isEmpty ? ["", "backbone."] : ["", prefix, "backbone."] }
}

extension BackboneFamily {
  /// The families that are known; of two that fit equally well the earlier is meant.
  static let all = resNets + convNeXts + swins + transformers + [mobileNet, own]

  /// Our own names, which are torchvision's or timm's where these have the backbone.
  private static let own = BackboneFamily("hfgd", ["*"], "* *")

  private static let mobileNet = BackboneFamily(
    "torchvision's MobileNetV2", ["mobilenet_v2"], "* *")

  private static let resNets = [
    BackboneFamily("torchvision's or timm's ResNet", ["resnet50", "resnet101"], "* *"),
    BackboneFamily(
      "mmsegmentation's ResNet", ["resnet50_v1c", "resnet101_v1c"],
      """
      stem.{i}.conv.*    stem.{3i}.*
      stem.{i}.bn.*      stem.{3i+1}.*
      *                  *
      """),
    BackboneFamily(
      "mmsegmentation's ResNet", ["resnet50_v1d"],
      """
      stem.{i}.conv.*                  stem.{3i}.*
      stem.{i}.bn.*                    stem.{3i+1}.*
      layer{s}.{b}.downsample.{i}.*    layer{s}.{b}.downsample.{i+1}.*
      *                                *
      """),
    BackboneFamily(
      "timm's ResNet", ["resnet50_v1d"],
      """
      stem.2.bn.*                      bn1.*
      stem.{i}.conv.*                  conv1.{3i}.*
      stem.{i}.bn.*                    conv1.{3i+1}.*
      layer{s}.{b}.downsample.{i}.*    layer{s}.{b}.downsample.{i+1}.*
      *                                *
      """),
    BackboneFamily(
      "timm's ResNet", ["resnet50_v1c", "resnet101_v1c"],
      """
      stem.2.bn.*        bn1.*
      stem.{i}.conv.*    conv1.{3i}.*
      stem.{i}.bn.*      conv1.{3i+1}.*
      *                  *
      """),
    BackboneFamily(
      "transformers' ResNet", ["resnet50", "resnet101"], prefix: "resnet.",
      """
      conv1.*                      embedder.embedder.convolution.*
      bn1.*                        embedder.embedder.normalization.*
      layer{s}.{b}.conv{c}.*       encoder.stages.{s-1}.layers.{b}.layer.{c-1}.convolution.*
      layer{s}.{b}.bn{c}.*         encoder.stages.{s-1}.layers.{b}.layer.{c-1}.normalization.*
      layer{s}.{b}.downsample.0.*  encoder.stages.{s-1}.layers.{b}.shortcut.convolution.*
      layer{s}.{b}.downsample.1.*  encoder.stages.{s-1}.layers.{b}.shortcut.normalization.*
      """),
  ]

  private static let convNeXts = [
    BackboneFamily("timm's ConvNeXt", ["convnext_*"], "* *"),
    BackboneFamily(
      "torchvision's ConvNeXt", ["convnext_*"],
      """
      stem.{i}.*                           features.0.{i}.*
      stages.{s}.downsample.{i}.*          features.{2s}.{i}.*
      stages.{s}.blocks.{b}.gamma          features.{2s+1}.{b}.layer_scale
      stages.{s}.blocks.{b}.conv_dw.*      features.{2s+1}.{b}.block.0.*
      stages.{s}.blocks.{b}.norm.*         features.{2s+1}.{b}.block.2.*
      stages.{s}.blocks.{b}.mlp.fc1.*      features.{2s+1}.{b}.block.3.*
      stages.{s}.blocks.{b}.mlp.fc2.*      features.{2s+1}.{b}.block.5.*
      """),
    BackboneFamily(
      "transformers' ConvNeXt", ["convnext_*"], prefix: "convnext.",
      """
      stem.0.*                             embeddings.patch_embeddings.*
      stem.1.*                             embeddings.layernorm.*
      stages.{s}.downsample.{i}.*          encoder.stages.{s}.downsampling_layer.{i}.*
      stages.{s}.blocks.{b}.gamma          encoder.stages.{s}.layers.{b}.layer_scale_parameter
      stages.{s}.blocks.{b}.conv_dw.*      encoder.stages.{s}.layers.{b}.dwconv.*
      stages.{s}.blocks.{b}.norm.*         encoder.stages.{s}.layers.{b}.layernorm.*
      stages.{s}.blocks.{b}.mlp.fc{i}.*    encoder.stages.{s}.layers.{b}.pwconv{i}.*
      """),
    BackboneFamily(
      "the official ConvNeXt", ["convnext_*"],
      """
      stem.{i}.*                           downsample_layers.0.{i}.*
      stages.{s}.downsample.{i}.*          downsample_layers.{s}.{i}.*
      stages.{s}.blocks.{b}.gamma          stages.{s}.{b}.gamma
      stages.{s}.blocks.{b}.conv_dw.*      stages.{s}.{b}.dwconv.*
      stages.{s}.blocks.{b}.norm.*         stages.{s}.{b}.norm.*
      stages.{s}.blocks.{b}.mlp.fc{i}.*    stages.{s}.{b}.pwconv{i}.*
      """),
    BackboneFamily(
      "OpenMMLab's ConvNeXt", ["convnext_*"],
      """
      stem.{i}.*                           downsample_layers.0.{i}.*
      stages.{s}.downsample.{i}.*          downsample_layers.{s}.{i}.*
      stages.{s}.blocks.{b}.gamma          stages.{s}.{b}.gamma
      stages.{s}.blocks.{b}.conv_dw.*      stages.{s}.{b}.depthwise_conv.*
      stages.{s}.blocks.{b}.norm.*         stages.{s}.{b}.norm.*
      stages.{s}.blocks.{b}.mlp.fc{i}.*    stages.{s}.{b}.pointwise_conv{i}.*
      norm{s}.*                            norm{s}.*
      """),
  ]

  private static let swins = [
    BackboneFamily("timm's Swin", ["swin_*"], "* *"),
    BackboneFamily(
      "torchvision's Swin", ["swin_*"],
      """
      patch_embed.proj.*                   features.0.0.*
      patch_embed.norm.*                   features.0.2.*
      layers.{s}.downsample.*              features.{2s}.*
      layers.{s}.blocks.{b}.mlp.fc1.*      features.{2s+1}.{b}.mlp.0.*
      layers.{s}.blocks.{b}.mlp.fc2.*      features.{2s+1}.{b}.mlp.3.*
      layers.{s}.blocks.{b}.*              features.{2s+1}.{b}.*
      """),
    BackboneFamily(
      "the official Swin", ["swin_*"],
      """
      layers.{s}.downsample.*              layers.{s-1}.downsample.*
      *                                    *
      """),
    BackboneFamily(
      "transformers' Swin", ["swin_*"], prefix: "swin.",
      """
      patch_embed.proj.*                   embeddings.patch_embeddings.projection.*
      patch_embed.norm.*                   embeddings.norm.*
      layers.{s}.downsample.*              encoder.layers.{s-1}.downsample.*
      layers.{s}.blocks.{b}.norm1.*        encoder.layers.{s}.blocks.{b}.layernorm_before.*
      layers.{s}.blocks.{b}.norm2.*        encoder.layers.{s}.blocks.{b}.layernorm_after.*
      layers.{s}.blocks.{b}.attn.qkv.*     encoder.layers.{s}.blocks.{b}.attention.q_proj.* + \
      encoder.layers.{s}.blocks.{b}.attention.k_proj.* + encoder.layers.{s}.blocks.{b}.attention.v_proj.*
      layers.{s}.blocks.{b}.attn.proj.*    encoder.layers.{s}.blocks.{b}.attention.o_proj.*
      layers.{s}.blocks.{b}.attn.relative_position_bias_table \
      encoder.layers.{s}.blocks.{b}.attention.relative_position_bias.relative_position_bias_table
      layers.{s}.blocks.{b}.mlp.*          encoder.layers.{s}.blocks.{b}.mlp.*
      """),
    BackboneFamily(
      "transformers' Swin (before 5.0)", ["swin_*"], prefix: "swin.",
      """
      patch_embed.proj.*                   embeddings.patch_embeddings.projection.*
      patch_embed.norm.*                   embeddings.norm.*
      layers.{s}.downsample.*              encoder.layers.{s-1}.downsample.*
      layers.{s}.blocks.{b}.norm1.*        encoder.layers.{s}.blocks.{b}.layernorm_before.*
      layers.{s}.blocks.{b}.norm2.*        encoder.layers.{s}.blocks.{b}.layernorm_after.*
      layers.{s}.blocks.{b}.attn.qkv.*     encoder.layers.{s}.blocks.{b}.attention.self.query.* + \
      encoder.layers.{s}.blocks.{b}.attention.self.key.* + encoder.layers.{s}.blocks.{b}.attention.self.value.*
      layers.{s}.blocks.{b}.attn.proj.*    encoder.layers.{s}.blocks.{b}.attention.output.dense.*
      layers.{s}.blocks.{b}.attn.relative_position_bias_table \
      encoder.layers.{s}.blocks.{b}.attention.self.relative_position_bias_table
      layers.{s}.blocks.{b}.mlp.fc1.*      encoder.layers.{s}.blocks.{b}.intermediate.dense.*
      layers.{s}.blocks.{b}.mlp.fc2.*      encoder.layers.{s}.blocks.{b}.output.dense.*
      """),
    BackboneFamily(
      "mmsegmentation's Swin", ["swin_*"],
      """
      patch_embed.proj.*                   patch_embed.projection.*
      patch_embed.norm.*                   patch_embed.norm.*
      layers.{s}.downsample.*              stages.{s-1}.downsample.*  unfolded
      layers.{s}.blocks.{b}.attn.*         stages.{s}.blocks.{b}.attn.w_msa.*
      layers.{s}.blocks.{b}.mlp.fc1.*      stages.{s}.blocks.{b}.ffn.layers.0.0.*
      layers.{s}.blocks.{b}.mlp.fc2.*      stages.{s}.blocks.{b}.ffn.layers.1.*
      layers.{s}.blocks.{b}.*              stages.{s}.blocks.{b}.*
      norm{s}.*                            norm{s}.*
      """),
  ]

  private static let transformers = [
    BackboneFamily("timm's ViT", ["vit_*"], "* *"),
    BackboneFamily(
      "torchvision's ViT", ["vit_*"],
      """
      patch_embed.proj.*          conv_proj.*
      cls_token                   class_token
      pos_embed                   encoder.pos_embedding
      blocks.{b}.norm{i}.*        encoder.layers.encoder_layer_{b}.ln_{i}.*
      blocks.{b}.attn.qkv.weight  encoder.layers.encoder_layer_{b}.self_attention.in_proj_weight
      blocks.{b}.attn.qkv.bias    encoder.layers.encoder_layer_{b}.self_attention.in_proj_bias
      blocks.{b}.attn.proj.*      encoder.layers.encoder_layer_{b}.self_attention.out_proj.*
      blocks.{b}.mlp.fc1.*        encoder.layers.encoder_layer_{b}.mlp.0.*
      blocks.{b}.mlp.fc2.*        encoder.layers.encoder_layer_{b}.mlp.3.*
      """),
    BackboneFamily(
      "transformers' ViT", ["vit_*"], prefix: "vit.",
      """
      patch_embed.proj.*          embeddings.patch_embeddings.projection.*
      cls_token                   embeddings.cls_token
      pos_embed                   embeddings.position_embeddings
      blocks.{b}.norm1.*          layers.{b}.layernorm_before.*
      blocks.{b}.norm2.*          layers.{b}.layernorm_after.*
      blocks.{b}.attn.qkv.*       layers.{b}.attention.q_proj.* + \
      layers.{b}.attention.k_proj.* + layers.{b}.attention.v_proj.*
      blocks.{b}.attn.proj.*      layers.{b}.attention.o_proj.*
      blocks.{b}.mlp.*            layers.{b}.mlp.*
      """),
    BackboneFamily(
      "transformers' ViT (before 5.0)", ["vit_*"], prefix: "vit.",
      """
      patch_embed.proj.*          embeddings.patch_embeddings.projection.*
      cls_token                   embeddings.cls_token
      pos_embed                   embeddings.position_embeddings
      blocks.{b}.norm1.*          encoder.layer.{b}.layernorm_before.*
      blocks.{b}.norm2.*          encoder.layer.{b}.layernorm_after.*
      blocks.{b}.attn.qkv.*       encoder.layer.{b}.attention.attention.query.* + \
      encoder.layer.{b}.attention.attention.key.* + encoder.layer.{b}.attention.attention.value.*
      blocks.{b}.attn.proj.*      encoder.layer.{b}.attention.output.dense.*
      blocks.{b}.mlp.fc1.*        encoder.layer.{b}.intermediate.dense.*
      blocks.{b}.mlp.fc2.*        encoder.layer.{b}.output.dense.*
      """),
    BackboneFamily(
      "mmsegmentation's ViT", ["vit_*"],
      """
      patch_embed.proj.*          patch_embed.projection.*
      blocks.{b}.norm{i}.*        layers.{b}.ln{i}.*
      blocks.{b}.attn.qkv.weight  layers.{b}.attn.attn.in_proj_weight
      blocks.{b}.attn.qkv.bias    layers.{b}.attn.attn.in_proj_bias
      blocks.{b}.attn.proj.*      layers.{b}.attn.attn.out_proj.*
      blocks.{b}.mlp.fc1.*        layers.{b}.ffn.layers.0.0.*
      blocks.{b}.mlp.fc2.*        layers.{b}.ffn.layers.1.*
      *                           *
      """),
  ]
}
