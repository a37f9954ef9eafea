import Core
import Foundation
import TestSupport
import Testing

@Suite("Reports", .serialized)
struct ReportTests {
  private let program = Program()

  /// Labels of a single value beside pictures of noise.
  private func makeData(_ values: [UInt16], labelWidth: Int = 40) throws {
    for (i, value) in values.enumerated() {
      try program.makePicture("data/val/\(i).png")
      try Folder.create(program.path("data/valannot"))
      try ImageFile.write(
        LabelMap(
          width: labelWidth, height: 30, values: [UInt16](repeating: value, count: 30 * labelWidth)),
        to: program.path("data/valannot/\(i).png"))
    }
  }

  private func evaluate(_ arguments: String...) throws -> Program.Outcome {
    try program.run(["eval"] + Program.model + ["--data", "data"] + arguments)
  }

  @Test(arguments: [
    ("models", ["models", "--json"]), ("inspect", ["inspect", "sfpn-resnet50", "--json"]),
    ("inspect", ["inspect", "hfgd-resnet50_beta-os2", "--os", "32", "--tensors", "--json"]),
    (
      "bench",
      ["bench"] + Program.model + ["--size", "9x7", "--runs", "2", "--warmup", "0", "--json"]
    ),
    (
      "scenes", ["scenes", "--count", "1", "--size", "48x36", "-o", "scenes", "--json", "--quiet"]
    ),
  ])
  func areOneObjectWithASchema(schema: String, arguments: [String]) throws {
    let outcome = try program.run(arguments)
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    let report = try outcome.json
    #expect(report["schema"]?.string == "hfgd.\(schema)/1")
    #expect(report["version"]?.string != nil)
  }

  @Test func helpFitsEightyColumns() throws {
    let commands = [
      "", "explore", "view", "predict", "eval", "inspect", "models", "bench", "scenes", "terminal",
    ]
    for command in commands {
      let help = try program.run(["help", command].filter { !$0.isEmpty }).output
      #expect(help.contains("EXAMPLE"), "\(command)")
      for line in help.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }
  }

  /// The configuration that inspect prints is the one that a checkpoint would hold.
  @Test func inspectPrintsAConfigurationThatCanBeRead() throws {
    let outcome = try program.run(["inspect", "hfgd-mobilenet_v2-os4", "--json"])
    let printed = try #require(try outcome.json["configuration"])
    #expect(printed == ModelConfiguration.preset(named: "hfgd-mobilenet_v2-os4")?.json)
  }

  @Test func evaluationCounts() throws {
    try makeData([3, 5])
    let outcome = try evaluate("--json")
    #expect(outcome.status == 0)
    let report = try outcome.json
    #expect(report["schema"]?.string == "hfgd.eval/2")
    #expect(report["images"]?.int == 2)
    let classes = try #require(report["classes"]?.array)
    #expect(classes.map { $0["truth"]?.int } == [0, 0, 0, 1200, 0, 1200, 0, 0, 0, 0, 0])
    #expect(classes.reduce(0) { $0 + ($1["predicted"]?.int ?? 0) } == 2400)
    #expect(classes[3]["name"]?.string == "Road")
    #expect(report["stray_label_pixels"]?.int == 0)
  }

  /// Void everywhere: there is no number, in neither report, and that is no failure.
  @Test func nothingToCount() throws {
    try makeData([11])
    let report = try evaluate("--json").json
    #expect(report["mIoU"] == .null && report["mAcc"] == .null && report["aAcc"] == .null)
    #expect(report["classes"]?.array?.allSatisfy { $0["IoU"] == .null } == true)
    let outcome = try evaluate()
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("mIoU –  mAcc –  aAcc –"))
  }

  @Test func strayLabelsAreToldOf() throws {
    try makeData([3, 600])
    let outcome = try evaluate("--json")
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("warning: 1200 pixels"))
    #expect(try outcome.json["stray_label_pixels"]?.int == 1200)
    #expect(try evaluate("--quiet").errors == "")
  }

  @Test func labelsOfAnotherSizeAreToldOf() throws {
    try makeData([3], labelWidth: 41)
    let outcome = try evaluate()
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("1 label map had another size than the picture"))
  }

  @Test func damagedPairsAreLeftOut() throws {
    try makeData([3, 3, 3])
    try AtomicFile.write([0], to: program.path("data/val/1.png"))
    let outcome = try evaluate("--json")
    #expect(outcome.status == 1)
    let report = try outcome.json
    #expect(report["images"]?.int == 2)
    #expect(report["failed"]?.array?.first?["name"]?.string == "1")
  }
}

@Suite("hfgd view", .serialized)
struct ViewTests {
  private var program = Program()

  private func view(_ arguments: String...) throws -> Program.Outcome {
    try program.makePicture("a.png", width: 64, height: 48)
    return try program.run(["view"] + Program.model + ["a.png"] + arguments)
  }

  /// A pipe gets no colours: letters, a legend and a caption.
  @Test func lettersWithoutColours() throws {
    let outcome = try view("--size", "16x12")
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    #expect(!outcome.output.contains("\u{1B}"))
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.prefix(6).allSatisfy { $0.count == 16 && $0.allSatisfy(\.isLetter) })
    #expect(lines.last == "" && lines.dropLast().last?.hasPrefix("a.png  64×48  fcn") == true)
  }

  @Test func noColorOutweighsForcedColour() throws {
    var copy = self
    copy.program.environment = ["NO_COLOR": "1", "FORCE_COLOR": "1", "COLORTERM": "truecolor"]
    #expect(try !copy.view("--size", "16x12").output.contains("\u{1B}"))
  }

  @Test func coloursOnDemand() throws {
    var copy = self
    copy.program.environment = ["NO_COLOR": "1"]
    let outcome = try copy.view("--size", "16x12", "--color", "always")
    let lines = outcome.output.split(separator: "\n")
    for line in lines.prefix(6) {
      #expect(line.hasPrefix("\u{1B}[38;2;") && line.hasSuffix("\u{1B}[0m"))
      #expect(line.count { $0 == "▀" } == 16)
    }
    #expect(try !copy.view("--color", "always", "--glyphs", "letters").output.contains("\u{1B}"))
  }

  @Test func fewColoursOnDemand() throws {
    var copy = self
    copy.program.environment = ["TERM": "xterm-256color"]
    let outcome = try copy.view("--color", "always", "--size", "8x8")
    #expect(outcome.output.contains("\u{1B}[38;5;") && !outcome.output.contains("\u{1B}[38;2;"))
  }

  @Test(arguments: [("1x1", 1, 1), ("4096x4096", 4096, 1536), ("3x200", 3, 1)])
  func sizesAreKept(size: String, columns: Int, rows: Int) throws {
    let lines = try view("--size", size).output.split(separator: "\n")
    #expect(lines[0].count == columns)
    #expect(lines.firstIndex { $0.contains("%") } == rows)
  }
}
