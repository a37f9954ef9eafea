import Core
import TestSupport
import Testing

@testable import TUI

/// Which lines of a table's `results.jsonl` count.
@Suite("Results of a table")
struct MatrixResultsTests {
  private let folder = TemporaryFolder()
  private var journal: MatrixJournal { MatrixJournal(in: folder.path()) }

  private let outcome = MatrixOutcome(
    last: 50.5, best: 51.25, seconds: 12.5,
    classes: .object([JSON.Member("sky", .number("60")), JSON.Member("earth", .null)]))

  /// What the record of a run notes of its files.
  private func inputs(data: String = "data", start: String? = "start") throws -> RunInputs {
    let record = JSON.object([
      JSON.Member("fingerprint", .string(data)),
      JSON.Member("start", start.map { .string($0) } ?? .null),
    ])
    return try #require(RunInputs(record))
  }

  /// A run of the only row, from a backbone's weights, changed.
  private func run(
    _ inputs: RunInputs?, _ change: (inout TrainingRequest) -> Void = { _ in }
  ) throws -> MatrixRun {
    try AtomicFile.write(Array("rows: [{name: a}]".utf8), to: folder.path("table.yaml"))
    let matrix = try TrainingMatrix(file: folder.path("table.yaml"))
    var request = try matrix.request(matrix.rows[0], seed: 0, over: try matrix.common())
    request.data = ["here"]
    request.weights = "here.safetensors"
    change(&request)
    return MatrixRun(row: matrix.rows[0], seed: 0, request: request, inputs: inputs)
  }

  private func fromCheckpoint(_ request: inout TrainingRequest) {
    request.weights = nil
    request.from = "here.safetensors"
  }

  /// A run of the same request on the same files, wherever they lie; of any other it is told what is other.
  @Test func linesCountForTheirOwnRunAlone() throws {
    let ours = try run(try inputs())
    #expect(try journal.whileLocked { $0.outcome(of: ours) } == nil)
    try journal.add(outcome, of: ours)
    let results = try journal.results()
    #expect(results.outcome(of: ours) == outcome && results.mismatch(for: ours) == nil)

    let moved = try run(try inputs()) { request in
      request.data = ["elsewhere"]
      request.weights = "elsewhere.pth"
    }
    #expect(results.outcome(of: moved) == outcome)

    func refuses(
      _ mismatch: MatrixResults.Mismatch, _ inputs: RunInputs,
      _ change: (inout TrainingRequest) -> Void = { _ in }
    ) throws {
      let run = try run(inputs, change)
      #expect(results.outcome(of: run) == nil)
      #expect(results.mismatch(for: run) == mismatch)
    }
    try refuses(.file("weights"), try inputs(start: "other"))
    try refuses(.file("data"), try inputs(data: "other"))
    try refuses(.file("weights"), try inputs(start: nil)) { $0.weights = nil }
    try refuses(.file("weights"), try inputs(), fromCheckpoint)
    try refuses(.request(["dice is 0, not 1"]), try inputs()) { $0.recipe.loss.dice = 1 }
  }

  /// The newest line of those that count; others of the same run do no harm.
  @Test func theNewestLineCounts() throws {
    let ours = try run(try inputs())
    let other = try run(try inputs()) { $0.recipe.steps = 7 }
    for score in [40.0, 41] { try journal.add(MatrixOutcome(last: score, best: 42), of: ours) }
    try journal.add(outcome, of: other)
    let results = try journal.results()
    #expect(results.outcome(of: ours)?.last == 41 && results.mismatch(for: ours) == nil)
    #expect(results.outcome(of: other) == outcome)
  }

  /// Where files were not opened, what was asked for counts alone, on whatever data.
  @Test func linesCountWithoutFiles() throws {
    try journal.add(outcome, of: try run(try inputs()))
    let results = try journal.results()
    let unopened = try run(nil)
    #expect(results.outcome(of: unopened) == outcome)
    for change in [{ $0.weights = nil }, fromCheckpoint] {
      let other = try run(nil, change)
      #expect(results.outcome(of: other) == nil)
      #expect(results.mismatch(for: other) == .file("weights"))
    }
    let longer = try run(nil) { $0.recipe.steps = 7 }
    #expect(results.outcome(of: longer) == nil)
  }

  @Test func divergenceIsNoted() throws {
    let ours = try run(try inputs())
    let wild = MatrixOutcome(isDiverged: true, seconds: 3)
    try journal.add(wild, of: ours)
    #expect(try journal.results().outcome(of: ours) == wild)
  }

