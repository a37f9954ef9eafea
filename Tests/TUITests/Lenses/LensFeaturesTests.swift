import Core
import Foundation
import TestSupport
import Testing

/// `hfgd lens features`, `attention` and `scatter`: what they print and write, and whether NumPy finds the same.
@Suite("Feature and attention commands")
struct LensFeaturesTests {
  private let program = Program()
  private let model =
    TestFiles.package + "/samples/models/hfgd-mobilenet_v2-camvid.safetensors"
  private let scenes = TestFiles.package + "/samples/scenes"

  /// Runs a lens, keeps its JSON in `name`.json and returns it.
  private func lens(_ arguments: [String], into name: String) throws -> JSON {
    let run = try program.run(["lens"] + arguments + ["--json"])
    #expect(run.status == 0, "\(run.errors)")
    try AtomicFile.write(Array(run.output.utf8), to: program.path("\(name).json"))
    return try run.json
  }

  private func check(_ kind: String, _ files: [String]) throws {
    let check = try NumPy.check("check_features.py", [kind] + files)
    #expect(check.status == 0, "\(check.output)")
  }

  @Test(.enabled(if: NumPy.python != nil, "\(NumPy.remedy)"), arguments: ["32", "4"])
  func featuresAgreeWithNumPy(stride: String) throws {
    try program.makePicture("a.png", width: 150, height: 101)
    let npy = program.path("features.npy")
    let json = try lens(
      ["features", model, program.path("a.png"), "--os", stride, "--npy", npy], into: "features")
    #expect(json["schema"]?.string == "hfgd.lens.features/1")
    #expect(json["explained_variance"]?.array?.count == 3)
    try check("features", [program.path("features.json"), npy])
  }

  @Test(
    .enabled(if: NumPy.python != nil, "\(NumPy.remedy)"),
    arguments: [
      ["--layer", "context"], ["--os", "4"], ["--os", "2", "--head", "3"],
    ])
  func attentionAgreesWithNumPy(options: [String]) throws {
    try program.makePicture("a.png", width: 150, height: 101)
    let npy = program.path("input.npy")
    let json = try lens(
      ["attention", model, program.path("a.png"), "--at", "77,40", "--npy", npy] + options,
      into: "attention")
    #expect(json["schema"]?.string == "hfgd.lens.attention/1")
    try check("attention", [program.path("attention.json"), npy, model])
  }

  @Test(.enabled(if: NumPy.python != nil, "\(NumPy.remedy)"))
  func scatterAgreesWithNumPy() throws {
    let json = try lens(
      [
        "scatter", model, "--data", scenes, "--images", "1", "--os", "4", "--method", "pca",
        "--per-class", "60", "--classes", "Road,building,3,Car",
      ], into: "scatter")
    let names = json["classes"]?.array?.compactMap { $0["name"]?.string }
    #expect(names == ["Road", "Building", "Car"])
    let image = try #require(json["images"]?.array?.first?.string)
    let npy = program.path("features.npy")
    let file = try #require(
      try FileManager.default.subpathsOfDirectory(atPath: scenes).first {
        $0.fileName.withoutExtension == image.fileName && !$0.contains("annot")
      })
    _ = try lens(
      ["features", model, scenes + "/" + file, "--os", "4", "--npy", npy], into: "features")
    try check("scatter", [program.path("scatter.json"), npy])
  }

  /// All models see the same pixels, and UMAP gives the same places again.
  @Test func scatterIsTheSameForAllModelsAndRuns() throws {
    let arguments = [
      "scatter", model, TestFiles.package + "/samples/models/sfpn-mobilenet_v2-camvid.safetensors",
      "--data", scenes, "--images", "2", "--os", "4", "--per-class", "25", "--seed", "5",
    ]
    let first = try lens(arguments + ["--threads", "1"], into: "first")
    let second = try lens(arguments + ["--threads", "3"], into: "second")
    let models = try #require(first["models"]?.array)
    #expect(models.count == 2)
    let count = first["points"]?["x"]?.array?.count
    #expect(models.allSatisfy { $0["u"]?.array?.count == count })
    #expect(first["points"] == second["points"])
    // Networks may differ in the last bit from thread to thread; the layout of one set of features does not.
    #expect(models[0]["u"]?.array?.count == second["models"]?.array?[0]["u"]?.array?.count)
  }

  @Test func figuresAndTextAreWritten() throws {
    try program.makePicture("a.png", width: 90, height: 61)
    let picture = program.path("a.png")
    for (name, arguments) in [
      ("f.png", ["features", model, picture, "--fit", picture]),
      ("a.jpg", ["attention", model, picture, "--at", "5,6"]),
    ] {
      let run = try program.run(["lens"] + arguments + ["-o", name])
      #expect(run.status == 0, "\(run.errors)")
      #expect(try ImageFile.readPicture(at: program.path(name)).width > 90)
    }
    let text = try program.run(["lens", "features", model, picture, "--os", "4"]).output
    #expect(text.hasPrefix("96 features on 25×17 cells"))
    let scatter = try program.run([
      "lens", "scatter", model, "--data", scenes, "--images", "1", "--per-class", "30", "--os",
      "4", "--method", "pca", "--color", "never",
    ])
    #expect(scatter.status == 0 && scatter.output.contains("R Road 30"))
  }

  @Test(arguments: [
    (["attention", "--at", "500,1"], "the picture has"), (["attention", "--at", "x"], "x,y"),
    (["attention", "--at", "1,1", "--head", "5"], "4 heads"),
    (["attention", "--at", "1,1", "--os", "32"], "only context attention"),
    (["features", "-o", "out.txt"], "ends in .png or .jpg"),
  ])
  func usersErrorsSayWhatHelps(arguments: [String], message: String) throws {
    try program.makePicture("a.png", width: 60, height: 40)
    var arguments = ["lens"] + arguments
    arguments.insert(contentsOf: [model, program.path("a.png")], at: 2)
    if arguments.contains("32") { arguments += ["--layer", "axial"] }
    let run = try program.run(arguments)
    #expect(run.status == 2 && run.errors.contains(message), "\(run.errors)")
  }

  @Test func unknownClassesAreNamed() throws {
    let run = try program.run(["lens", "scatter", model, "--data", scenes, "--classes", "Rode"])
    #expect(run.status == 2 && run.errors.contains("there is no class Rode; there are Sky, "))
  }
}
