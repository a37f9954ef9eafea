import Core
import Foundation
import TestSupport
import Testing

/// `hfgd runs` and `hfgd compare` as their users run them.
@Suite("hfgd runs", .serialized)
struct RunsTests {
  private let program = Program()
  private static let data = ["--data", "data", "--dataset", "camvid"]

  /// Pictures of noise with labels of three classes and void.
  private func makeData(_ images: Int) throws {
    var random = SeededRandom(seed: 4)
    try Folder.create(program.path("data/valannot"))
    for i in 0..<images {
      try program.makePicture("data/val/\(i).png", width: 24 + i, height: 20)
      let labels = LabelMap(
        width: 24 + i, height: 20,
        values: (0..<(20 * (24 + i))).map { _ in UInt16([1, 3, 5, 11][Int(random.next() % 4)]) })
      try ImageFile.write(labels, to: program.path("data/valannot/\(i).png"))
    }
  }

  private func run(_ arguments: String...) throws -> Program.Outcome {
    try program.run(arguments)
  }

  private func evaluate(_ more: String..., model: [String] = Program.model) throws
    -> Program.Outcome
  {
    try program.run(["eval"] + model + Self.data + ["--quiet", "--json"] + more)
  }

  /// Without a store there is nothing to list, and none is made.
  @Test func nothingYet() throws {
    for arguments in [["list"], ["show", "1"], ["delete", "1"], ["merge", "s.sqlite"]] {
      let store = arguments[0] == "merge" ? [] : ["--store", "s.sqlite"]
      let outcome = try program.run(["runs"] + arguments + store)
      #expect(outcome.status == 1 && outcome.errors.contains("there are no results yet"))
    }
    #expect(program.files(below: "") == [])
  }

  @Test func list() throws {
    try makeData(3)
    #expect(try evaluate().status == 0)
    #expect(try evaluate("--flip", "--shard", "2/2").status == 0)
    let lines = try run("runs").output.split(separator: "\n").map(String.init)
    #expect(lines.count == 3)
    #expect(lines[1].hasPrefix("2 ") && lines[1].contains("fcn-mobilenet_v2 OS 32"))
    #expect(lines[1].contains("ours flip=yes") && lines[1].contains(" 1   2/2 "))
    let report = try run("runs", "--json").json
    #expect(report["schema"]?.string == "hfgd.runs/1")
    let runs = try #require(report["runs"]?.array)
    #expect(runs.map { $0["id"]?.int } == [2, 1])
    #expect(runs.map { $0["counted"]?.int } == [1, 3])
  }

  /// A run is shown with the bytes that its evaluation printed.
  @Test func show() throws {
    try makeData(3)
    let printed = try evaluate("--metrics", "all", "--convention", "detectron2")
    let shown = try run("runs", "show", "1", "--json", "--convention", "detectron2")
    #expect(shown.status == 0 && shown.output == printed.output)
    #expect(try run("runs", "show", "1", "--per-image", "-").output.hasPrefix("image,"))
    #expect(try run("runs", "show", "1", "--reconcile").output.contains("segnet"))
    #expect(try run("runs", "show", "1", "--confusion", "c.png").status == 0)
    #expect(program.files(below: "").contains("c.png"))
    #expect(try run("runs", "show", "1", "--csv", "--json").status == 2)
    let missing = try run("runs", "show", "7")
    #expect(missing.status == 1 && missing.errors.contains("there is no run 7"))
  }

  /// A store may come from anywhere: nothing of it may move a terminal's cursor.
  @Test func whatAStoreHoldsIsPrintable() throws {
    try makeData(1)
    #expect(try evaluate("--store", "s.sqlite").status == 0)
    let store = try ResultsStore(path: program.path("s.sqlite"))
    var description = try #require(try store.runs().first).description
    description.rules = "\u{1B}[31mred"
    let run = try store.begin(description, images: 1)
    try store.close()
    let listed = try self.run("runs", "list", "--store", "s.sqlite")
    #expect(listed.status == 0 && listed.output.contains("?[31mred"))
    let shown = try self.run("runs", "show", "\(run.id)", "--store", "s.sqlite")
    #expect(!(listed.output + shown.output).contains("\u{1B}"))
  }

  /// The parts of an evaluation, in stores of their own, merged: the bytes of an evaluation in one piece.
  @Test func merge() throws {
    try makeData(7)
    let whole = try evaluate("--no-store", "--metrics", "all")
    for part in 1...3 {
      _ = try evaluate(
        "--metrics", "all", "--shard", "\(part)/3", "--store", "\(part).sqlite")
    }
    let gap = try run("runs", "merge", "3.sqlite", "1.sqlite", "--into", "all.sqlite")
    #expect(gap.status == 1 && gap.errors.contains("part 2 of 3 is missing"))
    #expect(!program.files(below: "").contains("all.sqlite"))
    let merged = try run(
      "runs", "merge", "3.sqlite", "1.sqlite", "2.sqlite", "--into", "all.sqlite")
    #expect(merged.status == 0 && merged.output == "run 1 of all.sqlite has all 7 images\n")
    let shown = try run("runs", "show", "1", "--json", "--store", "all.sqlite")
    #expect(shown.output == whole.output)
    // The whole goes on where an evaluation in one piece would: there is nothing left to do.
    let resumed = try evaluate("--metrics", "all", "--resume", "--store", "all.sqlite")
    #expect(resumed.output == whole.output)
    _ = try evaluate("--flip", "--metrics", "all", "--shard", "2/3", "--store", "2.sqlite")
    let mixed = try run("runs", "merge", "1.sqlite", "2.sqlite", "3.sqlite")
    #expect(mixed.status == 1 && mixed.errors.contains("differ in protocol"))
  }

