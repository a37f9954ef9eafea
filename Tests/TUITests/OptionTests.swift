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
    #expect(suffixes == [".overlay.jpg", ".indexed.png", ".id.png", ".logits.npy"])
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
