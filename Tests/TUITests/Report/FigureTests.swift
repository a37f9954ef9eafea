import Core
import Foundation
import TestSupport
import Testing

@testable import TUI

/// `hfgd figure` as its users run it.
@Suite("hfgd figure", .serialized)
struct FigureTests {
  private let program = Program()

  private func run(_ more: [String], models: [String] = [Program.model[0], Program.guided[0]])
    throws -> Program.Outcome
  {
    try program.run(
      ["figure"] + models + ["--random", "1", "--data", "data", "--dataset", "camvid"] + more)
  }

  /// The figure's numbers are those of the evaluation, and its size is that of the file.
  @Test func numbersAreThoseOfTheEvaluation() throws {
    try program.makeCamVid(5)
    let outcome = try run(
      ["-o", "f.png", "--choose", "different", "--images", "3", "--json", "--quiet"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let report = try outcome.json
    #expect(report["schema"]?.string == "hfgd.figure/1")
    #expect(
      report["columns"]?.array?.compactMap(\.string) == [
        "image", "truth", "A fcn-mobilenet_v2 OS 32", "B hfgd-mobilenet_v2-os4 OS 4",
        "errors of A", "errors of B",
      ])
    let picture = try ImageFile.readPicture(at: program.path("f.png"))
    #expect(report["width"]?.int == picture.width && report["height"]?.int == picture.height)
    var scores: [[String: Double]] = []
    for model in [Program.model, Program.guided] {
      let evaluation = try program.run(
        ["eval"] + model
          + ["--data", "data", "--dataset", "camvid", "--json", "--quiet", "--no-store"]
          + ["--per-image", "images.csv"]
      ).json
      scores.append(
        Dictionary(
          uniqueKeysWithValues: (evaluation["per_image"]?.array ?? []).compactMap { image in
            image["name"]?.string.flatMap { name in
              image["mIoU"]?.double.map { (name, $0) }
            }
          }))
    }
    let images = try #require(report["images"]?.array)
    #expect(images.count == 3)
    for image in images {
      let name = try #require(image["name"]?.string)
      #expect(
        image["mIoU"]?.array?.compactMap(\.double) == scores.map { $0[name] ?? .nan })
    }
    let differences = scores[0].keys.map { abs((scores[0][$0] ?? 0) - (scores[1][$0] ?? 0)) }
    let shown = images.compactMap { $0["mIoU"]?.array?.compactMap(\.double) }.map {
      abs($0[0] - $0[1])
    }
    #expect(shown == Array(differences.sorted(by: >).prefix(3)))
    // What was counted for the choice is kept for the next.
    let runs = try program.run(["runs", "--json"]).json
    #expect(runs["runs"]?.array?.count == 2)
  }

  @Test func chosenByName() throws {
    try program.makeCamVid(3)
    let outcome = try run(
      ["-o", "f.jpg", "--name", "2", "--name", "0", "--json", "--no-store"],
      models: [Program.model[0]])
    let names = try outcome.json["images"]?.array?.compactMap { $0["name"]?.string }
    #expect(outcome.status == 0 && names == ["2", "0"])
    #expect(!program.files(below: "").contains { $0.hasSuffix(".sqlite") })
    let missing = try run(["-o", "g.png", "--name", "7"])
    #expect(missing.status == 2 && missing.errors.contains("no image of that name"))
    #expect(!program.files(below: "").contains("g.png"))
  }

  /// A folder of predictions stands beside the model that made it, with the same numbers.
  @Test func foldersOfPredictions() throws {
    try program.makeCamVid(2)
    _ = try program.run(
      ["predict"] + Program.model + ["data/val", "-o", "predicted", "--format", "id"])
    let outcome = try run(["-o", "f.png", "--json"], models: [Program.model[0], "predicted"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    for image in try #require(outcome.json["images"]?.array) {
      let scores = try #require(image["mIoU"]?.array)
      #expect(scores[0] == scores[1])
    }
  }

  /// An image that cannot be used is left out and told of; the others are drawn.
  @Test func unusableImages() throws {
    try program.makeCamVid(3)
    try AtomicFile.write(Array("no picture".utf8), to: program.path("data/val/1.png"))
    let outcome = try run(["-o", "f.png", "--json"], models: [Program.model[0]])
    #expect(outcome.status == 1 && outcome.errors.contains("1.png"))
    #expect(try outcome.json["images"]?.array?.count == 2)
  }

  @Test func refusals() throws {
    try program.makeCamVid(1)
    #expect(try run(["-o", "f.gif"]).status == 2)
    #expect(try run(["-o", "f.png", "--images", "0"]).status == 2)
    #expect(
      try run(["-o", "f.png", "--choose", "different"], models: [Program.model[0]]).status == 2)
    #expect(try run(["-o", "f.png", "--choose", "best", "--name", "0"]).status == 2)
  }

  @Test func choices() {
    let a = [50.0, .nan, 90, 10, 70]
    let b = [52.0, 40, 50, .nan, 71]
    #expect(ImageChoice.first.chosen(2, from: [a]) == [0, 1])
    #expect(ImageChoice.worst.chosen(3, from: [a, b]) == [3, 0, 4])
    #expect(ImageChoice.best.chosen(9, from: [a]) == [2, 4, 0, 3, 1])
    #expect(ImageChoice.different.chosen(3, from: [a, b]) == [2, 0, 4])
    #expect(ImageChoice.worst.chosen(3, from: [[]]) == [])
  }
}
