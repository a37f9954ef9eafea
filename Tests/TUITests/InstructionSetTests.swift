import Core
import TestSupport
import Testing

/// The same program in each instruction set that the processor has.
@Suite("Instruction sets", .serialized)
struct InstructionSetTests {
  private let program = Program()

  /// Runs the program with `HFGD_ISA` set to `name`.
  private func run(_ arguments: [String], in name: String) throws -> Program.Outcome {
    var program = program
    program.environment["HFGD_ISA"] = name
    return try program.run(arguments)
  }

  /// The set that is asked for is the one that `hfgd bench` names; an empty variable asks for none.
  @Test(arguments: InstructionSet.supported.map { $0.rawValue } + [""])
  func chosen(name: String) throws {
    let bench = ["bench"] + Program.model + ["--size", "1x1", "--runs", "1"]
    let expected = try #require(
      name.isEmpty ? InstructionSet.supported.last?.rawValue : name)
    #expect(try run(bench + ["--json"], in: name).json["instruction_set"]?.string == expected)
    #expect(try run(bench, in: name).output.contains("instruction set \(expected)\n"))
  }

  /// Whole models agree: their logits but for rounding, their labels wherever two classes are not as good as equal.
  @Test(arguments: [
    ["fcn-mobilenet_v2"], ["sfpn-mobilenet_v2"], ["hfgd-mobilenet_v2-os4"], ["hfgd-resnet50-os4"],
  ])
  func agree(model: [String]) throws {
    let (width, height) = (65, 47)
    try program.makePicture("a.png", width: width, height: height)
    let tolerance = 10 * directTolerance
    var reference: [Float] = []
    for set in InstructionSet.supported {
      let out = set.rawValue
      let outcome = try run(
        ["predict"] + model + ["--random", "1", "a.png", "-o", out, "--format", "logits,id"],
        in: out)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let logits = try values(out + "/a.logits.npy")
      if reference.isEmpty { reference = logits }
      #expect(disagreement(logits, reference) < tolerance, "\(set)")

      let labels = try ImageFile.readLabels(at: program.path(out + "/a.id.png"))
      let pixels = width * height
      let margin = tolerance * (reference.map { abs($0) }.max() ?? 0)
      for (pixel, label) in labels.values.enumerated() {
        let scores = stride(from: pixel, to: reference.count, by: pixels).map { reference[$0] }
        let best = try #require(scores.max())
        #expect(scores[Int(label)] >= best - margin, "\(set), pixel \(pixel)")
      }
    }
  }

  /// The float32 values of a NumPy file with a header of 128 bytes.
  private func values(_ name: String) throws -> [Float] {
    let bytes = try FileBytes.read(program.path(name), maxBytes: 1 << 26)
    return stride(from: 128, to: bytes.count, by: 4).map { start in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) })
    }
  }
}
