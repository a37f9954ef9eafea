import Core
import Foundation
import TestSupport
import Testing

/// `hfgd tokens`: the map of class tokens, printed, drawn and as JSON.
@Suite("Tokens command")
struct TokensTests {
  private let program = Program()
  private let models = ["hfgd", "sfpn"].map {
    TestFiles.package + "/samples/models/\($0)-mobilenet_v2-camvid.safetensors"
  }

  /// The diagonal and the rows of the JSON belong together, and the difference to both models.
  @Test func jsonHoldsMatricesAndTheirDifference() throws {
    let run = try program.run(["tokens"] + models + ["--json"])
    #expect(run.status == 0, "\(run.errors)")
    let json = try run.json
    #expect(json["schema"]?.string == "hfgd.tokens/1")
    func matrix(_ json: JSON?) throws -> [[Double]] {
      try #require(json?.array).map { try #require($0.array).compactMap(\.double) }
    }
    let reports = try #require(json["models"]?.array)
    let matrices = try reports.map { try matrix($0["matrix"]) }
    let difference = try matrix(json["difference"])
    for (report, matrix) in zip(reports, matrices) {
      let confidence = try #require(report["confidence"]?.array).compactMap(\.double)
      #expect(matrix.count == 11 && matrix.indices.map { matrix[$0][$0] } == confidence)
      for row in matrix { #expect(abs(row.reduce(0, +) - 1) < 1e-12) }
    }
    #expect(difference[3][4] == matrices[1][3][4] - matrices[0][3][4])
    #expect(json["order"]?.array?.compactMap(\.int) == Array(0..<11))
  }

  @Test(
    .enabled(if: NumPy.python != nil, "\(NumPy.remedy)"),
    arguments: [
      ["--order", "clustered"], ["--values", "cosine", "--order", "clustered"],
      ["--scale", "sqrt"],
    ])
  func numbersAgreeWithNumPy(options: [String]) throws {
    let run = try program.run(["tokens"] + models + ["--json"] + options)
    try run.output.write(toFile: program.path("tokens.json"), atomically: true, encoding: .utf8)
    let check = try NumPy.check("check_tokens.py", [program.path("tokens.json")])
    #expect(check.status == 0, "\(check.output)")
  }

  @Test func printsMapAndTable() throws {
    let run = try program.run(["tokens", models[0], "--color", "never"])
    #expect(run.status == 0, "\(run.errors)")
    let lines = run.output.split(separator: "\n")
    #expect(lines[0].contains("mean confidence"))
    #expect(lines.contains { $0.contains("Bicyclist  ") && $0.contains("Pedestrian") })
    #expect(lines.last?.hasPrefix("mean") == true)
  }

  @Test func writesAFigure() throws {
    let run = try program.run(["tokens"] + models + ["-o", "tokens.png", "--order", "clustered"])
    #expect(run.status == 0, "\(run.errors)")
    let picture = try ImageFile.readPicture(at: program.path("tokens.png"))
    // Three charts of eleven squares side by side.
    #expect(picture.width > 3 * 11 * 48 && picture.height > 11 * 48)
    let isWrong = try program.run(["tokens", models[0], "-o", "tokens.gif"])
    #expect(isWrong.status == 2)
  }

  @Test func otherClassesAreRefused() throws {
    let run = try program.run(["tokens", models[0], "fcn-resnet50", "--random", "1"])
    #expect(run.status == 2)
    #expect(run.errors.contains("different classes (11 and "))
    #expect(run.errors.contains("compare models of the same classes"))
  }
}
