import Core
import Foundation
import TestSupport
import Testing

/// `hfgd lens what-if`: predictions of edited class tokens.
@Suite("What-if command")
struct WhatIfCommandTests {
  private let program = Program()
  private static let samples = TestFiles.package + "/samples"
  private let models = ["hfgd", "sfpn"].map {
    samples + "/models/\($0)-mobilenet_v2-camvid.safetensors"
  }
  private let picture = samples + "/scenes/val/scene-1.jpg"
  private let labels = samples + "/scenes/valannot/scene-1.png"

  private func run(_ options: [String]) throws -> Program.Outcome {
    try program.run(
      ["lens", "what-if", models[0], picture, "--truth", labels, "--os", "4"] + options)
  }

  @Test func nothingChangesWithoutAnEdit() throws {
    let json = try run(["--json"]).json
    #expect(json["schema"]?.string == "hfgd.lens.what-if/1")
    #expect(json["changed"]?.int == 0 && json["pixels"]?.int == 480 * 360)
    #expect(json["before"]?["mIoU"] == json["after"]?["mIoU"])
  }

  /// What a saved checkpoint predicts is what was said of the edit.
  @Test func aSavedEditPredictsTheSame() throws {
    let edited = try run([
      "--bias", "pole=0.8", "--mask", "Fence", "--temperature", "2", "--save", "edited.safetensors",
      "--json",
    ])
    #expect(edited.status == 0, "\(edited.errors)")
    let saved = try program.run([
      "lens", "what-if", program.path("edited.safetensors"), picture, "--truth", labels, "--os",
      "4", "--json",
    ])
    #expect(try edited.json["changed"]?.int ?? 0 > 0)
    #expect(try saved.json["before"] == edited.json["after"])
    let merged = try run(["--merge", "Pole+Fence", "--save", "merged.safetensors"])
    #expect(merged.errors.contains("merged classes are not saved"))
  }

  @Test(
    .enabled(if: NumPy.python != nil, "\(NumPy.remedy)"),
    arguments: [
      ["--bias", "Pole=0.5", "--mask", "Tree"],
      ["--merge", "Pole+SignSymbol=Post", "--temperature", "3"],
      ["--tokens-of", "B", "--merge", "Road+Pavement", "--bias", "Sky=-1"],
    ])
  func numbersAgreeWithNumPy(options: [String]) throws {
    let options = options.map { $0 == "B" ? models[1] : $0 }
    let report = try run(options + ["--npy", "features.npy", "--json"])
    #expect(report.status == 0, "\(report.errors)")
    try report.output.write(
      toFile: program.path("what-if.json"), atomically: true, encoding: .utf8)
    let truth = try ImageFile.readLabels(at: labels)
    let array = Tensor(
      Shape(h: truth.height, w: truth.width, c: 1), truth.values.map(Float.init))
    try AtomicFile.write(array.channelsFirstNPY, to: program.path("labels.npy"))
    let check = try NumPy.check(
      "check_whatif.py",
      [
        program.path("what-if.json"), models[0], program.path("features.npy"),
        program.path("labels.npy"), models[1],
      ])
    #expect(check.status == 0, "\(check.output)")
  }

  @Test func writesAFigure() throws {
    let outcome = try run(["--merge", "Pole+SignSymbol=Post", "-o", "what-if.png"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("Post"))
    let figure = try ImageFile.readPicture(at: program.path("what-if.png"))
    #expect(figure.width > 2 * 480)
  }

  @Test func wrongEditsAreToldWithARemedy() throws {
    for (options, words) in [
      (["--bias", "Pole"], "is not CLASS=VALUE"), (["--mask", "Lamp"], "the classes are Sky,"),
      (["--merge", "Pole"], "is not A+B"), (["--temperature", "0"], "from 0.01 to 100"),
      (["--bias", "Pole=nan"], "is not CLASS=VALUE"),
    ] {
      let outcome = try run(options)
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
    }
    let other = try program.run([
      "lens", "what-if", models[0], picture, "--tokens-of", "fcn-resnet50", "--random", "1",
    ])
    #expect(other.status != 0)
  }
}
