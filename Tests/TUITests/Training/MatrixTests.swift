import Core
import Foundation
import TestSupport
import Testing

@Suite("hfgd train --matrix", .serialized)
struct MatrixTests {
  private let fixture: TrainingFixture
  private var program: Program { fixture.program }

  init() throws { fixture = try TrainingFixture() }

  private func write(_ text: String) throws {
    try AtomicFile.write(Array(text.utf8), to: program.path("table.yaml"))
  }

  private let base = """
    base: {data: [set], preset: sfpn-mobilenet_v2, batch: 1, crop: 65x65, brightness: 0}

    """
  private let command = [
    "train", "--matrix", "table.yaml", "-o", "runs", "--steps", "2", "--quiet",
  ]

  /// Every row is trained with every seed; what the table says are means of what the logs say.
  @Test func rowsAreTrainedAndCompared() throws {
    try write(
      base + """
        seeds: [0, 1]
        rows:
          - {name: Slow | plain, learning_rate: 0.001, paper: 47.14}
          - {name: U-SFPN, upsampler: usfpn, steps: 1}
        """)
    let outcome = try program.run(command)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(lines.count == 5 && lines[0] == "| run | mIoU of seeds 0, 1 | mean | paper |")
    let values = /(\d+\.\d\d), (\d+\.\d\d) \| \d+\.\d\d ± \d+\.\d\d/
    #expect(lines[2].contains(/^\| Slow \\\| plain \| .* \| 47\.14 \|$/))
    #expect(lines[2].contains(values) && lines[3].contains(values))
    #expect(lines[3].hasPrefix("| U-SFPN | ") && lines[3].hasSuffix(" | – |"))
    #expect(lines[4].hasPrefix("mIoU in percent at the last validation; mean ± standard error"))

    let folders = ["slow---plain-0", "slow---plain-1", "u-sfpn-0", "u-sfpn-1"]
    let runs = try folders.map {
      try Checkpoint(path: program.path("runs/\($0)/model.safetensors"))
    }
    #expect(runs.map { $0.training?["recipe"]?["seed"]?.int } == [0, 1, 0, 1])
    #expect(runs.map { $0.training?["recipe"]?["steps"]?.int } == [2, 2, 1, 1])
    #expect(runs[2].configuration.upsampler == .usfpn)

    // Again: nothing is trained twice, and the numbers are the same.
    let results = try Journal(path: program.path("runs/results.jsonl")).lines.map { try JSON($0) }
    #expect(results.compactMap { $0["run"]?.string } == folders)
    let before = try fixture.results("runs/slow---plain-0")
    let again = try program.run(command + ["--json"])
    #expect(try fixture.results("runs/slow---plain-0") == before)
    let row = try again.json["rows"]?.array?.first
    let seeds = row?["runs"]?.array?.compactMap { $0["mIoU"]?.double } ?? []
    let mean = try #require(row?["mIoU"]?.double)
    #expect(seeds == results.prefix(2).compactMap { $0["mIoU"]?.double })
    let found = try #require(lines[2].firstMatch(of: values))
    let printed = [found.1, found.2].compactMap { Double($0) }
    #expect(zip(printed, seeds).allSatisfy { abs($0 - $1) <= 0.00501 })
    // What the log says of a run stands in its line too.
    for result in results {
      let folder = try #require(result["run"]?.string)
      let log = try RunLog.lines(of: RunFolder(program.path("runs/\(folder)")))
      let last = try #require(log.last { $0["event"]?.string == "validation" })
      #expect(result["classes"] == last["stages"]?.array?.last?["IoU"])
      #expect(result["classes"]?.object?.map(\.key) == ["sky", "earth"])
      let seconds = log.reduce(0) { $0 + ($1["seconds"]?.double ?? 0) }
      #expect(abs(try #require(result["seconds"]?.double) - seconds) <= 0.0501 && seconds > 0)
    }
    // A folder is named as it was when its run was made.
    let places = row?["runs"]?.array?.compactMap { $0["folder"]?.string }
    #expect(places == ["runs/slow---plain-0", "runs/slow---plain-1"])
    #expect(seeds.count == 2 && abs(mean - (seeds[0] + seeds[1]) / 2) < 1e-3)
    let error = try #require(row?["standard_error"]?.double)
    #expect(abs(error - abs(seeds[0] - seeds[1]) / 2) < 1e-3)
  }

