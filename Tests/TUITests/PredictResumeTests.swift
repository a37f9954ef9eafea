import Core
import Foundation
import TestSupport
import Testing

@Suite("hfgd predict --resume", .serialized)
struct PredictResumeTests {
  private let program = Program()

  private func arguments(_ more: [String], output: String = "out") -> [String] {
    ["predict"] + Program.model + ["in", "-o", output, "--format", "id,logits"] + more
  }

  private func makePictures(_ count: Int) throws {
    for i in 0..<count {
      try program.makePicture("in/\(i % 3)/\(i).png", width: 60 + i % 7, height: 50)
    }
  }

  /// The contents of all results by name.
  private func contents(_ folder: String) throws -> [String: [UInt8]] {
    Dictionary(
      uniqueKeysWithValues: try program.results(below: folder).filter {
        !$0.contains(".draft-")
      }.map { ($0, try FileBytes.read(program.path("\(folder)/\($0)"), maxBytes: 1 << 24)) })
  }

  /// Killed again and again at any moment: no finished work is done twice, and all ends as if nothing had happened.
  @Test func aKilledRunGoesOn() throws {
    try makePictures(40)
    #expect(try program.run(arguments([], output: "whole")).status == 0)
    let expected = try contents("whole")
    #expect(expected.count == 80)

    var random = SeededRandom(seed: 11)
    var kept = 0
    for round in 0..<6 {
      let run = try program.start(arguments(round == 0 ? [] : ["--resume"]))
      let more = Int.random(in: 1...14, using: &random)
      let goal = min(78, program.results(below: "out").count + more)
      while run.process.isRunning && program.results(below: "out").count < goal {
        usleep(UInt32.random(in: 0...3000, using: &random))
      }
      kill(run.process.processIdentifier, SIGKILL)
      _ = try program.finish(run)
      // Whatever has its final name is whole.
      for (name, bytes) in try contents("out") { #expect(bytes == expected[name], "\(name)") }
      kept = try journal().count
    }
    let outcome = try program.run(arguments(["--resume", "--json"]))
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try contents("out") == expected)
    #expect(try outcome.json["kept"]?.int == kept)
    #expect(try outcome.json["images"]?.array?.count == 40 - kept)
    #expect(kept > 0 && kept < 40)
    #expect(try journal().count == 40)
  }

  /// The stems that the journal holds in whole lines.
  private func journal() throws -> [String] {
    let bytes = try FileBytes.read(program.path("out/predict.jsonl"), maxBytes: 1 << 20)
    let end = bytes.lastIndex(of: 10) ?? 0
    return try String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\n").dropFirst()
      .compactMap { try JSON(String($0)).array?.first?.string }
  }

  /// What is there is neither read nor written again; what is gone, or new, is made.
  @Test func onlyTheRestIsDone() throws {
    try makePictures(3)
    #expect(try program.run(arguments([])).status == 0)
    try AtomicFile.write([1], to: program.path("out/0/0.id.png"))  // would be replaced
    try FileManager.default.removeItem(atPath: program.path("out/1/1.logits.npy"))
    try program.makePicture("in/new.png")
    let outcome = try program.run(arguments(["--resume", "--json"]))
    #expect(outcome.status == 0)
    #expect(
      try outcome.json["images"]?.array?.compactMap { $0["input"]?.string }
        == ["in/1/1.png", "in/new.png"])
    #expect(try outcome.json["kept"]?.int == 2)
    #expect(try FileBytes.read(program.path("out/0/0.id.png"), maxBytes: 9) == [1])
    #expect(program.results(below: "out").count == 8)
    #expect(
      try program.run(arguments(["--resume"])).errors
        == "0 of 4 pictures written to out, 4 kept\n")
  }

  /// Results of other arguments are neither kept nor mixed with new ones.
  @Test func otherArgumentsAreRefused() throws {
    try makePictures(2)
    #expect(try program.run(arguments([])).status == 0)
    for (more, old, new) in [
      (["--flip"], "flip=no", "flip=yes"),
      (["--scales", "0.5"], "scales=1", "scales=0.5"),
      (["--opacity", "0.25"], "opacity=0.5", "opacity=0.25"),
      (["--protocol", "mmseg"], "protocol=ours", "protocol=mmseg"),
    ] {
      let outcome = try program.run(arguments(["--resume"] + more))
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains(old) && outcome.errors.contains(new), "\(outcome.errors)")
      #expect(outcome.errors.contains("leave out --resume"))
    }
    let outcome = try program.run(
      ["predict", "fcn-mobilenet_v2", "--random", "2", "in", "-o", "out", "--resume"])
    #expect(outcome.status == 2 && outcome.errors.contains("model=fcn-mobilenet_v2/1"))
    // Without --resume all begins anew, and only that counts later.
    #expect(try program.run(arguments(["--flip"])).status == 0)
    #expect(try program.run(arguments(["--flip", "--resume", "--json"])).json["kept"]?.int == 2)
  }

  @Test func somethingElseOfThatNameIsRefused() throws {
    try makePictures(1)
    try Folder.create(program.path("out"))
    try AtomicFile.write(Array("my notes\n".utf8), to: program.path("out/predict.jsonl"))
    let outcome = try program.run(arguments(["--resume"]))
    #expect(outcome.status == 2 && outcome.errors.contains("remove it"))
  }

  /// The limit on file sizes stands in for the full disk: large results fail, small ones stay, and a later run with
  /// room does the rest.
  @Test func aFullDiskLosesNothing() throws {
    try makePictures(4)
    let words = arguments([]).map { "'\($0)'" }.joined(separator: " ")
    let full = try program.shell("ulimit -f 8; $HFGD \(words)")
    #expect(full.status == 1)
    #expect(full.errors.contains("cannot be written (File too large)"))
    #expect(program.results(below: "out").allSatisfy { $0.hasSuffix(".id.png") })
    let outcome = try program.run(arguments(["--resume", "--json"]))
    #expect(outcome.status == 0)
    #expect(try outcome.json["kept"]?.int == 0)
    #expect(program.results(below: "out").count == 8)
  }

  @Test func twoRunsDoNotShareAFolder() throws {
    try makePictures(1)
    try Folder.create(program.path("out"))
    let journal = try Journal(path: program.path("out/predict.jsonl"))
    let outcome = try program.run(arguments(["--resume"]))
    #expect(outcome.status == 1 && outcome.errors.contains("another process is writing it"))
    #expect(journal.lines.isEmpty && program.results(below: "out").isEmpty)
  }
}