  /// Lines without a mean IoU say nothing, unless they say that the run diverged.
  @Test func linesWithoutScoreDoNotCount() throws {
    let ours = try run(try inputs())
    try journal.add(MatrixOutcome(), of: ours)
    let results = try journal.results()
    #expect(results.outcome(of: ours) == nil && results.mismatch(for: ours) == .noScore)
  }

  /// Lines of before a member was kept go on counting, as long as they say what their run was made of.
  @Test func olderLinesCount() throws {
    let ours = try run(try inputs())
    let members = MatrixResults.line(outcome, of: ours).object ?? []
    func results(without keys: [String]) -> MatrixResults {
      MatrixResults([JSON.object(members.filter { !keys.contains($0.key) }).line])
    }
    let older = results(without: ["seconds", "version", "classes", "diverged"])
    #expect(older.outcome(of: ours) == MatrixOutcome(last: 50.5, best: 51.25))
    let oldest = results(without: ["data", "weights", "from"])
    #expect(oldest.mismatch(for: ours) == .unknownFile("data"))
    let bare = results(without: ["asked"])
    #expect(bare.mismatch(for: ours) == .request([]))
  }

  @Test func linesSayWhatARunWas() throws {
    let line = MatrixResults.line(outcome, of: try run(try inputs()))
    #expect(
      line.object?.map(\.key) == [
        "run", "mIoU", "best", "seconds", "version", "classes", "diverged", "data", "weights",
        "from", "asked",
      ])
    #expect(line["seconds"]?.double == 12.5 && line["version"]?.string == HFGD.version)
    #expect(line["classes"]?["sky"]?.double == 60 && line["weights"]?.string == "start")
    #expect(line["asked"]?["data"] == nil && line["asked"]?["weights"] == nil)
  }

  /// What a line does not say of a recipe is as usual: keys may have been added since.
  @Test func recipesMayGainKeys() throws {
    let ours = try run(try inputs())
    let text = MatrixResults.line(outcome, of: ours).line
    let shorter = text.replacing(", \"dice\": 0", with: "")
    #expect(shorter != text)
    #expect(MatrixResults([shorter]).outcome(of: ours) == outcome)
  }

  /// Results can be read while a process is adding to them; what it has not finished does not count.
  @Test func resultsAreReadWithoutALock() throws {
    let ours = try run(try inputs())
    try journal.add(outcome, of: ours)
    let open = try Journal(path: journal.path)
    #expect(try journal.results().outcome(of: ours) == outcome)
    #expect(throws: Cancelled.self) { try journal.whileLocked(isCancelled: { true }, { _ in }) }
    #expect(throws: Cancelled.self) { try journal.add(outcome, of: ours, isCancelled: { true }) }
    #expect(open.lines.count == 1)

    let half = folder.path("half")
    try Folder.create(half)
    try AtomicFile.write(
      Array((open.lines[0] + "\n{\"run\": \"b").utf8), to: half.appendingPath("results.jsonl"))
    #expect(try MatrixJournal(in: half).results().outcome(of: ours) == outcome)
    try AtomicFile.write(Array(open.lines[0].utf8), to: half.appendingPath("results.jsonl"))
    #expect(try MatrixJournal(in: half).results().outcome(of: ours) == nil)
  }

  /// Every line of the study is of a run that its table asks for, and all are of the same data and weights.
  @Test(arguments: [("camvid.yaml", "results.jsonl"), ("longer.yaml", "longer/results.jsonl")])
  func theStudysLinesAreOfItsTable(_ table: String, _ results: String) throws {
    let study = TestFiles.package + "/samples/study/"
    let bytes = try FileBytes.read(study + results, maxBytes: 1 << 24)
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    let matrix = try TrainingMatrix(file: study + table)
    let common = try matrix.common()
    let runs = try matrix.rows.flatMap { row in
      try matrix.seeds.map { seed in
        let request = try matrix.request(row, seed: seed, over: common)
        return MatrixRun(row: row, seed: seed, request: request, inputs: nil)
      }
    }
    #expect(!lines.isEmpty)
    for line in lines {
      let name = try #require(try JSON(line)["run"]?.string)
      let run = try #require(runs.first { $0.name == name }, "\(name)")
      let results = MatrixResults([line])
      #expect(
        results.outcome(of: run) != nil, "\(name): \(results.mismatch(for: run)?.description ?? "")"
      )
    }
    for key in ["data", "weights"] {
      let digests = try lines.map { try JSON($0)[key]?.string }
      #expect(Set(digests).count == 1 && digests[0] != nil, "\(key)")
    }
  }
}