  /// Rows are compared seed by seed: the error is that of the differences.
  @Test func gainsArePairedBySeed() throws {
    try write(
      base + """
        seeds: [0, 1]
        rows:
          - {name: a, steps: 1, paper: 47.14}
          - {name: b, upsampler: usfpn, steps: 1, against: [a], paper: 46.99}
        """)
    let folders = ["a-0", "a-1", "b-0", "b-1"]
    let outcome = try program.run(command)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let results = try Journal(path: program.path("runs/results.jsonl")).lines.map { try JSON($0) }
    #expect(results.compactMap { $0["run"]?.string } == folders)
    let scores = results.compactMap { $0["mIoU"]?.double }
    let (first, second) = (scores[2] - scores[0], scores[3] - scores[1])
    let rows = try program.run(command + ["--json"]).json["rows"]?.array
    #expect(rows?.first?["gains"]?.array?.isEmpty == true)
    let gain = try #require(rows?.last?["gains"]?.array?.first)
    #expect(gain["against"]?.string == "a")
    #expect(abs(try #require(gain["gain"]?.double) - (first + second) / 2) < 1e-3)
    let error = try #require(gain["standard_error"]?.double)
    #expect(abs(error - abs(first - second) / 2) < 1e-3)
    #expect(abs(try #require(gain["interval"]?.double) - 12.706 * error) < 1e-3)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines[0] == "| run | mIoU of seeds 0, 1 | mean | against | gain | paper |")
    #expect(lines[2].hasSuffix(" | – | – | 47.14 |"))
    let cells = /^.* \| a \| [+−]?\d+\.\d\d ± \d+\.\d\d\*? \| 46\.99 \(−0\.15\) \|$/
    #expect(lines[3].contains(cells))
  }

  /// Results outlive the folders of their runs, but not what was asked for.
  @Test func resultsAreEnough() throws {
    try write(base + "rows: [{name: a, steps: 1}, {name: b, steps: 1}]")
    let first = try program.run(command)
    #expect(first.status == 0, "\(first.errors)")
    for name in ["a-0", "b-0"] {
      try FileManager.default.removeItem(atPath: program.path("runs/\(name)"))
    }
    try FileManager.default.moveItem(
      atPath: program.path("set"), toPath: program.path("elsewhere"))
    try write(
      base.replacing("[set]", with: "[elsewhere]")
        + "rows: [{name: a, steps: 1}, {name: b, steps: 1, learning_rate: 0.005}]")
    let second = try program.run(command)
    #expect(second.status == 0, "\(second.errors)")
    #expect(second.output.split(separator: "\n")[2] == first.output.split(separator: "\n")[2])
    #expect(!Folder.exists(program.path("runs/a-0")) && Folder.exists(program.path("runs/b-0")))
  }

