import Core
import Foundation
import TestSupport
import Testing

@Suite("hfgd train", .serialized)
struct TrainTests {
  private let fixture: TrainingFixture
  private var program: Program { fixture.program }

  init() throws { fixture = try TrainingFixture() }

  /// A run makes all of its files; what it made is a model that other commands use.
  @Test func aRunLearns() throws {
    let outcome = try program.run(fixture.arguments(steps: 12, ["--json"]))
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      program.files(below: "run") == [
        "best.safetensors", "curves.png", "last.safetensors", "log.jsonl", "model.safetensors",
        "run.json",
      ])

    let lines = try RunLog.lines(of: RunFolder(program.path("run")))
    #expect(outcome.output == lines.map { $0.line + "\n" }.joined())
    let losses = lines.filter { $0["event"]?.string == "step" }.compactMap { $0["loss"]?.double }
    #expect(losses.count == 12)
    #expect(losses[11] < 0.7 * losses[0], "\(losses)")
    let validations = lines.filter { $0["event"]?.string == "validation" }
    #expect(validations.compactMap { $0["step"]?.int } == [4, 8, 12])
    let iou = validations[2]["stages"]?.array?.first?["IoU"]
    #expect(iou?.object?.map(\.key) == ["sky", "earth"])
    #expect(outcome.errors.contains("step 4  mIoU  os4 "))

