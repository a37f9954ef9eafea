import Core
import Foundation
import Testing

@testable import TUI

@Suite("Timings of runs")
struct TimingsTests {
  @Test func medians() {
    #expect(Timings.median([]).isNaN)
    #expect(Timings.median([3]) == 3)
    #expect(Timings.median([3, 1]) == 2)
    #expect(Timings.median([5, 1, 3]) == 3)
    #expect(Timings.median([4, 1, 3, 2]) == 2.5)
  }

  @Test func modulesAreKeptApart() {
    var timings = Timings()
    timings.add(RunTime(total: 3, network: 2.5, modules: ["a": 1, "b": 2]))
    timings.add(RunTime(total: 5, network: 4.5, modules: ["a": 3]))
    #expect(timings.median == 4)
    #expect(timings.networkMedian == 3.5)
    #expect(timings.median(of: "a") == 2)
    #expect(timings.median(of: "b") == 2)
    #expect(timings.median(of: "c").isNaN)
  }
}

@Suite("Age of the process")
struct ProcessAgeTests {
  @Test func theNameMayHoldAnything() {
    let after = (3...21).map(String.init).joined(separator: " ")
    for name in ["hfgd", "a b", "a) 1 (b", ")"] {
      #expect(ProcessAge.startTicks("17 (\(name)) \(after) 4711 23") == 4711)
      #expect(ProcessAge.startTicks("17 (\(name)) \(after)") == nil)
    }
    #expect(ProcessAge.startTicks("") == nil)
  }

  @Test func growsFromTheStartOn() {
    let age = ProcessAge.seconds
    #expect(age > 0 && age < 86_400)
    #expect(ProcessAge.seconds >= age)
  }
}

@Suite("hfgd bench", .serialized)
struct BenchTests {
  private let program = Program()

  private func bench(_ arguments: String...) throws -> Program.Outcome {
    try program.run(
      ["bench"] + Program.model
        + ["--size", "33x33", "--runs", "3", "--warmup", "0", "--threads", "2"] + arguments)
  }

