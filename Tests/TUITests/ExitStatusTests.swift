import Core
import Foundation
import TestSupport
import Testing

@Suite("Exit status", .serialized)
struct ExitStatusTests {
  private let program = Program()

  @Test(arguments: [["--version"], ["--help"], ["help", "predict"], ["models"]])
  func success(arguments: [String]) throws {
    let outcome = try program.run(arguments)
    #expect(outcome.status == 0)
    #expect(!outcome.output.isEmpty)
    #expect(outcome.errors == "")
  }

  @Test(arguments: [
    [], ["evl"], ["--nonsense"], ["view"], ["predict", "m", "x.png"],
    ["predict", "m", "x", "-o", ""],
    ["view", "fcn-mobilenet_v2", "x.png"], ["bench"] + Program.model + ["--threads", "0"],
    ["bench"] + Program.model + ["--size", "0x1"], ["bench"] + Program.model + ["--runs", "0"],
    ["view"] + Program.model + ["x.png", "--opacity", "nan"],
    ["predict"] + Program.model + ["x.png", "-o", "out", "--format", "gif"],
    ["predict"] + Program.model + ["x.png", "-o", "out", "--os", "4"],
    ["predict"] + Program.model + ["x.png", "-o", "out", "--slide", "0x5"],
    ["predict"] + Program.model + ["x.png", "-o", "out", "--slide", "33x33@40"],
    ["predict"] + Program.model + ["x.png", "-o", "out", "--scales", "1,,2"],
    ["predict"] + Program.model + ["x.png", "-o", "out", "--scales", "nan"],
    ["predict"] + Program.model + ["x.png", "-o", "out", "--pad", "/0"],
    ["predict"] + Program.model + ["x.png", "-o", "out", "--protocol", "theirs"],
    ["predict"] + Program.model + ["x.png", "-o", "out", "--format", "errors"],
    ["predict"] + Program.model + ["x.png", "-o", "out", "--labels", "."],
    ["bench"] + Program.guided + ["--os", "2"],
    ["bench"] + Program.model + ["--size", "65536x65536"],
  ])
  func wrongArguments(arguments: [String]) throws {
    let outcome = try program.run(arguments)
    #expect(outcome.status == 2)
    #expect(outcome.output == "")
    #expect(!outcome.errors.isEmpty)
    #expect(program.files(below: "") == [])
  }

  @Test func theNearestNameIsSuggested() throws {
    #expect(try program.run(["evl"]).errors.contains("Did you mean 'hfgd eval'?"))
    let outcome = try program.run(["inspect", "hfgd-mobilnet_v2-os4"])
    #expect(outcome.status == 3)
    #expect(outcome.errors.contains("did you mean hfgd-mobilenet_v2-os4?"))
    #expect(try program.run(["inspect", "xyz"]).errors.contains("hfgd models lists"))
  }