  /// The recipe that a row names is changed by base and flags as any other, and may stand there as a record has it.
  @Test func rowsNameRecipes() throws {
    try write(
      base + """
        rows:
          - {name: a, recipe: advanced, learning_rate: 0.001}
          - {name: b, recipe: {optimizer: adamw, weight_decay: 0.5, seed: 7, dice: 1}}
        """)
    let outcome = try program.run(command)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let recipes = try ["a-0", "b-0"].map {
      try #require(
        try Checkpoint(path: program.path("runs/\($0)/model.safetensors")).training?["recipe"])
    }
    for recipe in recipes {
      #expect(recipe["steps"]?.int == 2 && recipe["seed"]?.int == 0)
      #expect(recipe["batch"]?.int == 1 && recipe["brightness"]?.int == 0)
      #expect(recipe["optimizer"]?.string == "adamw")
    }
    #expect(recipes[0]["contrast"]?.double == 0.5 && recipes[0]["learning_rate"]?.double == 0.001)
    #expect(recipes[1]["weight_decay"]?.double == 0.5 && recipes[1]["dice"]?.int == 1)
  }

  /// Results count for the weights that their runs began from, wherever these lie.
  @Test func resultsAreOfTheirWeights() throws {
    for (folder, seed) in [("one", "0"), ("two", "1")] {
      let made = try program.run(fixture.arguments(into: folder, steps: 1, ["--seed", seed]))
      #expect(made.status == 0, "\(made.errors)")
    }
    func run(from checkpoint: String) throws -> Program.Outcome {
      try write(
        """
        base: {data: [set], batch: 1, crop: 65x65, brightness: 0}
        rows: [{name: a, from: \(checkpoint)}]
        """)
      return try program.run(command)
    }
    func remove(_ name: String) throws {
      try FileManager.default.removeItem(atPath: program.path(name))
    }
    let first = try run(from: "one/last.safetensors")
    #expect(first.status == 0, "\(first.errors)")
    try remove("runs/a-0")
    try FileManager.default.copyItem(
      atPath: program.path("one/last.safetensors"), toPath: program.path("copy.safetensors"))
    let moved = try run(from: "copy.safetensors")
    #expect(moved.status == 0 && moved.output == first.output, "\(moved.errors)")
    #expect(!Folder.exists(program.path("runs/a-0")))

    let other = try run(from: "two/last.safetensors")
    #expect(other.status == 0, "\(other.errors)")
    #expect(Folder.exists(program.path("runs/a-0")))

    // The path stays, and with it the run; what lay there does not.
    try remove("two/last.safetensors")
    try FileManager.default.moveItem(
      atPath: program.path("copy.safetensors"), toPath: program.path("two/last.safetensors"))
    try remove("runs/results.jsonl")
    let exchanged = try run(from: "two/last.safetensors")
    #expect(exchanged.status == 1)
    #expect(exchanged.errors.contains("a, seed 0: the run in runs/a-0 began from other weights"))
    #expect(exchanged.errors.contains("1 of 1 run failed; the same command tries again"))
  }

  /// A row that runs away does not cost the others.
  @Test func aRowMayDiverge() throws {
    try write(
      base + """
        rows:
          - {name: wild, learning_rate: 100, head_rate: 1000, steps: 30}
          - {name: tame}
        """)
    let outcome = try program.run(command)
    #expect(outcome.status == 1 && outcome.errors.contains("1 of 2 runs diverged"))
    #expect(outcome.output.contains("| wild | diverged | – (1 of 1 diverged) |\n| tame | "))
    #expect(outcome.errors.contains("hfgd: wild, seed 0: step "))
    let again = try program.run(command + ["--json"])
    #expect(again.status == 1 && again.errors.contains("1 of 2 runs diverged"))
    let runs = try again.json["rows"]?.array?.compactMap { $0["runs"]?.array?.first }
    #expect(runs?.compactMap { $0["diverged"]?.bool } == [true, false])
  }

  @Test func wrongTablesAreRefused() throws {
    func refuses(_ table: String, _ text: String) throws {
      try write(table)
      let outcome = try program.run(command)
      #expect(outcome.status == 2, "\(table): \(outcome.errors)")
      #expect(outcome.errors.contains(text), "\(table): \(outcome.errors)")
      #expect(!Folder.exists(program.path("runs")), "\(table)")
    }
    try refuses("rows: [{name: a}]", "data is missing")
    try refuses(base, "rows is missing")
    try refuses(base + "rows: [{name: a}, {name: A}]", "a name of its own")
    try refuses(base + "rows: [{name: a, against: b}]", "a is against \"b\"; expected")
    try refuses(base + "rows: [{name: a, against: a}]", "the name of another row")
    try refuses(
      base + "rows: [{name: a}, {name: c, against: [a, b]}]", "c is against \"b\"; expected")
    try refuses(base + "rows: [{name: a, speed: 1}]", "speed is not a key")
    try refuses(base + "rows: [{name: a, guidance: most}]", "expected one of none, tokens")
    try refuses(base + "rows: [{name: a}, {name: b, guidance: full}]", "it needs a context")
    try refuses(base + "seeds: [1, 1]\nrows: [{name: a}]", "different whole numbers")

    // Whose fault it is, is said.
    try refuses(base + "rows: [{name: a}, {name: b, paper: x}]", "row 2, b: paper is \"x\"; ")
    try refuses(base + "rows: [{name: 5}]", "row 1: name is 5; expected")
    try refuses(base + "rows: [{name: a}, b]", "row 2 is \"b\"; expected an object")
    try refuses(base + "rows: [{name: a}, {name: b, guidance: full}]", "table.yaml, b: sfpn-")
    try refuses(base + "rows: [{name: a, recipe: nowhere}]", "table.yaml, a: nowhere")
    try refuses(base + "rows: [{name: a, recipe: [1]}]", "recipe is a list; expected a name")

    // The keys of base, rows and flags go together or not, whoever gave them.
    try refuses(base + "rows: [{name: a, from: b}]", "table.yaml, a: from brings its own model")
    try refuses(base + "rows: [{name: a, refine_alone: true}]", "give it by from")
    try refuses(
      "base: {data: [set], weights: b}\nrows: [{name: a, from: b}]", "from brings its own weights")

    // Seeds are the table's.
    try refuses("base: {data: [set], seed: 1}\nrows: [{name: a}]", "base: seed is not a key")
    try refuses(base + "rows: [{name: a, seed: 1}]", "row 1, a: seed is not a key of a table; give")
    try write(base + "rows: [{name: a}]")
    for flags in [["--seed", "1"], ["--set", "seed=1"]] {
      let outcome = try program.run(command + flags)
      #expect(outcome.status == 2 && outcome.errors.contains("give seeds"), "\(outcome.errors)")
    }

    // What is compared is validated.
    try refuses(base + "rows: [{name: a}, {name: b, val_split: none}]", "b: val_split is none")
    for part in ["val", "valannot"] {
      try FileManager.default.removeItem(atPath: program.path("set/\(part)"))
    }
    try refuses(base + "rows: [{name: a}]", "set has no part val")
  }
}