  /// A baseline of the runs above in which everything took `milliseconds`.
  private func writeBaseline(_ name: String, milliseconds: Double) throws {
    let report = try bench("--json").json
    let members = try #require(report.object).map { member in
      switch member.key {
      case "milliseconds", "network_milliseconds":
        JSON.Member(member.key, .number("\(milliseconds)"))
      case "modules":
        JSON.Member(
          member.key,
          .array(
            (member.value.array ?? []).map {
              .object([
                JSON.Member("name", $0["name"] ?? .null),
                JSON.Member("milliseconds", .number("\(milliseconds)")),
              ])
            }))
      default: member
      }
    }
    try AtomicFile.write(Array(JSON.object(members).text.utf8), to: program.path(name))
  }

  @Test func theNetworkIsAPartOfEachRun() throws {
    let report = try bench("--json").json
    let runs = try #require(report["runs"]?.array).compactMap(\.double)
    let networks = try #require(report["network_runs"]?.array).compactMap(\.double)
    #expect(runs.count == 3 && networks.count == 3)
    #expect(zip(runs, networks).allSatisfy { $0 > $1 && $1 > 0 })
    #expect(report["milliseconds"]?.double == runs.sorted()[1])
    #expect(report["network_milliseconds"]?.double == networks.sorted()[1])
    let first = try #require(report["first_milliseconds"]?.double)
    #expect(first > runs[0] && first < 600_000)
    #expect(try #require(report["gemm_gigaflops"]?.double) > 0)
  }

  @Test func theTextHoldsEveryModuleAndTheCeiling() throws {
    let outcome = try bench()
    #expect(outcome.status == 0 && outcome.errors == "")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines[0] == "fcn-mobilenet_v2 at 33×33, output stride 32, 2 threads, f32, 3 runs")
    #expect(lines.contains { $0.hasPrefix("module") && $0.hasSuffix("% of GEMM") })
    let rows = ["backbone", "normalise, resize, argmax", "network", "total"]
    for start in rows + ["GEMM: ", "first label map "] {
      #expect(lines.contains { $0.hasPrefix(start) }, "\(start)")
    }
  }

  @Test func aSavedReportIsABaseline() throws {
    let saved = try bench("--save", "before.json", "--json")
    let text = try String(contentsOfFile: program.path("before.json"), encoding: .utf8)
    #expect(text == saved.output)
    #expect(try saved.json["ratio"] == nil)

    let report = try bench("--baseline", "before.json", "--save", "before.json", "--json").json
    let before = try #require(saved.json["milliseconds"]?.double)
    let now = try #require(report["milliseconds"]?.double)
    #expect(report["baseline"]?.string == "before.json")
    #expect(report["baseline_milliseconds"]?.double == before)
    #expect(abs(try #require(report["ratio"]?.double) - now / before) < 1e-3)
    let names = report["modules"]?.array?.map { $0["name"]?.string }
    #expect(try names == saved.json["modules"]?.array?.map { $0["name"]?.string })
    #expect(report["modules"]?.array?.allSatisfy { $0["ratio"]?.double != nil } == true)
    // The newer report is a baseline in its turn.
    #expect(try bench("--baseline", "before.json").status == 0)
  }

  @Test func theTextComparesModuleByModule() throws {
    try writeBaseline("before.json", milliseconds: 0.5)
    let lines = try bench("--baseline", "before.json").output.split(separator: "\n")
    #expect(lines.contains { $0.contains("baseline ms") && $0.hasSuffix("ratio") })
    for row in ["backbone", "network", "total"] {
      let cells = try #require(lines.first { $0.hasPrefix(row) }).split(separator: " ")
      #expect(cells.suffix(2).first == "0.5")
      #expect(Double(cells.last ?? "") != nil)
    }
  }

  @Test func scriptsLearnWhetherItIsSlower() throws {
    try writeBaseline("fast.json", milliseconds: 1e-6)
    try writeBaseline("slow.json", milliseconds: 1e9)
    let slower = try bench("--baseline", "fast.json", "--fail-above", "1.05")
    #expect(slower.status == 5)
    #expect(slower.output.contains("ratio"))
    #expect(slower.errors.contains("--fail-above allows 1.05"))
    let faster = try bench("--baseline", "slow.json", "--fail-above", "1.05")
    #expect(faster.status == 0 && faster.errors == "")
  }

  @Test func onlyTheSameIsCompared() throws {
    try writeBaseline("before.json", milliseconds: 1)
    for other in [["--size", "65x33"], ["--threads", "1"]] {
      let outcome = try program.run(
        ["bench"] + Program.model + ["--size", "33x33", "--threads", "2", "--runs", "1"]
          + ["--baseline", "before.json"] + other)
      #expect(outcome.status == 2 && outcome.output == "")
      #expect(
        outcome.errors.contains(
          "before.json was measured with fcn-mobilenet_v2 at 33×33, output stride 32, 2 threads"))
    }
    for arguments in [Program.guided, Program.guided + ["--os", "32"]] {
      let outcome = try program.run(
        ["bench"] + arguments + ["--size", "33x33", "--threads", "2", "--baseline", "before.json"])
      #expect(outcome.status == 2 && outcome.errors.contains("not with hfgd-mobilenet_v2-os4"))
    }
  }

  @Test func baselinesThatAreNone() throws {
    try AtomicFile.write(Array("{}".utf8), to: program.path("empty.json"))
    try AtomicFile.write(Array("1,2".utf8), to: program.path("table.csv"))
    for file in ["empty.json", "table.csv"] {
      let outcome = try bench("--baseline", file)
      #expect(outcome.status == 2 && outcome.output == "")
      #expect(outcome.errors.contains("\(file) is no report of hfgd bench; write one with"))
    }
    #expect(try bench("--baseline", "missing.json").status == 2)
    #expect(try bench("--fail-above", "1.05").errors.contains("--baseline FILE"))
    for ratio in ["0", "-1", "nan", "inf"] {
      #expect(try bench("--baseline", "empty.json", "--fail-above", ratio).status == 2)
    }
  }

  /// The table is not lost where it cannot be kept.
  @Test func aReportThatCannotBeSaved() throws {
    let outcome = try bench("--save", "missing/before.json")
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("GEMM: "))
    #expect(outcome.errors.contains("missing/before.json: cannot be written"))
  }

  @Test func aTrainingStepIsForwardBackwardAndUpdate() throws {
    let step =
      ["bench"] + Program.model
      + ["--training", "--batch", "2", "--size", "33x33", "--runs", "3", "--warmup", "0"]
    let outcome = try program.run(step + ["--json", "--threads", "2"])
    #expect(outcome.status == 0 && outcome.errors == "")
    let report = try outcome.json
    #expect(report["schema"]?.string == "hfgd.bench-training/1")
    let runs = try #require(report["step_milliseconds"]?["runs"]?.array).compactMap(\.double)
    #expect(runs.count == 3 && runs.allSatisfy { $0 > 0 })
    #expect(report["step_milliseconds"]?["median"]?.double == runs.sorted()[1])
    let names = report["modules"]?.array?.compactMap { $0["name"]?.string } ?? []
    #expect(names.contains("backbone") && names.last == "update of the weights")
    #expect(try #require(report["peak_bytes"]?.int) > report["arena_bytes"]?.int ?? .max)

    let again = try program.run(step + ["--json", "--recompute"]).json
    let arenas = [again, report].compactMap { $0["arena_bytes"]?.int }
    #expect(arenas.count == 2 && arenas[0] < arenas[1])

    let lines = try program.run(step + ["--steps"]).output.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("backbone.features.0.0 ∂w: kernel gradient") })
    #expect(lines.contains { $0.hasPrefix("backbone.features.0.0: 3×3 convolution") })
  }

  @Test func whatBelongsToTrainingOnly() throws {
    #expect(try bench("--training", "--compare").status == 2)
    #expect(try bench("--training", "--batch", "0").status == 2)
    #expect(try bench("--batch", "4").errors.contains("belong to --training"))
  }
}