  @Test(arguments: ["0", "1025", "two", "-1"])
  func theEnvironmentIsCheckedToo(threads: String) throws {
    var program = program
    program.environment["HFGD_THREADS"] = threads
    let outcome = try program.run(["bench"] + Program.model + ["--size", "1x1", "--runs", "1"])
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("HFGD_THREADS is from 1 to 1024, not \(threads)."))
  }

  /// An instruction set that is not there ends every command, also one that computes nothing.
  @Test(arguments: ["avx1024", "AVX2", " "])
  func theInstructionSetIsChecked(name: String) throws {
    var program = program
    program.environment["HFGD_ISA"] = name
    for arguments in [["models"], ["bench"] + Program.model] {
      let outcome = try program.run(arguments)
      #expect(outcome.status == 2)
      #expect(outcome.output == "")
      #expect(outcome.errors.contains("hfgd: HFGD_ISA=\(name) names no instruction set"))
      #expect(outcome.errors.contains("baseline"))
    }
  }

  @Test func unusableCheckpoints() throws {
    try program.makePicture("a.png")
    try AtomicFile.write([UInt8](repeating: 7, count: 100), to: program.path("junk.safetensors"))
    try AtomicFile.write([], to: program.path("empty.safetensors"))
    for file in ["a.png", "junk.safetensors", "empty.safetensors", "missing.safetensors", "."] {
      let outcome = try program.run(["view", file, "a.png"])
      #expect(outcome.status == 3)
      #expect(outcome.errors.contains(file))
      #expect(outcome.output == "")
    }
    #expect(try program.run(["view", "a.png", "x"]).errors.contains("give the checkpoint first"))
  }

  @Test func unusableDataSets() throws {
    try program.makePicture("data/val/a.png")
    let run = { try program.run(["eval"] + Program.model + ["--data", $0]) }
    #expect(try run("none").status == 4)
    let outcome = try run("data")
    #expect(outcome.status == 4)
    #expect(outcome.errors.contains("CamVid: {split} + {split}annot"))
    #expect(outcome.output == "")
  }

  @Test func someInputsFailed() throws {
    try program.makePicture("in/good.png")
    try AtomicFile.write(Array("no picture".utf8), to: program.path("in/bad.png"))
    let outcome = try program.run(["predict"] + Program.model + ["in", "gone.jpg", "-o", "out"])
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("in/bad.png: ") && outcome.errors.contains("gone.jpg: "))
    #expect(program.results(below: "out") == ["good.overlay.png"])
    #expect(try program.run(["view"] + Program.model + ["in/bad.png"]).status == 1)
  }

  @Test func outputThatCannotBeWritten() throws {
    try program.makePicture("a.png")
    for output in ["a.png", "a.png/below", "/dev/full"] {
      let outcome = try program.run(["predict"] + Program.model + ["a.png", "-o", output])
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("cannot be written (a file has this name)"))
    }
    for line in ["$HFGD models > /dev/full", "$HFGD --help > /dev/full", "$HFGD models >&-"] {
      let outcome = try program.shell(line)
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("standard output cannot be written"))
    }
  }

  /// What the caller closed must not become the number of a file that is written.
  @Test func closedStreamsSpoilNoFile() throws {
    let picture = try program.makePicture("a.png")
    let outcome = try program.shell(
      "$HFGD predict \(Program.model.joined(separator: " ")) a.png gone.png -o out --opacity 0 "
        + "<&- >&- 2>&-")
    #expect(outcome.status == 1)
    #expect(try ImageFile.readPicture(at: program.path("out/a.overlay.png")) == picture)
  }

  @Test func aReaderThatHasSeenEnoughIsNoError() throws {
    // With SIGPIPE ignored by the parent as without.
    for parent in ["", "trap '' PIPE; "] {
      let outcome = try program.shell(
        parent + "$HFGD models --json | head -n 1; echo ${PIPESTATUS[0]}")
      let lines = outcome.output.split(separator: "\n")
      #expect(lines.first == "{")
      #expect(["0", "141"].contains(lines.last))
      #expect(outcome.errors == "")
    }
  }

  /// Ctrl-C ends with 130, and what stands under a final name is whole.
  @Test(arguments: [SIGINT, SIGTERM])
  func interruptedPrediction(signal: Int32) throws {
    try program.makePicture("in/0.png", width: 200, height: 150)
    for i in 1..<400 {
      try FileManager.default.copyItem(
        atPath: program.path("in/0.png"), toPath: program.path("in/\(i).png"))
    }
    let run = try program.start(
      ["predict"] + Program.model + ["in", "-o", "out", "--format", "logits,id", "--json"])
    while program.results(below: "out").count < 6 && run.process.isRunning { usleep(10_000) }
    kill(run.process.processIdentifier, signal)
    let outcome = try program.finish(run)
    #expect(outcome.status == 130 && !outcome.wasSignalled)
    let done = try #require(try outcome.json["images"]?.array)
    #expect((1..<400).contains(done.count))
    let files = program.results(below: "out")
    #expect(files.count == 2 * done.count)
    for file in files {
      let bytes = try FileBytes.read(program.path("out/\(file)"), maxBytes: 1 << 24)
      #expect(
        file.hasSuffix(".npy")
          ? bytes.count == 128 + 4 * 11 * 200 * 150
          : (try? PNG.decodeLabels(bytes))?.values.count == 200 * 150)
    }
  }

  @Test func interruptedBench() throws {
    let run = try program.start(
      ["bench"] + Program.model + ["--size", "97x97", "--runs", "10000", "--warmup", "0"])
    while try run.process.isRunning && !handlesInterrupts(run.process) { usleep(10_000) }
    // Again where the first one came before anybody listened.
    while run.process.isRunning {
      kill(run.process.processIdentifier, SIGINT)
      usleep(300_000)
    }
    let outcome = try program.finish(run)
    #expect(outcome.status == 130 && !outcome.wasSignalled)
    #expect(outcome.output == "")
  }

  /// Whether SIGINT no longer ends the process by itself: bit 1 of the signals that it ignores or catches.
  private func handlesInterrupts(_ process: Process) throws -> Bool {
    let bytes = try FileBytes.read("/proc/\(process.processIdentifier)/status", maxBytes: 1 << 16)
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").contains { line in
      let fields = line.split(separator: "\t")
      guard let name = fields.first, ["SigIgn:", "SigCgt:"].contains(name) else { return false }
      return fields.last.flatMap { UInt64($0, radix: 16) }.map { $0 & 2 != 0 } ?? false
    }
  }
}
