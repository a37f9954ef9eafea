import Core
import TestSupport
import Testing

@testable import TUI

/// Every model that has a name predicts, counts and answers in the explorer.
@Suite("Presets", .serialized)
struct PresetTests {
  @Test("run everywhere", arguments: ModelConfiguration.walked)
  func run(_ name: String) throws {
    let configuration = try #require(ModelConfiguration.preset(named: name))
    let model = SegmentationModel(
      configuration, Weights(RandomWeights(seed: 1)), threads: Threads(2))
    let segmenter = Segmenter(model, threads: Threads(2))
    let picture = Picture(
      width: 40, height: 30, samples: (0..<3600).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) })

    let labels = try segmenter.labels(of: picture, outputStride: configuration.outputStride)
    #expect(labels.width == 40 && labels.height == 30)
    #expect(labels.values.allSatisfy { Int($0) < configuration.classes.count })

    let classes = ClassList(
      names: configuration.classes, palette: configuration.palette,
      ignoreIndex: configuration.ignoreIndex)
    var answers: [Answer] = []
    var run = StageRun(segmenter, picture, labels, classes, extras: .all)
    try run.answer(
      at: configuration.outputStrides, isStale: { false }, { answers.append($0) })
    #expect(answers.map(\.outputStride) == configuration.outputStrides)
    let finest = try #require(answers.last)
    // The truth is what was predicted.
    #expect(finest.labels == labels && finest.counts?.pixelAccuracy == 1)
    #expect(finest.features != nil && finest.nearest != nil && finest.components != nil)
    #expect((finest.divergence != nil) == (configuration.teacherStride != nil))
    #expect((finest.masks != nil) == (configuration.decoder != nil))
    #expect(
      answers.flatMap(\.attention).map(\.layer).count == configuration.attentionLayers.count)
  }

  /// The classes of the data sets that titles name.
  private static let classes = [
    "Pascal Context": 59, "Cityscapes": 19, "ADE20K": 150, "COCO-Stuff": 171,
  ]

  @Test("rows of the paper's tables are models and have figures")
  func tables() {
    for table in PaperTable.all {
      let classes = Self.classes.first { table.title.contains($0.key) }?.value
      let listing = PaperListing(table)
      #expect(listing.text.split(separator: "\n").count == table.rows.count + 2)
      #expect(listing.json["rows"]?.array?.count == table.rows.count)
      for row in table.rows {
        #expect(row.words.count == table.columns.count)
        let preset = row.configuration
        #expect(preset.classes.count == classes, "\(table.title): \(row.preset)")
        if let stride = row.outputStride { #expect(preset.outputStrides.contains(stride)) }
      }
    }
  }

  @Test(
    "names that are no model's",
    arguments: [
      "", "sfpn", "sfpn-", "sfpn-resnet51", "sfpn+sfpn-resnet50", "sfpn+cae+fcn-resnet50",
      "none-resnet50", "sfpn-resnet50-os8", "sfpn-resnet50-d8-d16", "sfpn-swin_tiny-d8",
      "hfgm-resnet50", "hfgd+axial-resnet50", "sfpn--resnet50", "fcn-resnet50-os4",
      "sfpn+lateral_added-resnet50", "hfgd+end_3x3+end_3x3-resnet50",
      "hfgd+axial_alone-vit_base", "sfpn+cae+p5_from_c5-resnet50",
      "mmseg_fpn+cae-resnet50_v1c", "sfpn+cae+hfgm+auxiliary-resnet50",
      "sfpn+cae+top_3x3-resnet50", "usfpn+lateral_added+level_convolved-resnet50",
      "fapn+level_convolved-resnet50", "sfpn+sa+cae_linear-resnet50", "sfpn+axial_heads=2-resnet50",
      "hfgd+axial_heads=3-resnet50", "hfgd+axial_width=6-resnet50", "hfgd+axial_heads=-resnet50",
      "hfgd+axial_heads=04-resnet50", "hfgd+axial_heads=4+axial_heads=4-resnet50",
      "hfgd+heads=4-resnet50", "sfpn+width=0-resnet50", "sfpn+width=1e3-resnet50",
      "aspp+context_width=64-resnet50", "fcn+context_wide=64-resnet50",
      "ocr+context_width=1-resnet50",
      "sfpn+pyramid_width=64-resnet50", "segvit+query_grid=32-vit_base",
      "segvit+width=100-vit_base", "fcn+multi_grid=true-mobilenet_v2",
      "fcn+multi_grid=1-resnet50", "fcn+output_norm=true-resnet50", "fcn+input=caffe-resnet50",
      "sfpn+=3-resnet50",
    ])
  func unknown(_ name: String) {
    #expect(ModelConfiguration.preset(named: name) == nil)
  }

  @Test("names that set a key of the configuration")
  func settings() throws {
    func preset(_ name: String) throws -> ModelConfiguration {
      try #require(ModelConfiguration.preset(named: name), "\(name)")
    }
    let axial = try preset("hfgd+axial_heads=8+axial_width=128-resnet50_beta")
    #expect(axial.axialHeads == 8 && axial.axialWidth == 128 && axial.width == 256)
    #expect(try preset("hfgd-resnet50_beta").axialWidth == 256)
    #expect(try preset("sfpn+sa_car+width=512-resnet50_beta").width == 512)
    #expect(try preset("sfpn+auxiliary+context_width=64-resnet50").contextWidth == 64)
    // The width of heads that see a context's own output follows it, unless it is named, too.
    #expect(try preset("sa+context_width=64-resnet50").width == 64)
    #expect(try preset("sa+context_width=64+width=32-resnet50").width == 32)
    #expect(try preset("cae+context_wide=64-mobilenet_v2").contextWide == 64)
    #expect(try preset("mmseg_fpn+pyramid_width=64-resnet50").pyramidWidth == 64)
    #expect(try preset("segvit_shrunk+query_grid=30-vit_base").queryGrid == 30)
    #expect(try !preset("fcn+multi_grid=false-resnet50_beta").hasMultiGrid)
    #expect(try preset("fcn+multi_grid=true-resnet50").hasMultiGrid)
    #expect(try preset("sfpn+input=imagenet-mobilenet_v2").input == .imageNet)
    #expect(try preset("sfpn+input=symmetric-resnet50").input == .symmetric)
    func shape(_ tensor: String, of name: String) throws -> [Int]? {
      let outline = WeightOutline()
      let model = try SegmentationModel(preset(name), Weights(outline))
      #expect(model.configuration.name == name)
      return outline.requests.first { $0.name == tensor }?.shape
    }
    #expect(
      try shape("axial.query.weight", of: "hfgd+axial_width=48-mobilenet_v2") == [48, 96, 1, 1])
    #expect(
      try shape("decoder.grid.weight", of: "segvit_shrunk+query_grid=30-vit_base") == [900, 384])
  }

  /// A model's parts and sizes have a name, which makes them again.
  @Test(
    "names of models",
    arguments: ModelConfiguration.presets.map(\.name) + [
      "hfgd+axial_heads=8+axial_width=128-resnet50_beta-os2", "sa+context_width=64-resnet50",
      "sa+context_width=64+width=32-resnet50-d8", "sfpn+axial+axial_heads=3+width=99-resnet50",
      "hfgd+axial_width=256-resnet50", "segvit_shrunk+query_grid=30+width=64-vit_base",
      "mmseg_fpn+pyramid_width=64+width=32-swin_tiny", "fcn+multi_grid=false-resnet50_beta-d16",
      "sfpn+auxiliary+context_width=64-resnet50", "cae+context_wide=64+cae_linear-mobilenet_v2",
      "fapn+output_norm=true-convnext_small", "sfpn+input=imagenet-mobilenet_v2",
      "usfpn+cae+hfgm+level_convolved+end_3x3-swin_large", "fcn-vit_large",
    ])
  func names(_ name: String) throws {
    let configuration = try #require(ModelConfiguration.preset(named: name))
    var again = try #require(configuration.presetName.flatMap(ModelConfiguration.preset))
    #expect(again.presetName == again.name)
    again.name = name
    #expect(again.json == configuration.json)
  }

  /// What a table says of a row's training are options of `hfgd train`, but for weights that are left out.
  @Test("trainings of the paper's rows are options")
  func trainings() throws {
    for row in PaperTable.all.flatMap(\.rows) {
      guard let training = row.training else { continue }
      let words = training.replacing("no --weights", with: "").replacing(", ", with: " ")
        .split(separator: " ").map(String.init)
      let train = try Train.parse(["--data", "set", "--preset", row.preset, "-o", "run"] + words)
      _ = try train.options.request()
    }
  }
}
