import Foundation
import TestSupport
import Testing

@testable import Core

/// Checkpoints that torchvision, timm, transformers and mmsegmentation wrote, and what their own networks make of a picture.
///
/// The files are built again byte for byte from skeletons (`Tests/interop`), read as a user's would be, and run here.
@Suite(.serialized) struct LibraryCheckpointTests {
  /// A backbone's file, whose names it should be found to have, and what it is.
  struct Row: Sendable, CustomTestStringConvertible {
    let file: String
    let family: String
    let backbone: ModelConfiguration.BackboneKind
    /// Whose rule windows are shifted by.
    var shift = WindowShift.torchvision

    var testDescription: String { file }
  }

  static let backbones = [
    Row(
      file: "torchvision-resnet50", family: "torchvision's or timm's ResNet", backbone: .resnet50),
    Row(
      file: "torchvision-mobilenet_v2", family: "torchvision's MobileNetV2",
      backbone: .mobilenetV2),
    Row(
      file: "torchvision-convnext_tiny", family: "torchvision's ConvNeXt", backbone: .convnextTiny),
    Row(file: "torchvision-swin_t", family: "torchvision's Swin", backbone: .swinTiny),
    Row(file: "timm-resnet50d", family: "timm's ResNet", backbone: .resnet50v1d),
    Row(file: "timm-convnext_tiny", family: "timm's ConvNeXt", backbone: .convnextTiny),
    Row(file: "timm-swin_tiny", family: "timm's Swin", backbone: .swinTiny),
    Row(file: "timm-vit_base", family: "timm's ViT", backbone: .vitBase),
    Row(file: "transformers-resnet50", family: "transformers' ResNet", backbone: .resnet50),
    Row(
      file: "transformers-convnext_tiny", family: "transformers' ConvNeXt", backbone: .convnextTiny),
    Row(
      file: "transformers-swin_tiny", family: "transformers' Swin (before 5.0)",
      backbone: .swinTiny, shift: .transformers),
    Row(
      file: "mmseg-fpn_swin_tiny", family: "mmsegmentation's Swin", backbone: .swinTiny,
      shift: .mmsegmentation),
    Row(file: "mmseg-fpn_r50", family: "mmsegmentation's ResNet", backbone: .resnet50v1c),
  ]

  /// What is asked of another engine: the 1e-3, ten times what whole models keep here.
  private static let tolerance: Float = 1e-3

  @Test(arguments: ModelConfiguration.BackboneKind.allCases)
  func stemsComeFirst(_ backbone: ModelConfiguration.BackboneKind) {
    #expect(backbone.tensors(hasOutputNorms: false).first?.name == backbone.stem)
  }

  @Test(arguments: backbones)
  func featuresAreTheLibrarys(_ row: Row) throws {
    let folder = TemporaryFolder()
    let file = try TensorFile(path: Skeleton(row.file).write(to: folder))
    let fit = try #require(BackboneFit(file))
    #expect(fit.backbone == row.backbone)
    #expect(fit.mapping.family == row.family)
    #expect(fit.mapping.isComplete, "\(fit.mapping.problems)")
    let weights = Weights(CheckpointWeights(fit.mapping))
    let backbone = Self.network(row, weights["backbone"], hasOutputNorms: fit.hasOutputNorms)
    weights.makeLayers(threads: Threads(2))

    let golden = try Golden(row.file)
    for input in try golden.inputs() {
      let image = Trace().input(input.shape)
      let c = backbone(image)
      let program = Program(
        computing: [c.c2, c.c3, c.c4, c.c5], from: image, threads: Threads(2))
      let features = try program.run(
        in: Arena(), write: input.write, read: { $0.map(Tensor.init(copying:)) })
      for (level, tensor) in zip(["c2", "c3", "c4", "c5"], features) {
        let name = "\(input.name).\(level)" + (fit.hasOutputNorms ? ".normed" : "")
        try golden.compare(tensor, name, Self.tolerance)
      }
    }
  }

  /// The network, with the library's own rules where grids do not fit.
  private static func network(
    _ row: Row, _ weights: Weights, hasOutputNorms: Bool
  ) -> any Backbone {
    switch row.backbone {
    case .convnextTiny:
      ConvNeXt(.tiny, weights, edge: .cropped, hasOutputNorms: hasOutputNorms)
    case .swinTiny: Swin(.tiny, weights, shift: row.shift, hasOutputNorms: hasOutputNorms)
    default: row.backbone.network(weights, BackboneForm(hasOutputNorms: hasOutputNorms))
    }
  }

