import Core
import Testing

@testable import TUI

@Suite("Option values")
struct OptionTests {
  @Test(arguments: [
    ("overlay", [PredictionFormat.overlay]), ("logits,id", [.id, .logits]),
    ("id,id", [.id]), ("indexed,overlay,logits,id", [.overlay, .indexed, .id, .logits]),
  ])
  func formatsComeInOneOrderAndOnce(text: String, formats: [PredictionFormat]) {
    #expect(PredictionFormats(argument: text)?.formats == formats)
  }

  @Test(arguments: ["", ",", "overlay,", "png", "overlay, id", "OVERLAY"])
  func unknownFormatsAreRefused(text: String) {
    #expect(PredictionFormats(argument: text) == nil)
  }

  @Test func formatsShowThemselvesAsTheyAreWritten() {
    #expect(PredictionFormats([.overlay, .id]).defaultValueDescription == "overlay,id")
  }

  @Test func suffixesTellFilesApart() {
    let suffixes = PredictionFormat.allCases.map { $0.suffix(overlayType: "jpg") }
    #expect(
      suffixes == [
        ".overlay.jpg", ".contour.jpg", ".errors.jpg", ".indexed.png", ".id.png", ".labelIds.png",
        ".png", ".logits.npy",
      ])
  }

  /// `cityscapesScripts`, `helpers/labels.py`: road 7, sidewalk 8, building 11 … bicycle 33.
  @Test func labelIdsAreThoseOfCityscapes() {
    #expect(
      PredictionFormat.cityscapesIds
        == [7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33])
  }

  /// Each protocol is what its preset says, and each option changes one thing of it.
  @Test func protocolsAreParsed() throws {
    let hfgd = try #require(ModelConfiguration.preset(named: "hfgd-mobilenet_v2-os4"))
    func rules(_ words: [String], of model: ModelConfiguration) throws -> InferenceProtocol {
      try ProtocolOptions.parse(words).rules(for: model)
    }
    #expect(try rules([], of: hfgd) == .ours)
    #expect(try rules(["--protocol", "authors"], of: hfgd) == .authors)
    #expect(try rules(["--protocol", "mmseg"], of: hfgd) == .mmseg)
    let words = ["--slide", "769x513@513x300", "--scales", "0.5,1.75", "--flip", "--pad", "/32"]
    let changed =
      "mmseg pad=/32 window=769x513@513x300 scales=0.5,1.75 flip=yes average=probabilities"
    #expect(try "\(rules(words + ["--protocol", "mmseg"], of: hfgd))" == changed)
    for padding in ["none", "32k+1", "641x641", "/16"] {
      #expect(try "\(rules(["--pad", padding], of: hfgd).padding)" == padding)
    }
    // mmsegmentation's models are run by its rules unless others are asked for.
    let mmseg = try #require(ModelConfiguration.preset(named: "mmseg_fpn-resnet50_v1c"))
    #expect(try rules([], of: mmseg) == .mmseg)
    #expect(try "\(rules(words, of: mmseg))" == changed)
    #expect(try rules(["--protocol", "ours"], of: mmseg) == .ours)
  }

  /// Places reach as far as sizes do, so that no sum of both is too large.
  @Test func placesAreBounded() {
    #expect(PixelPlace(argument: "65536,0")?.x == 65536)
    for text in ["65537,0", "0,65537", "-1,0", "9223372036854775807,0", "1", "1,2,3", "a,b"] {
      #expect(PixelPlace(argument: text) == nil)
    }
    #expect(PixelRegion(argument: "65536,65536,65536x65536")?.x == 65536..<131072)
    #expect(PixelRegion(argument: "9223372036854775807,0,8x8") == nil)
  }

  @Test(arguments: [
    ("", "", 0), ("a", "", 1), ("", "abc", 3), ("kitten", "sitting", 3), ("flaw", "lawn", 2),
    ("predict", "predict", 0), ("predct", "predict", 1), ("ab", "ba", 2), ("é", "e", 1),
  ])
  func editDistances(a: String, b: String, distance: Int) {
    #expect(editDistance(a, b) == distance)
    #expect(editDistance(b, a) == distance)
  }

  @Test func stridesMustBeTheModels() throws {
    let guided = try #require(ModelConfiguration.preset(named: "hfgd-mobilenet_v2-os2"))
    var stage = try StageOptions.parse([])
    #expect(try stage.outputStride(of: guided) == 2)
    stage = try StageOptions.parse(["--os", "32"])
    #expect(try stage.outputStride(of: guided) == 32)
    stage = try StageOptions.parse(["--os", "4"])
    let failure = #expect(throws: CommandFailure.self) { try stage.outputStride(of: guided) }
    #expect(failure?.status == .usage)
    #expect(failure?.message == "hfgd-mobilenet_v2-os2 has no output stride 4; give --os 32 or 2")
  }
}
