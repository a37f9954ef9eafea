import Core
import Foundation
import TestSupport
import Testing

private enum MPIRun {
  static let isInstalled = FileManager.default.isExecutableFile(atPath: "/usr/bin/mpirun")
}

/// Trainings and evaluations that Open MPI's `mpirun` starts in two processes.
@Suite(
  "Processes of mpirun", .serialized, .enabled(if: MPIRun.isInstalled, "mpirun is not installed"))
struct ProcessesTests {
  private let fixture: TrainingFixture

  init() throws { fixture = try TrainingFixture() }

  /// Runs `hfgd` in two processes; ones that wait for each other forever are ended after two minutes.
  private func run(_ arguments: [String]) throws -> Program.Outcome {
    try fixture.program.shell(
      "exec timeout 120 mpirun --allow-run-as-root --oversubscribe --bind-to none -n 2 $HFGD "
        + arguments.joined(separator: " "))
  }

  /// A model to start from, away from the corners of ReLU, where the smallest rounding turns gradients on and off.
  private func makeStart() throws -> String {
    #expect(try fixture.program.run(fixture.arguments(into: "first", steps: 1)).status == 0)
    let first = try SafeTensors(path: fixture.program.path("first/last.safetensors"))
    var writer = SafeTensorsWriter(metadata: first.metadata)
    for tensor in first.tensors where !tensor.name.hasPrefix("optimizer") {
      let shift: Float = tensor.name.hasSuffix(".bias") ? 3 : 0
      writer.append(
        tensor.name, shape: tensor.shape,
        values: try first.floats(tensor.name).map { $0 + shift })
    }
    let path = fixture.program.path("start.safetensors")
    try AtomicFile.write(writer.encoded(), to: path)
    return path
  }

  @Test func trainingIsThatOfOneProcess() throws {
    let start = try makeStart()
    func arguments(_ folder: String) -> [String] {
      [
        "train", "--data", "set", "--from", start, "-o", folder, "--steps", "3", "--batch", "2",
        "--crop", "65x65", "--set", "brightness=0", "--threads", "1",
      ]
    }
    #expect(try fixture.program.run(arguments("one")).status == 0)
    let shared = try run(arguments("two"))
    #expect(shared.status == 0, "\(shared.errors)")
    // One of them tells of the validation.
    #expect(shared.errors.components(separatedBy: "best so far").count == 2)

    let (one, two) = (
      try SafeTensors(path: fixture.program.path("one/last.safetensors")),
      try SafeTensors(path: fixture.program.path("two/last.safetensors"))
    )
    #expect(one.tensors.map(\.name) == two.tensors.map(\.name))
    for tensor in one.tensors where !tensor.name.hasPrefix("optimizer") {
      let apart = disagreement(try two.floats(tensor.name), try one.floats(tensor.name))
      #expect(apart < directTolerance, "\(tensor.name)")
    }
    #expect(try fixture.log("two").count == fixture.log("one").count)

    // Resumed in two processes, it knows that it is finished, and says so once.
    let again = try run(["train", "-o", "two", "--resume"])
    #expect(again.status == 0)
    #expect(again.errors.components(separatedBy: "the run is finished").count == 2)
  }

  @Test func evaluationIsThatOfOneProcess() throws {
    let arguments = [
      "eval", "fcn-mobilenet_v2", "--random", "1", "--data", "set", "--split", "train", "--json",
      "--store", "runs.sqlite",
    ]
    let classes = Array("a\nb\n".utf8)
    try AtomicFile.write(classes, to: fixture.program.path("set/classes.txt"))
    let shared = try run(arguments)
    #expect(shared.status == 0, "\(shared.errors)")
    let one = try fixture.program.run(arguments + ["--resume"])
    #expect(shared.output == one.output)
  }

  @Test func whatAllRefuseIsSaidOnce() throws {
    let outcome = try run(fixture.arguments(["--batch", "3"]))
    #expect(outcome.status == 2)
    #expect(outcome.errors.components(separatedBy: "is no multiple of 2 processes").count == 2)
  }

  @Test func aFailureInOneEndsAll() throws {
    // A step takes all four pictures, of which one process has this one.
    try AtomicFile.write([1, 2, 3], to: fixture.program.path("set/train/2.png"))
    let outcome = try run(fixture.arguments(["--batch", "4"]))
    #expect(outcome.status == 4, "\(outcome.errors)")
    #expect(outcome.errors.contains("2.png"))
    #expect(outcome.errors.contains("hfgd: process "))
  }

  @Test func processesThatCannotFindEachOther() throws {
    let outcome = try fixture.program.shell("SLURM_STEP_NUM_TASKS=3 $HFGD train --data set -o run")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("3 processes were started, but MPI sees 1"))
    #expect(outcome.errors.contains("srun --mpi=pmix"))
  }
}
