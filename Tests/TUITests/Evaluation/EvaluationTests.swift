import Core
import Foundation
import Glibc
import TestSupport
import Testing

@testable import TUI

/// `hfgd eval` as its users run it: killed, stopped, cut into parts, on full and read-only disks.
@Suite("hfgd eval", .serialized)
struct EvaluationTests {
  private var program = Program()

  /// Pictures of noise with labels of three classes and void.
  private func makeData(_ images: Int) throws {
    var random = SeededRandom(seed: 3)
    try Folder.create(program.path("data/valannot"))
    for i in 0..<images {
      try program.makePicture(
        "data/val/\(ExplorerSession.number(i)).png", width: 24 + i, height: 20)
      let labels = LabelMap(
        width: 24 + i, height: 20,
        values: (0..<(20 * (24 + i))).map { _ in UInt16([1, 3, 5, 11][Int(random.next() % 4)]) })
      try ImageFile.write(
        labels, to: program.path("data/valannot/\(ExplorerSession.number(i)).png"))
    }
  }

  private func arguments(_ more: [String]) -> [String] {
    ["eval"] + Program.model + ["--data", "data", "--dataset", "camvid", "--json"] + more
  }

  private func evaluate(_ more: String...) throws -> Program.Outcome {
    try program.run(arguments(more))
  }

  /// Killed at 100 random moments and resumed each time, a run ends with the bytes of one that nothing disturbed.
  @Test func survivesAHundredKills() throws {
    try makeData(30)
    let undisturbed = try evaluate("--no-store", "--metrics", "all")
    #expect(undisturbed.status == 0)
    var random = SeededRandom(seed: 100)
    var (kills, rounds) = (0, 0)
    while kills < 100 {
      rounds += 1
      let store = "run-\(rounds).sqlite"
      while true {
        let run = try program.start(
          arguments(["--metrics", "all", "--resume", "--store", store]))
        usleep(UInt32(random.next() % 250_000))
        // A child that has ended is not waited for yet, so its number is still its own.
        kill(run.process.processIdentifier, SIGKILL)
        let outcome = try program.finish(run)
        guard outcome.wasSignalled else {
          #expect(outcome.status == 0 && outcome.output == undisturbed.output)
          break
        }
        kills += 1
        if kills >= 100 {
          let last = try evaluate("--metrics", "all", "--resume", "--store", store)
          #expect(last.output == undisturbed.output)
          break
        }
      }
    }
  }

  /// Parts add up to the whole, and a part that was interrupted says how to go on.
  @Test func shards() throws {
    try makeData(7)
    let whole = try evaluate("--no-store").json
    var confusion: [[Int]] = []
    for part in ["1/3", "2/3", "3/3"] {
      let report = try evaluate("--shard", part, "--store", "s").json
      #expect(report["shard"]?.string == part)
      let rows = try #require(report["confusion"]?.array).map { row in
        (row.array ?? []).compactMap(\.int)
      }
      confusion =
        confusion.isEmpty
        ? rows : zip(confusion, rows).map { a, b in zip(a, b).map { $0 + $1 } }
    }
    let expected = try #require(whole["confusion"]?.array).map { row in
      (row.array ?? []).compactMap(\.int)
    }
    #expect(confusion == expected)
    #expect(try evaluate("--shard", "4/3").status == 2)
    var task = self
    task.program.environment = [
      "SLURM_ARRAY_TASK_ID": "6", "SLURM_ARRAY_TASK_MIN": "5", "SLURM_ARRAY_TASK_COUNT": "3",
    ]
    #expect(try task.evaluate("--shard", "auto", "--no-store").json["shard"]?.string == "2/3")
    // An array of some of the parts does not tell which they are.
    #expect(try task.evaluate("--shard", "auto/4", "--no-store").status == 2)
    task.program.environment = ["JOB_COMPLETION_INDEX": "0"]
    #expect(try task.evaluate("--shard", "auto/3", "--no-store").json["shard"]?.string == "1/3")
    #expect(try task.evaluate("--shard", "auto", "--no-store").status == 2)
  }

  /// Predicted label maps are measured as the model that made them.
  @Test func foldersOfPredictions() throws {
    try makeData(3)
    let model = try evaluate("--no-store").json
    _ = try program.run(
      ["predict"] + Program.model + ["data/val", "-o", "predicted", "--format", "id"])
    let outcome = try program.run([
      "eval", "predicted", "--data", "data", "--dataset", "camvid", "--json", "--no-store",
    ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let report = try outcome.json
    for name in ["mIoU", "mAcc", "aAcc", "confusion"] { #expect(report[name] == model[name]) }
    try FileManager.default.removeItem(atPath: program.path("predicted/01.id.png"))
    let missing = try program.run([
      "eval", "predicted", "--data", "data", "--dataset", "camvid", "--json", "--no-store",
    ])
    #expect(missing.status == 1 && missing.errors.contains("01.png"))
  }

  @Test func demands() throws {
    try makeData(2)
    #expect(try evaluate("--expect", "mIoU>=0", "--expect", "IoU.Road<=100").status == 0)
    let outcome = try evaluate("--expect", "aAcc > 99.9")
    #expect(outcome.status == 5 && outcome.errors.contains("does not hold"))
    // What was measured is printed all the same.
    #expect(try outcome.json["schema"]?.string == "hfgd.eval/2")
    #expect(try evaluate("--expect", "mIuO>3").status == 2)
    #expect(try evaluate("--expect", "mIoU").status == 2)
  }

  @Test func otherForms() throws {
    try makeData(2)
    func text(_ flags: String...) throws -> String {
      try program.run(["eval"] + Program.model + ["--data", "data", "--no-store"] + flags).output
    }
    let csv = try text("--csv").split(separator: "\n")
    #expect(csv.count == 12 && csv[0].hasPrefix("class,IoU,Acc,Dice"))
    #expect(try text("--markdown").contains("| class | IoU |"))
    let images = try text("--per-image", "-").split(separator: "\n")
    #expect(images.count == 3 && images[1].hasPrefix("00,"))
    #expect(try text("--reconcile").contains("detectron2"))
    #expect(try text("--sort", "name").contains("\nBicyclist"))
    #expect(try text("--color", "always").contains("\u{1B}[38"))
  }

  /// A disk that is full, and one that may not be written, are told; what was kept before is kept.
  @Test func disksThatRefuse() throws {
    try makeData(12)
    let undisturbed = try evaluate("--no-store")
    _ = try program.shell(
      "ulimit -f 28; $HFGD \(arguments(["--store", "a.sqlite"]).joined(separator: " ")) > out 2> err; echo $? > status"
    )
    let status = String(
      decoding: try FileBytes.read(program.path("status"), maxBytes: 99), as: UTF8.self)
    let errors = String(
      decoding: try FileBytes.read(program.path("err"), maxBytes: 9999), as: UTF8.self)
    #expect(status == "1\n" && errors.contains("disk is full"), "\(status) \(errors)")
    #expect(try evaluate("--resume", "--store", "a.sqlite").output == undisturbed.output)
    let refused = try evaluate("--store", "/proc/results.sqlite")
    #expect(refused.status == 1 && refused.errors.contains("--store"))
  }
}
