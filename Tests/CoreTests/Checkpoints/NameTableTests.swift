import Testing

@testable import Core

/// The tables of names, row by row: files of all libraries exist, but not all of their names can be had with weights here.
@Suite struct NameTableTests {
  @Test func rowsAreReadInTheirOrder() {
    let table = NameTable(
      """
      a.{i}.b{j}.*    x.{2i+1}.y{j-1}.*
      a.{i}.*         x.{i+1}.one.* + x.{i+1}.two.*   unfolded
      same            same
      """)
    #expect(table.source(of: "a.3.b2.weight")?.names == ["x.7.y1.weight"])
    let joined = table.source(of: "a.0.c.bias")
    #expect(joined?.names == ["x.1.one.c.bias", "x.1.two.c.bias"])
    #expect(joined?.change == .unfolded)
    #expect(table.source(of: "same")?.names == ["same"])
    #expect(table.source(of: "same.weight") == nil && table.source(of: "a.x.b") == nil)
  }

  /// Every family has a name for each tensor of each of its backbones, and no name twice.
  @Test func familiesNameEachTensorOnce() {
    for family in BackboneFamily.all {
      #expect(!family.backbones.isEmpty, "\(family.name)")
      for backbone in family.backbones {
        let naming = TensorNaming.backbone(family, prefix: "p.")
        let names = backbone.tensors(hasOutputNorms: false).flatMap { request in
          naming.source(request.name)?.names ?? ["? \(request.name)"]
        }
        #expect(Set(names).count == names.count, "\(family.name), \(backbone.rawValue)")
        #expect(
          names.allSatisfy { $0.hasPrefix("p.") },
          "\(family.name): \(names.filter { !$0.hasPrefix("p.") })")
      }
    }
  }

  /// Names as the libraries' own lists have them.
  @Test(arguments: [
    ("the official ConvNeXt", "stem.0.weight", "downsample_layers.0.0.weight"),
    ("the official ConvNeXt", "stages.2.downsample.1.bias", "downsample_layers.2.1.bias"),
    ("the official ConvNeXt", "stages.3.blocks.2.mlp.fc2.weight", "stages.3.2.pwconv2.weight"),
    ("OpenMMLab's ConvNeXt", "stages.0.blocks.1.conv_dw.bias", "stages.0.1.depthwise_conv.bias"),
    ("OpenMMLab's ConvNeXt", "stages.0.blocks.1.mlp.fc1.bias", "stages.0.1.pointwise_conv1.bias"),
    ("the official Swin", "layers.1.downsample.norm.weight", "layers.0.downsample.norm.weight"),
    ("the official Swin", "layers.0.blocks.1.attn.qkv.bias", "layers.0.blocks.1.attn.qkv.bias"),
    (
      "transformers' Swin", "layers.0.blocks.0.attn.proj.bias",
      "encoder.layers.0.blocks.0.attention.o_proj.bias"
    ),
    (
      "transformers' Swin", "layers.2.downsample.reduction.weight",
      "encoder.layers.1.downsample.reduction.weight"
    ),
    ("mmsegmentation's ResNet", "stem.1.bn.weight", "stem.4.weight"),
    ("timm's ResNet", "stem.2.conv.weight", "conv1.6.weight"),
  ])
  func namesAreThoseOfTheLists(_ family: String, _ ours: String, _ theirs: String) {
    let names = BackboneFamily.all.filter { $0.name == family }
      .compactMap { $0.table.source(of: ours)?.names }
    #expect(names.contains([theirs]), "\(names)")
  }

  /// Query, key and value stand one below the other in ours.
  @Test func queriesKeysAndValuesAreJoined() throws {
    let family = try #require(BackboneFamily.all.first { $0.name == "transformers' Swin" })
    let source = try #require(family.table.source(of: "layers.1.blocks.0.attn.qkv.weight"))
    #expect(
      source.names
        == ["q", "k", "v"].map { "encoder.layers.1.blocks.0.attention.\($0)_proj.weight" })
  }
}
