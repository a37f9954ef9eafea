import Core
import Foundation
import TestSupport
import Testing

/// Tables of which not every run is made: interrupted, with runs that fail, or shared with other processes.
@Suite("hfgd train --matrix, in part", .serialized)
struct MatrixSharingTests {
  private let fixture: TrainingFixture
  private var program: Program { fixture.program }

  init() throws { fixture = try TrainingFixture() }

  private let base = """
    base: {data: [set], preset: sfpn-mobilenet_v2, batch: 1, crop: 65x65, brightness: 0, steps: 2}

    """
  private let command = ["train", "--matrix", "table.yaml", "-o", "runs"]

  private func write(_ rows: String) throws {
    try AtomicFile.write(Array((base + rows).utf8), to: program.path("table.yaml"))
  }

  private func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: program.path(name))
  }

  /// The runs that have a line, in the order of the lines.
  private func results() throws -> [String] {
    let bytes = try FileBytes.read(program.path("runs/results.jsonl"), maxBytes: 1 << 20)
    return try String(decoding: bytes, as: UTF8.self).split(separator: "\n")
      .compactMap { try JSON(String($0))["run"]?.string }
  }

  /// Waits until `isTrue`, as long as a run goes on.
  private func wait(for run: Program.Run, until isTrue: () -> Bool) {
    while run.process.isRunning, !isTrue() { usleep(10_000) }
  }

  /// One that begins while another works makes what is left, and both print the whole table.
  @Test func twoProcessesShareATable() throws {
    try write("rows: [{name: a}, {name: b}]")
    let started = try [0, 1].map { _ in try program.start(command) }
    let outcomes = try started.map(program.finish)
    for outcome in outcomes {
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output == outcomes[0].output)
      #expect(!outcome.output.contains("–"))
    }
    #expect(try results().sorted() == ["a-0", "b-0"])
    // Each run is made by one of them.
    let notes = outcomes.flatMap { $0.errors.split(separator: "\n") }
    for (number, name) in [(1, "a"), (2, "b")] {
      #expect(notes.count { $0 == "run \(number) of 2: \(name), seed 0" } == 1, "\(notes)")
    }
  }

  /// A run that another process has is left for later, and taken over where that process ends without finishing.
  @Test func runsOfOthersAreLeftForLater() throws {
    try write("rows: [{name: a}, {name: b}]")
    try Folder.create(program.path("runs/a-0"))
    var other: RunLog? = try RunLog(RunFolder(program.path("runs/a-0")))
    let run = try program.start(command)
    wait(for: run) { (try? results()) == ["b-0"] }
    #expect(try results() == ["b-0"] && other != nil)
    other = nil
    let outcome = try program.finish(run)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try results() == ["b-0", "a-0"])
    #expect(outcome.errors.contains("run 1 of 2: a, seed 0, is left to another process\n"))
    #expect(outcome.errors.contains("waiting for 1 run of other processes\n"))
    #expect(outcome.errors.contains("run 1 of 2: a, seed 0\n"))
  }

  /// Whatever it is at, the table of what is there is printed.
  @Test func ctrlCPrintsWhatIsThere() throws {
    try write("rows: [{name: a}, {name: b, steps: 100000}, {name: c}]")
    let run = try program.start(command + ["--json"])
    let log = RunFolder(program.path("runs/b-0"))
    wait(for: run) { ((try? RunLog.lines(of: log))?.count ?? 0) > 1 }
    kill(run.process.processIdentifier, SIGINT)
    let outcome = try program.finish(run)
    #expect(outcome.status == 130)
    #expect(outcome.errors.contains("interrupted in runs/b-0; the same command goes on"))
    let rows = try outcome.json["rows"]?.array ?? []
    #expect(rows.map { $0["mIoU"]?.double != nil } == [true, false, false])

    // While it waits for another process, too.
    try Folder.create(program.path("runs/c-0"))
    let other = try RunLog(RunFolder(program.path("runs/c-0")))
    try write("rows: [{name: a}, {name: c}, {name: d}]")
    let waiting = try program.start(command)
    wait(for: waiting) { (try? results()) == ["a-0", "d-0"] }
    kill(waiting.process.processIdentifier, SIGINT)
    let stopped = try withExtendedLifetime(other) { try program.finish(waiting) }
    #expect(stopped.status == 130, "\(stopped.errors)")
    #expect(stopped.errors.contains("interrupted; the same command goes on"))
    #expect(stopped.output.contains("\n| c | – | – |\n| d | "))
  }

  /// What keeps one run from being made is told; the others are made.
  @Test func aRunMayFail() throws {
    try FileManager.default.copyItem(
      atPath: program.path("set"), toPath: program.path("broken"))
    for i in 0..<4 { try AtomicFile.write([1, 2, 3], to: program.path("broken/train/\(i).png")) }
    try write(
      """
      rows:
        - {name: a, data: [broken]}
        - {name: b}
        - {name: c, batch: 4096, crop: 2049x2049}
      """)
    let outcome = try program.run(command + ["--quiet"])
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("hfgd: a, seed 0: "))
    #expect(outcome.errors.contains("hfgd: c, seed 0: a step needs "))
    #expect(outcome.errors.hasSuffix("hfgd: 2 of 3 runs failed; the same command tries again\n"))
    #expect(outcome.output.contains("\n| a | – | – |\n| b | "))
    #expect(try results() == ["b-0"])
  }

  /// A run that is over is nothing without the validation that the table compares.
  @Test func aRunNeedsItsLastValidation() throws {
    try write("rows: [{name: a}]")
    let first = try program.run(command)
    #expect(first.status == 0, "\(first.errors)")
    try remove("runs/results.jsonl")
    let log = program.path("runs/a-0/log.jsonl")
    let whole = try FileBytes.read(log, maxBytes: 1 << 20)
    let lines = String(decoding: whole, as: UTF8.self).split(separator: "\n")
    let steps = lines.filter { !$0.contains("validation") }.joined(separator: "\n") + "\n"
    try AtomicFile.write(Array(steps.utf8), to: log)
    let cut = try program.run(command)
    #expect(cut.status == 1)
    #expect(cut.errors.contains("a, seed 0: the run in runs/a-0 is over, but its log has no"))
    #expect(cut.errors.contains("after step 2, the last one; remove that folder"))
    #expect(try results().isEmpty)

    // Its log alone is enough for the line to be written again.
    try AtomicFile.write(whole, to: log)
    let again = try program.run(command)
    #expect(again.status == 0 && again.output == first.output, "\(again.errors)")
    #expect(try results() == ["a-0"])
  }

  /// Rows may read one folder in different ways.
  @Test func rowsOfTheirOwnDataAreNotMixed() throws {
    try write("rows: [{name: a}, {name: b, ignore_index: 12}]")
    let made = try program.run(command)
    #expect(made.status == 0, "\(made.errors)")
    #expect(try program.run(command + ["--no-train"]).errors.isEmpty)
  }

  /// Lines that were made on other data elsewhere and put beside ours are told of.
  @Test func linesOfOtherDataAreToldOf() throws {
    try write("seeds: [0, 1]\nrows: [{name: a}]")
    #expect(try program.run(command).status == 0)
    let path = program.path("runs/results.jsonl")
    var lines = try FileBytes.read(path, maxBytes: 1 << 20).split(separator: UInt8(ascii: "\n")).map
    {
      String(decoding: $0, as: UTF8.self)
    }
    #expect(try program.run(command + ["--no-train"]).errors.isEmpty)
    let digest = try #require(try JSON(lines[1])["data"]?.string)
    lines[1] = lines[1].replacing(digest, with: String(digest.reversed()))
    try AtomicFile.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: path)
    let table = try program.run(command + ["--no-train"])
    #expect(table.status == 0)
    #expect(
      table.errors
        == "results.jsonl: its lines are of different data of one name; gains compare them all the same\n"
    )
  }

  /// The table of what is finished needs neither data nor a lock.
  @Test func noTrainPrintsWhatIsThere() throws {
    let rows = "rows: [{name: a}, {name: b, against: a}]"
    try write("rows: [{name: a}]")
    let made = try program.run(command)
    #expect(made.status == 0, "\(made.errors)")
    try write(rows)
    try remove("set")
    let open = try Journal(path: program.path("runs/results.jsonl"))
    let files = program.files(below: "runs")
    let table = try program.run(command + ["--no-train"])
    #expect(table.status == 0 && table.errors.isEmpty, "\(table.errors)")
    let row = made.output.split(separator: "\n")[2].dropLast(2)
    #expect(table.output.contains("\n\(row) | – | – |\n| b | – | – | a | – |\n"))
    let json = try program.run(command + ["--no-train", "--json"]).json["rows"]?.array
    #expect(json?.map { $0["mIoU"]?.double != nil } == [true, false])
    #expect(program.files(below: "runs") == files && open.lines.count == 1)

    // What is of another request is mentioned, once.
    let longer = try program.run(command + ["--no-train", "--steps", "3"])
    #expect(longer.status == 0)
    #expect(
      longer.errors
        == "results.jsonl: the line of a-0 does not count: it is of another request, steps is 2, not 3\n"
    )

    let missing = try program.run(["train", "--matrix", "table.yaml", "-o", "no", "--no-train"])
    #expect(missing.status == 2 && missing.errors.contains("leave out --no-train"))
    #expect(!Folder.exists(program.path("no")))
  }

  @Test func flagsThatDoNotGoTogether() throws {
    let alone = try program.run(["train", "--data", "set", "-o", "run", "--no-train"])
    #expect(alone.status == 2)
    #expect(alone.errors.contains("--no-train prints a table; name its file by --matrix"))
    let resumed = try program.run(command + ["--resume"])
    #expect(resumed.status == 2)
    #expect(resumed.errors.contains("table goes on by itself; leave out --resume"))
  }

  /// A line that does not count is mentioned with the reason, and its run made.
  @Test func otherDataAreToldOf() throws {
    try write("rows: [{name: a}]")
    #expect(try program.run(command).status == 0)
    try remove("runs/a-0")
    try remove("set/train/3.png")
    try remove("set/trainannot/3.png")
    let outcome = try program.run(command)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let note = "results.jsonl: the line of a-0 does not count: it is of other data\n"
    #expect(outcome.errors.components(separatedBy: note).count == 2)
    #expect(try results() == ["a-0", "a-0"])
  }
}