    let model = try Checkpoint(path: program.path("run/model.safetensors"))
    #expect(model.configuration.classes == ["sky", "earth"])
    #expect(model.training?["recipe"]?["batch"]?.int == 2)
    let evaluation = try program.run([
      "eval", "run/model.safetensors", "--data", "set", "--no-store", "--json",
    ])
    let best = validations.compactMap { $0["mIoU"]?.double }.max() ?? 0
    let measured = try evaluation.json["mIoU"]?.double ?? -1
    #expect(abs(measured - best) < 1, "kernels as F16: \(measured), in training: \(best)")
  }

  /// Scenes can be trained on as they are drawn, beside others that have a void label.
  @Test func scenesAreTrainedOn() throws {
    for folder in ["drawn", "more"] {
      let outcome = try program.run([
        "scenes", "--count", "2", "--size", "72x48", "--split", "train", "-o", folder, "--quiet",
      ])
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    let names = try FileBytes.read(program.path("more/classes.txt"), maxBytes: 1 << 10)
    try AtomicFile.write(names + Array("Void 0 0 0\n".utf8), to: program.path("more/classes.txt"))
    let outcome = try program.run([
      "train", "--data", "drawn", "--data", "more", "-o", "scenes-run", "--preset",
      "sfpn-mobilenet_v2", "--steps", "1", "--batch", "4", "--crop", "65x65",
    ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let model = try Checkpoint(path: program.path("scenes-run/model.safetensors"))
    #expect(model.configuration.classes == ClassTable.camVid.names)
    #expect(model.training?["samples"]?.int == 4)
  }

  /// Wherever a run is stopped or killed, it ends in the same bytes and the same log.
  @Test(arguments: [SIGINT, SIGTERM, SIGKILL])
  func aRunThatWasStoppedGoesOn(signal: Int32) throws {
    #expect(try program.run(fixture.arguments(into: "whole")).status == 0)
    let run = try program.start(fixture.arguments())
    try interrupt(run, with: signal, afterLines: 2)
    let stopped = try program.finish(run)
    if signal == SIGKILL {
      #expect(stopped.wasSignalled)
    } else {
      #expect(stopped.status == 130)
      #expect(stopped.errors.contains("hfgd train -o run --resume goes on"))
    }
    // The folder has another name and its data stay: paths are absolute, and none is in the results.
    let resumed = try program.run(["train", "-o", "run", "--resume"])
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try fixture.results("run") == fixture.results("whole"))
    #expect(try fixture.log("run") == fixture.log("whole"))

    let again = try program.run(["train", "-o", "run", "--resume"])
    #expect(again.status == 0 && again.errors == "run: the run is finished\n")
  }

  /// Sends `signal` when the log has so many lines.
  private func interrupt(
    _ run: Program.Run, with signal: Int32, afterLines count: Int
  ) throws {
    let folder = RunFolder(program.path("run"))
    while run.process.isRunning, ((try? RunLog.lines(of: folder))?.count ?? 0) < count {
      usleep(1000)
    }
    kill(run.process.processIdentifier, signal)
  }

  /// Killed at moments that nothing chose, during writing too.
  ///
  /// `HFGD_KILLS` says how often, 3 by default; `make kill-test` takes 20.
  @Test func killedAtRandomMomentsItEndsTheSame() throws {
    let kills = ProcessInfo.processInfo.environment["HFGD_KILLS"].flatMap(Int.init) ?? 3
    let clock = ContinuousClock()
    let whole = fixture.arguments(into: "whole", steps: 4 * kills)
    let duration = try clock.measure {
      let outcome = try program.run(whole)
      #expect(outcome.status == 0)
    }
    let longest = max(50_000, UInt32(clamping: Int(duration / .microseconds(1))) / UInt32(kills))

    var random = SeededRandom(seed: UInt64.random(in: 0 ... .max))
    for _ in 0..<kills {
      let run = try program.start(fixture.arguments(steps: 4 * kills, ["--resume"]))
      usleep(UInt32.random(in: 0...2 * longest, using: &random))
      kill(run.process.processIdentifier, SIGKILL)
      _ = try program.finish(run)
      // Whatever has its final name is whole.
      for name in ["last", "best", "model"]
      where FileManager.default.fileExists(
        atPath: program.path("run/\(name).safetensors"))
      {
        _ = try Checkpoint(path: program.path("run/\(name).safetensors"))
      }
    }
    let resumed = try program.run(fixture.arguments(steps: 4 * kills, ["--resume"]))
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try fixture.results("run") == fixture.results("whole"))
    #expect(try fixture.log("run") == fixture.log("whole"))
    let hidden = try FileManager.default.contentsOfDirectory(atPath: program.path("run"))
      .filter { $0.hasPrefix(".") }
    #expect(hidden.isEmpty, "drafts of killed processes are removed")
  }

  /// The limit on file sizes stands in for the full disk.
  @Test func aFullDiskLosesNothing() throws {
    #expect(try program.run(fixture.arguments(into: "whole")).status == 0)
    let run = try program.start(fixture.arguments())
    try interrupt(run, with: SIGINT, afterLines: 2)
    #expect(try program.finish(run).status == 130)
    let last = program.path("run/last.safetensors")
    let good = try FileBytes.read(last, maxBytes: 1 << 28)

    let full = try program.shell("ulimit -f 64; $HFGD train -o run --resume")
    #expect(full.status == 1, "\(full.errors)")
    #expect(full.errors.contains("last.safetensors: cannot be written (File too large)"))
    #expect(try FileBytes.read(last, maxBytes: 1 << 28) == good)

    #expect(try program.run(["train", "-o", "run", "--resume"]).status == 0)
    #expect(try fixture.results("run") == fixture.results("whole"))
    #expect(try fixture.log("run") == fixture.log("whole"))
  }

  /// Numbers that run away end the run with the tensor's name; the last good checkpoint stays.
  @Test func divergenceHasAName() throws {
    let outcome = try program.run(
      fixture.arguments(steps: 30, ["--learning-rate", "100", "--set", "head_rate=1000"]))
    #expect(outcome.status == 6)
    #expect(
      outcome.errors.contains(
        /step \d+: (the loss of student os4|(the gradient of |)[a-z0-9._]+) is -?(nan|inf)/))
    #expect(outcome.errors.contains("begin another with a lower learning_rate"))
    let last = program.path("run/last.safetensors")
    #expect(throws: Never.self) { try Checkpoint(path: last).model() }
  }

  /// Two data sets of the same classes are one; the ablations change the model, and the names say so.
  @Test func dataAndAblations() throws {
    let outcome = try program.run([
      "train", "--data", "set", "--data", "set", "-o", "run", "--guidance", "tokens", "--refine",
      "--steps", "1", "--batch", "1", "--crop", "65x65", "--val-split", "none", "--quiet",
    ])
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    let model = try Checkpoint(path: program.path("run/model.safetensors"))
    #expect(model.configuration.name == "hfgd-mobilenet_v2-os4-tokens-refined")
    #expect(model.configuration.outputStrides == [32, 4, 2] && !model.configuration.isAxial)
    #expect(model.training?["samples"]?.int == 8)
    #expect(model.training?["data"]?.string == "folders train + folders train")
  }

  /// A model goes on where it was, and a second student begins beside it.
  @Test func aModelGoesOnWithASecondStudent() throws {
    let guided = [
      "train", "--data", "set", "--steps", "1", "--batch", "1", "--crop", "65x65",
      "--learning-rate", "0",
    ]
    #expect(try program.run(guided + ["-o", "first"]).status == 0)
    let outcome = try program.run(
      guided + ["-o", "run", "--from", "first/last.safetensors", "--refine"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let first = try Checkpoint(path: program.path("first/model.safetensors")).file
    let second = try Checkpoint(path: program.path("run/model.safetensors")).file
    for entry in first.tensors where entry.name.hasSuffix("weight") {
      let same = try #require(second[entry.name]).elements().floats
      #expect(try entry.elements().floats == same, "\(entry.name)")
    }
    #expect(second.tensors.contains { $0.name.hasPrefix("refine.upsampler.") })
  }

  @Test func whatCannotBeTrainedIsRefused() throws {
    func refuses(_ more: [String], _ status: Int32, _ text: String) throws {
      let outcome = try program.run(fixture.arguments(more))
      #expect(outcome.status == status, "\(more): \(outcome.errors)")
      #expect(outcome.errors.contains(text), "\(more): \(outcome.errors)")
      #expect(!Folder.exists(program.path("run")), "\(more)")
    }
    try refuses(["--batch", "0"], 2, "a whole number from 1 to 4096")
    try refuses(["--set", "speed=9"], 2, "speed is not a key")
    try refuses(["--set", "speed"], 2, "speed")
    try refuses(["--recipe", "none.yaml"], 2, "give a recipe file or one of plain, advanced")
    try refuses(["--preset", "hfgd"], 2, "hfgd models")
    try refuses(["--guidance", "full"], 2, "guidance is true; it needs a context")
    try refuses(["--guidance", "most"], 2, "--guidance")
    try refuses(["--weights", "none.safetensors"], 3, "none.safetensors")
    try refuses(["--split", "more"], 4, "there is no split more")
    try refuses(["--val-split", "more"], 4, "there is no split more")
    try refuses(["--preset", "fcn-mobilenet_v2", "--from", "a"], 2, "leave out preset")
    try refuses(["--refine-alone"], 2, "give it by from")
    #expect(try program.run(["train", "-o", "run"]).errors.contains("--data is missing"))
    #expect(try program.run(["train", "-o", "run", "--resume"]).status == 2)

    try FileManager.default.removeItem(atPath: program.path("set/classes.txt"))
    try refuses([], 4, "add a classes.txt")
  }

  /// Neither other arguments, nor other data, nor a second process can spoil a run.
  @Test func aRunKeepsToItsBeginning() throws {
    #expect(try program.run(fixture.arguments(steps: 1)).status == 0)
    let anew = try program.run(fixture.arguments(steps: 1))
    #expect(anew.status == 2 && anew.errors.contains("go on with it by --resume"))
    let other = try program.run(fixture.arguments(steps: 2, ["--resume", "--set", "dice=1"]))
    #expect(other.status == 2)
    #expect(other.errors.contains("steps is 1, not 2") && other.errors.contains("dice is 0, not 1"))

    do {
      let log = try RunLog(RunFolder(program.path("run")))
      let second = try program.run(["train", "-o", "run", "--resume"])
      #expect(second.status == 1 && second.errors.contains("another process is writing it"))
      withExtendedLifetime(log) {}
    }

    try FileManager.default.removeItem(atPath: program.path("set/train/3.png"))
    try FileManager.default.removeItem(atPath: program.path("set/trainannot/3.png"))
    let changed = try program.run(["train", "-o", "run", "--resume"])
    #expect(changed.status == 4 && changed.errors.contains("not what they were"))
  }
}
