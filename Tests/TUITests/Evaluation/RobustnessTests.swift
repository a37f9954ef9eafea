import Core
import Foundation
import Testing

@testable import TUI

/// `hfgd eval --corrupt` and `--without` as their users run them.
@Suite("hfgd eval --corrupt", .serialized)
struct RobustnessTests {
  private let program = Program()
  private static let data = ["--data", "data", "--dataset", "camvid", "--quiet"]

  private func evaluate(_ more: String..., model: [String] = Program.guided) throws
    -> Program.Outcome
  {
    try program.run(["eval"] + model + Self.data + more)
  }

  private func runs() throws -> [JSON] {
    try #require(program.run(["runs", "--json"]).json["runs"]?.array)
  }

  /// Every number is that of a run in the store, the clean one that of a plain evaluation, and nothing is counted twice.
  @Test func tableOfRuns() throws {
    try program.makeCamVid(3)
    let plain = try evaluate("--json").json
    #expect(try evaluate("--corrupt", "fog:2", "--json").status == 0)
    let report = try evaluate("--corrupt", "noise:5,fog", "--json").json
    #expect(report["schema"]?.string == "hfgd.robustness/1")
    #expect(report["clean"]?.double == plain["mIoU"]?.double)
    let rows = try #require(report["corruptions"]?.array)
    #expect(rows.map { $0["name"]?.string } == ["noise", "fog"])
    #expect(rows[0]["mIoU"]?.array?.map(\.double) == [nil, nil, nil, nil, rows[0]["mean"]?.double])
    let fog = try #require(rows[1]["mIoU"]?.array).map { try #require($0.double) }
    #expect(abs(try #require(rows[1]["mean"]?.double) - fog.reduce(0, +) / 5) < 1e-3)
    let clean = try #require(report["clean"]?.double)
    #expect(
      abs(try #require(rows[1]["relative"]?.double) - 100 * fog.reduce(0, +) / 5 / clean) < 0.01)
    let kept = try runs()
    #expect(kept.count == 7)
    for (severity, score) in fog.enumerated() {
      let run = kept.first {
        $0["protocol"]?.string?.hasSuffix(" corrupt=fog:\(severity + 1)") == true
      }
      #expect(run?["mIoU"]?.double == score)
    }
    #expect(try program.run(["runs"]).output.contains("ours corrupt=fog:5"))
    // The page of such a run shows what the model saw, and its counts are the run's.
    let id = try #require(kept.first?["id"]?.int)
    let page = try program.run(["report", "\(id)", "-o", "r.html", "--json"]).json
    #expect(page["pictured"]?.array?.count == 3)
    #expect(page["pictured"]?.array?.allSatisfy { $0["as_counted"]?.bool == true } == true)
  }

  @Test func forms() throws {
    try program.makeCamVid(1)
    let text = try evaluate("--corrupt", "jpeg:1,occluder:5").output
    #expect(text.contains("corruption") && text.contains("occluder") && text.contains("% of clean"))
    let csv = try evaluate("--corrupt", "jpeg:1", "--csv").output.split(separator: "\n")
    #expect(csv.count == 4 && csv[0] == "corruption,1,2,3,4,5,mean,relative")
    #expect(try evaluate("--corrupt", "jpeg:1", "--markdown").output.contains("| jpeg |"))
  }

  /// What a model does without is part of the run's key, and its teacher's run knows nothing of it.
  @Test func withoutParts() throws {
    try program.makeCamVid(2)
    let whole = try evaluate("--json").json
    let ablated = try evaluate("--without", "axial,p2", "--json").json
    #expect(ablated["protocol"]?.string?.hasSuffix(" without=axial,p2") == true)
    #expect(ablated["confusion"] != whole["confusion"])
    #expect(try evaluate("--without", "p2,axial", "--resume", "--json").json == ablated)
    #expect(try runs().count == 2)
    let none = try evaluate("--without", "p2", model: Program.model)
    #expect(none.status == 2 && none.errors.contains("has no such part"))
    #expect(try evaluate("--without", "p2,p3,p4,p5").status == 2)
  }

  @Test func refusals() throws {
    try program.makeCamVid(1)
    #expect(try evaluate("--corrupt", "mist").status == 2)
    #expect(try evaluate("--corrupt", "fog:6").status == 2)
    #expect(try evaluate("--corrupt", "fog", "--shard", "1/2").status == 2)
    _ = try program.run(
      ["predict"] + Program.model + ["data/val", "-o", "predicted", "--format", "id"])
    let files = try evaluate("--corrupt", "fog", model: ["predicted"])
    #expect(files.status == 2 && files.errors.contains("cannot be corrupted"))
  }

  @Test func lists() {
    #expect(CorruptionList(argument: "all")?.corruptions.count == 45)
    #expect(
      CorruptionList(argument: "fog:3,noise:1,fog:3")?.corruptions
        == [Corruption(.noise, severity: 1), Corruption(.fog, severity: 3)])
    #expect(CorruptionList(argument: "fog,") == nil)
  }

  @Test func conditionsFromTheirDescriptions() {
    var flipped = InferenceProtocol.mmseg
    flipped.isFlipped = true
    for conditions in [
      Conditions(), Conditions(rules: flipped, corruption: Corruption(.snow, severity: 2)),
      Conditions(ablation: [.axial, .p5]),
      Conditions(corruption: Corruption(.fog, severity: 1), ablation: .p2),
    ] {
      #expect(Conditions(description: conditions.description) == conditions)
    }
    #expect(Conditions(description: InferenceProtocol.ours.description + " corrupt=rain:1") == nil)
    #expect(Conditions(description: "predictions from files") == nil)
  }
}
