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
    ])
  func unknown(_ name: String) {
    #expect(ModelConfiguration.preset(named: name) == nil)
  }
}
