import Core
import TestSupport
import Testing

@testable import TUI

/// Which lines of a table's `results.jsonl` count.
@Suite("Results of a table")
struct MatrixResultsTests {
  private let folder = TemporaryFolder()

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
    _ inputs: RunInputs, _ change: (inout TrainingRequest) -> Void = { _ in }
  ) throws -> MatrixRun {
    try AtomicFile.write(Array("rows: [{name: a}]".utf8), to: folder.path("table.yaml"))
    let matrix = try TrainingMatrix(file: folder.path("table.yaml"))
    var request = try matrix.request(matrix.rows[0], seed: 0, over: try matrix.common())
    request.data = ["here"]
    request.weights = "here.safetensors"
    change(&request)
    return MatrixRun(row: matrix.rows[0], seed: 0, request: request, inputs: inputs)
  }

  /// A run of the same request on the same files, wherever they lie.
  @Test func linesCountForTheirOwnRunAlone() throws {
    let results = try MatrixResults(in: folder.path("runs"))
    let ours = try run(try inputs())
    #expect(results.outcome(of: ours) == nil)
    let outcome = MatrixReport.Outcome(last: 50.5, best: 51.25)
    try results.add(outcome, of: ours)

    func found(
      _ inputs: RunInputs, _ change: (inout TrainingRequest) -> Void = { _ in }
    ) throws -> MatrixReport.Outcome? {
      results.outcome(of: try run(inputs, change))
    }
    #expect(try found(try inputs()) == outcome)
    let moved = try found(try inputs()) { request in
      request.data = ["elsewhere"]
      request.weights = "elsewhere.pth"
    }
    #expect(moved == outcome)

    #expect(try found(try inputs(start: "other")) == nil)
    #expect(try found(try inputs(data: "other")) == nil)
    #expect(try found(try inputs(start: nil), { $0.weights = nil }) == nil)
    #expect(try found(try inputs(), { $0.recipe.loss.dice = 1 }) == nil)
    let checkpoint = try found(try inputs()) { request in
      request.weights = nil
      request.from = "here.safetensors"
    }
    #expect(checkpoint == nil)
  }

  @Test func divergenceIsNoted() throws {
    let path = folder.path("runs")
    let ours = try run(try inputs())
    for outcome in [MatrixReport.Outcome(isDiverged: true), MatrixReport.Outcome()] {
      try MatrixResults(in: path).add(outcome, of: ours)
      #expect(try MatrixResults(in: path).outcome(of: ours) == outcome)
    }
  }

  /// What a line does not say of a recipe is as usual: keys may have been added since.
  @Test func recipesMayGainKeys() throws {
    let path = folder.path("runs/results.jsonl")
    let ours = try run(try inputs())
    let outcome = MatrixReport.Outcome(last: 50, best: 50)
    try MatrixResults(in: folder.path("runs")).add(outcome, of: ours)
    let text = String(decoding: try FileBytes.read(path, maxBytes: 1 << 20), as: UTF8.self)
    let shorter = text.replacing(", \"dice\": 0", with: "")
    #expect(shorter != text)
    try AtomicFile.write(Array(shorter.utf8), to: path)
    #expect(try MatrixResults(in: folder.path("runs")).outcome(of: ours) == outcome)
  }

  /// The study's first lines say nothing of files; they are of runs from a backbone's weights, and go on counting.
  @Test func linesOfBeforeCount() throws {
    let study = TestFiles.package + "/samples/study/"
    let bytes = try FileBytes.read(study + "results.jsonl", maxBytes: 1 << 20)
    try Folder.create(folder.path("runs"))
    try AtomicFile.write(bytes, to: folder.path("runs/results.jsonl"))
    let lines = try String(decoding: bytes, as: UTF8.self).split(separator: "\n")
      .map { try JSON(String($0)) }
    let before = lines.filter { $0["weights"] == nil }.compactMap { $0["mIoU"]?.double }
    #expect(!before.isEmpty)

    let matrix = try TrainingMatrix(file: study + "camvid.yaml")
    let results = try MatrixResults(in: folder.path("runs"))
    let inputs = try inputs()
    func found(_ change: (inout TrainingRequest) -> Void) throws -> [Double] {
      let common = try matrix.common()
      return try matrix.rows.flatMap { row -> [Double] in
        try matrix.seeds.compactMap { seed -> Double? in
          var request = try matrix.request(row, seed: seed, over: common)
          change(&request)
          let run = MatrixRun(row: row, seed: seed, request: request, inputs: inputs)
          return results.outcome(of: run)?.last
        }
      }
    }
    let all = try found { _ in }
    #expect(all.sorted() == before.sorted())
    let random = try found { $0.weights = nil }
    #expect(random.isEmpty)
    let checkpoints = try found { request in
      request.weights = nil
      request.from = "model.safetensors"
    }
    #expect(checkpoints.isEmpty)
  }
}
