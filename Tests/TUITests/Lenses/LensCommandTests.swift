import Core
import Foundation
import TestSupport
import Testing

/// `hfgd lens similarity` and `hfgd lens teacher`: what they print is what NumPy makes of exported arrays.
@Suite("Lens commands")
struct LensCommandTests {
  private let program = Program()
  private static let model =
    TestFiles.package + "/samples/models/hfgd-mobilenet_v2-camvid.safetensors"
  private static let scene = TestFiles.package + "/samples/scenes/val/scene-1.jpg"
  private static let labels = TestFiles.package + "/samples/scenes/valannot/scene-1.png"

  /// A run that goes well; what it prints is kept as `file`.
  private func run(_ arguments: [String], keeping file: String? = nil) throws {
    let run = try program.run(arguments)
    #expect(run.status == 0, "\(run.errors)")
    if let file {
      try run.output.write(toFile: program.path(file), atomically: true, encoding: .utf8)
    }
  }

  @Test(
    .enabled(if: NumPy.python != nil, "\(NumPy.remedy)"),
    arguments: [
      ["--at", "200,150"], ["--at", "0,0"], ["--region", "12,40,50x31"], ["--token", "Pole"],
      ["--token", "car", "--os", "32"], ["--at", "200,150", "--os", "4"],
    ])
  func similarityAgreesWithNumPy(probe: [String]) throws {
    let stage = probe.contains("--os") ? Array(probe.suffix(2)) : []
    let input = [Self.model, Self.scene]
    try run(
      ["lens", "features"] + input + ["--npy", program.path("f.npy"), "--json"] + stage,
      keeping: "f.json")
    try run(["predict"] + input + ["-o", program.path(), "--format", "logits", "-q"] + stage)
    try run(
      ["lens", "similarity"] + input + probe + ["--npy", program.path("c.npy"), "--json"],
      keeping: "s.json")
    let check = try NumPy.check(
      "check_similarity.py",
      [Self.model]
        + ["s.json", "f.json", "f.npy", "scene-1.logits.npy", "c.npy"].map { program.path($0) })
    #expect(check.status == 0, "\(check.output)")
  }

  @Test(.enabled(if: NumPy.python != nil, "\(NumPy.remedy)"), arguments: ["4", "2"])
  func teacherAgreesWithNumPy(stride: String) throws {
    let input = [Self.model, Self.scene]
    for (folder, os) in [("teacher", "32"), ("student", stride)] {
      try run(
        ["predict"] + input
          + ["-o", program.path(folder), "--format", "logits", "--os", os, "-q"])
    }
    try run(
      ["lens", "teacher"] + input
        + ["--truth", Self.labels, "--os", stride, "--npy", program.path("kl.npy"), "--json"],
      keeping: "t.json")
    let check = try NumPy.check(
      "check_teacher.py",
      ["t.json", "teacher/scene-1.logits.npy", "student/scene-1.logits.npy", "kl.npy"].map {
        program.path($0)
      } + [Self.labels])
    #expect(check.status == 0, "\(check.output)")
  }

  /// A data set's numbers are the sums of its images'.
  @Test func aDataSetIsTheSumOfItsImages() throws {
    let run = try program.run([
      "lens", "teacher", Self.model, "--data", TestFiles.package + "/samples/scenes", "--json",
    ])
    let report = try run.json
    let images = try #require(report["images"]?.array)
    #expect(images.count > 1)
    for name in ["both_right", "fixed", "broken", "both_wrong"] {
      let sum = images.reduce(0) { $0 + ($1["split"]?[name]?.int ?? 0) }
      #expect(report["all"]?[name]?.int == sum)
      let classes = try #require(report["classes"]?.array)
      #expect(classes.reduce(0) { $0 + ($1[name]?.int ?? 0) } == sum)
    }
    #expect(
      report["disagreements"]?.int == images.reduce(0) { $0 + ($1["disagreements"]?.int ?? 0) })
  }

  /// A pinned pixel is compared with those of other images, and the figure has a panel for each.
  @Test func aProbeGoesThroughSeveralImages() throws {
    let other = TestFiles.package + "/samples/scenes/val/scene-2.jpg"
    let run = try program.run([
      "lens", "similarity", Self.model, Self.scene, other, "--at", "200,150", "-o",
      program.path("s.png"), "--json",
    ])
    let images = try #require(try run.json["images"]?.array)
    #expect(images.compactMap { $0["image"]?.string } == [Self.scene, other])
    // A pixel is most like itself, up to what is mixed of its neighbours.
    #expect(try #require(images[0]["highest"]?.double) > 0.99)
    let scene = try ImageFile.readPicture(at: Self.scene)
    let figure = try ImageFile.readPicture(at: program.path("s.png"))
    #expect(figure.width > 2 * scene.width)
  }

  @Test(arguments: [
    (["similarity", model, scene], "Give one probe"),
    (["similarity", model, scene, "--at", "1,1", "--token", "Car"], "Give one probe"),
    (["similarity", model, scene, "--at", "5000,1"], "leaves the picture"),
    (["similarity", model, scene, "--token", "Cow"], "the classes are Sky"),
    (["teacher", model], "Give one picture"),
    (["teacher", model, scene, "--os", "32"], "the teacher itself"),
    (["teacher", "sfpn-mobilenet_v2", "--random", "1", scene], "no teacher and student"),
    (["teacher", model, "--data", "x", "-o", "a.png"], "go with one picture"),
    (["similarity", model, scene, "--at", "1,1", "-o", "a.gif"], "ends in .png or .jpg"),
  ])
  func mistakesAreTold(arguments: [String], words: String) throws {
    let run = try program.run(["lens"] + arguments)
    #expect(run.status == 2)
    #expect(run.errors.contains(words), "\(run.errors)")
  }
}
