import Core
import Foundation
import TestSupport
import Testing

/// `hfgd lens view` as its users run it.
@Suite("hfgd lens view", .serialized)
struct LensViewTests {
  private let program = Program()

  private func view(_ more: [String]) throws -> Program.Outcome {
    try program.run(["lens", "view"] + Program.guided + ["a.png"] + more)
  }

  /// Counts are those that NumPy makes of exported logits, of the whole picture and of the part that is cut out.
  @Test(
    .enabled(if: NumPy.python != nil, "\(NumPy.remedy)"), arguments: ["1", "2"])
  func numbersAgreeWithNumPy(scale: String) throws {
    let picture = try program.makePicture("a.png", width: 220, height: 150)
    let region = PixelRegion(x: 90..<150, y: 20..<60)
    let outcome = try view(["--region", "\(region)", "--scale", scale, "--json", "-o", "f.png"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    try AtomicFile.write(Array(outcome.output.utf8), to: program.path("view.json"))
    try ImageFile.write(
      picture.cropped(to: region.withContext(width: 220, height: 150)), to: program.path("cut.png"))
    for (image, scales) in [("a.png", "1"), ("cut.png", scale)] {
      let predicted = try program.run(
        ["predict"] + Program.guided
          + [image, "-o", "out", "--format", "logits", "--scales", scales])
      #expect(predicted.status == 0, "\(predicted.errors)")
    }
    let check = try NumPy.check(
      "check_view.py",
      ["view.json", "out/a.logits.npy", "out/cut.logits.npy"].map { program.path($0) })
    #expect(check.status == 0, "\(check.output)")
    let figure = try ImageFile.readPicture(at: program.path("f.png"))
    #expect(figure.width > 220 + 180 + 180)
  }

  @Test func refusals() throws {
    try program.makePicture("a.png", width: 60, height: 40)
    #expect(try view(["--region", "30,10,40x10"]).status == 2)
    #expect(try view(["--region", "30,10"]).status == 2)
    #expect(try view(["--region", "9223372036854775807,0,8x8"]).status == 2)
    #expect(try view(["--region", "0,0,10x10", "--scale", "9"]).status == 2)
    #expect(try view(["--region", "0,0,10x10"]).output.contains("% of the region's 100 pixels"))
  }
}
