import Core
import Foundation
import TestSupport
import Testing

@testable import TUI

@Suite("Inputs of a table")
struct MatrixInputsTests {
  /// Files are looked at once, however many rows name them.
  @Test func contentsAreReadOnce() throws {
    let fixture = try TrainingFixture()
    let program = fixture.program
    for (folder, seed) in [("one", "0"), ("two", "1")] {
      let made = try program.run(fixture.arguments(into: folder, steps: 1, ["--seed", seed]))
      #expect(made.status == 0, "\(made.errors)")
    }
    func request(_ checkpoint: String, split: String = "train") -> TrainingRequest {
      var request = TrainingRequest()
      request.data = [program.path("set")]
      request.split = split
      request.from = program.path("\(checkpoint)/last.safetensors")
      return request
    }
    var inputs = MatrixInputs()
    let (one, two) = (try inputs.inputs(of: request("one")), try inputs.inputs(of: request("two")))
    #expect(one.start != two.start && one.data == two.data)
    #expect(try inputs.inputs(of: request("one", split: "val")).data != one.data)
    #expect(try RunInputs(request("one").plan()).members == one.members)

    // What lies there now is not looked at again; another table looks.
    try FileManager.default.removeItem(atPath: program.path("one/last.safetensors"))
    try FileManager.default.copyItem(
      atPath: program.path("two/last.safetensors"), toPath: program.path("one/last.safetensors"))
    var changed = request("one")
    changed.recipe.steps = 7
    #expect(try inputs.inputs(of: changed).members == one.members)
    var others = MatrixInputs()
    #expect(try others.inputs(of: changed).start == two.start)
  }
}