  /// More parts than images: the empty ones are no failure, and not missing either.
  @Test func emptyParts() throws {
    try makeData(1)
    let whole = try evaluate("--no-store")
    for part in 1...2 {
      #expect(try evaluate("--shard", "\(part)/2", "--store", "s.sqlite").status == 0)
    }
    #expect(try run("runs", "merge", "s.sqlite").status == 0)
    #expect(try run("runs", "show", "1", "--json").output == whole.output)
  }

  @Test func export() throws {
    try makeData(2)
    let printed = try evaluate()
    _ = try evaluate("--flip")
    #expect(try run("runs", "export", "1", "-o", "one.sqlite").status == 0)
    let shown = try run("runs", "show", "1", "--json", "--store", "one.sqlite")
    #expect(shown.output == printed.output)
    #expect(!program.files(below: "").contains { $0.hasPrefix("one.sqlite-") })
    let again = try run("runs", "export", "2", "-o", "one.sqlite")
    #expect(again.status == 1 && again.errors.contains("is there already"))
    #expect(try run("runs", "export", "1", "-o", "one.json").status == 0)
    let report = try JSON(
      utf8: FileBytes.read(program.path("one.json"), maxBytes: 1 << 20))
    #expect(report["per_image"]?.array?.count == 2)
    #expect(report["mIoU"] == (try printed.json["mIoU"]))
  }

  /// None is deleted where one is unknown.
  @Test func delete() throws {
    try makeData(1)
    for _ in 0..<3 { _ = try evaluate() }
    #expect(try run("runs", "delete", "1", "9").errors.contains("there is no run 9"))
    #expect(try run("runs", "delete", "1", "3", "1").status == 0)
    #expect(try run("runs", "--json").json["runs"]?.array?.map { $0["id"]?.int } == [2])
  }

  /// What is known is not measured again, and stored runs compare as models do.
  @Test func compare() throws {
    try makeData(5)
    let a = try evaluate("--metrics", "boundary").json["mIoU"]?.double
    let b = try evaluate(model: Program.guided).json["mIoU"]?.double
    let models = [Program.model[0], Program.guided[0], "--random", "1"]
    let outcome = try program.run(["compare"] + models + Self.data + ["--json"])
    #expect(outcome.status == 0 && outcome.errors == "")
    let report = try outcome.json
    #expect(report["schema"]?.string == "hfgd.compare/1")
    #expect(abs(try #require(report["a"]?["mIoU"]?.double) - #require(a)) < 1e-4)
    #expect(abs(try #require(report["b"]?["mIoU"]?.double) - #require(b)) < 1e-4)
    #expect(report["per_image"]?.array?.count == 5)
    #expect(try run("runs", "--json").json["runs"]?.array?.count == 2)
    #expect(try run("runs", "compare", "1", "2", "--json").output == outcome.output)
    let swapped = try run("runs", "compare", "2", "1", "--json").json["difference"]
    let difference = try #require(report["difference"]?["mIoU"]?.double)
    #expect(swapped?["mIoU"]?.double == -difference)
    #expect(swapped?["p"] == report["difference"]?["p"])
    // Without the store both are measured, with the same result.
    let fresh = try program.run(
      ["compare"] + models + Self.data + ["--json", "--quiet", "--no-store"])
    #expect(fresh.output == outcome.output)
  }

  @Test func formsOfAComparison() throws {
    try makeData(3)
    _ = try evaluate()
    _ = try evaluate("--flip")
    let text = try run("runs", "compare", "1", "2").output
    #expect(text.contains("95 % interval") && text.contains("B − A"))
    #expect(try run("runs", "compare", "1", "2", "--markdown").output.contains("| mIoU |"))
    let csv = try run("runs", "compare", "1", "2", "--csv").output.split(separator: "\n")
    #expect(csv.count == 12 && csv[0] == "class,A,B,difference")
    #expect(try run("runs", "compare", "1", "2", "--csv", "--json").status == 2)
    #expect(try run("runs", "compare", "1", "2", "--resamples", "1").status == 2)
  }

  /// Two data sets are told apart, and runs that are not complete are compared where both have images.
  @Test func comparisonsThatAreNone() throws {
    try makeData(4)
    _ = try evaluate()
    _ = try evaluate("--shard", "1/2")
    let part = try run("runs", "compare", "1", "2", "--json")
    #expect(try part.json["images"]?.int == 2)
    #expect(part.errors.contains("the 2 images that both runs have, of 4"))
    _ = try evaluate("--shard", "2/2")
    let apart = try run("runs", "compare", "2", "3")
    #expect(apart.status == 4 && apart.errors.contains("no image was counted in both"))
    try makeData(5)
    _ = try evaluate()
    let other = try run("runs", "compare", "1", "4")
    #expect(other.status == 2 && other.errors.contains("runs on different data"))
  }
}