  /// A whole model: its logits, what they are at the picture's size, and that after resizing twice.
  @Test(arguments: ["mmseg-fpn_r50", "mmseg-fpn_swin_tiny"])
  func logitsAreMMSegmentations(_ name: String) throws {
    let folder = TemporaryFolder()
    let checkpoint = try Checkpoint(path: Skeleton(name).write(to: folder))
    let configuration = checkpoint.configuration
    #expect(configuration.upsampler == .mmsegFPN && configuration.width == 128)
    #expect(configuration.classTable == .cityscapes)
    #expect(configuration.input == .imageNet)
    let model = try checkpoint.model(threads: Threads(2))
    let segmenter = Segmenter(model, threads: Threads(2))
    let golden = try Golden(name)
    for input in try golden.inputs() {
      let logits = try segmenter.run(
        height: input.shape.h, width: input.shape.w, outputs: [.logits(outputStride: 4)],
        isCancelled: { false }, write: input.write, read: { Tensor(copying: $0[0]) })
      try golden.compare(logits, "\(input.name).logits", Self.tolerance)
    }
    guard let picture = try golden.picture() else { return }
    for (scale, output) in [(1.0, "camvid.whole"), (1.25, "camvid.enlarged")] {
      var rules = InferenceProtocol.mmseg
      rules.scales = [scale]
      let segmentation = try segmenter.segment(picture, rules: rules, including: [.logits])
      try golden.compare(try #require(segmentation.logits), output, Self.tolerance)
    }
  }
}

/// What a library's network made of its inputs, sampled.
private struct Golden {
  private let file: SafeTensors
  private let recipe: JSON

  init(_ name: String) throws {
    file = try SafeTensors(path: "\(Skeleton.folder)/\(name).golden.safetensors")
    recipe = try JSON(#require(file.metadata["golden"]))
  }

  private static let picturePath = TestFiles.shared + "/camvid/val/0016E5_07959.png"

  /// CamVid's picture; `nil` where the data set is not at hand.
  func picture() throws -> Picture? {
    guard FileManager.default.fileExists(atPath: Self.picturePath) else { return nil }
    return try ImageFile.readPicture(at: Self.picturePath)
  }

  /// What a network is given.
  struct Input {
    let name: String
    let shape: Shape
    let write: (MutableTensorView) -> Void
  }

  /// The inputs by their names, padded with zeros as the golden says.
  func inputs() throws -> [Input] {
    let shapes = try #require(recipe["inputs"])
    func shape(_ name: String) throws -> Shape {
      let extents = try #require(shapes[name]?.array).compactMap { $0.int }
      return Shape(h: extents[2], w: extents[3], c: 3)
    }
    let random = try shape("random")
    let drawn = self.random(random)
    var inputs = [
      Input(name: "random", shape: random) {
        $0.base.update(from: drawn.values, count: drawn.shape.count)
      }
    ]
    if let picture = try picture() {
      inputs.append(
        Input(name: "camvid", shape: try shape("camvid")) {
          picture.normalise(.imageNet, into: $0, threads: Threads(1))
        })
    }
    return inputs
  }

  /// Draws of "input" in NCHW order, laid out NHWC; timm's and torchvision's are padded with zeros.
  private func random(_ shape: Shape) -> Tensor {
    let multiple = recipe["multiple"]?.int ?? 1
    let (h, w) =
      multiple == 1 ? (shape.h, shape.w) : multiple == 4 ? (233, 259) : (shape.h, shape.w)
    let drawn = ModelGoldenTests.input(seed: 7, h: h, w: w)
    var padded = Tensor(shape)
    for y in 0..<h {
      for x in 0..<w {
        for c in 0..<3 { padded[0, y, x, c] = drawn[0, y, x, c] }
      }
    }
    return padded
  }

  /// Compares the values at ⌊i · count / 2048⌋, and the shape.
  func compare(_ tensor: Tensor, _ name: String, _ tolerance: Float) throws {
    let expected = try file.floats(name)
    let facts = try #require(recipe["outputs"]?[name])
    let shape = try #require(facts["shape"]?.array).compactMap { $0.int }
    #expect([1, tensor.shape.h, tensor.shape.w, tensor.shape.c] == shape, "\(name)")
    let count = tensor.shape.count
    let values = expected.indices.map { tensor.values[$0 * count / expected.count] }
    let difference = disagreement(values, expected)
    #expect(difference < tolerance, "\(name): \(difference)")
  }
}
