import Foundation
import TestSupport
import Testing

@testable import Core

@Suite struct SafeTensorsTests {
  // MARK: What is read

  @Test func handExample() throws {
    let header =
      #"{"__metadata__":{"k":"v"},"#
      + #""b":{"dtype":"U8","shape":[],"data_offsets":[0,1]},"#
      + #""a":{"dtype":"F32","shape":[1,2],"data_offsets":[1,9]}}"#
    let data: [UInt8] = [7, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]  // 7; 1.0, −2.0, unaligned
    let file = try SafeTensors(bytes: safeTensorsBytes(header) + data)

    #expect(file.metadata["k"] == "v")
    #expect(file.metadata["K"] == nil)
    #expect(file.warnings.isEmpty)
    #expect(file.tensors.map(\.name) == ["b", "a"])
    #expect(file["a"] == file.tensors[1])
    #expect(file["a"]?.shape == [1, 2])
    #expect(file["a"]?.elementCount == 2)
    #expect(file["b"]?.elementCount == 1)
    #expect(try file.floats("a") == [1, -2])
    #expect(file.withBytes(of: file.tensors[0]) { Array($0) } == [7])
  }

  @Test func unknownFieldsAreWarnings() throws {
    let header = #"{"a":{"dtype":"F32","note":"x","shape":[0],"data_offsets":[0,0]}}"#
    let file = try SafeTensors(bytes: safeTensorsBytes(header))
    #expect(file.warnings == [.unknownField(tensor: "a", field: "note")])
    #expect(file.warnings.first?.description.contains("\"note\"") == true)
  }

  @Test func namesAreComparedByTheirBytes() throws {
    let header = "{\(declaration("e\u{301}", "[1]", 0, 4)),\(declaration("\u{E9}", "[0]", 4, 4))}"
    let file = try SafeTensors(bytes: safeTensorsBytes(header, dataSize: 4))
    #expect(file["e\u{301}"]?.shape == [1])
    #expect(file["\u{E9}"]?.shape == [0])
  }

  @Test func otherTypesAreNotConverted() throws {
    for dtype in DType.allCases where !dtype.widensToFloat {
      let header = "{\(declaration("t.weight", dtype.rawValue, "[8]", 0, dtype.bits))}"
      let file = try SafeTensors(
        bytes: safeTensorsBytes(header, dataSize: dtype.bits), file: "m.safetensors")
      let failure = #expect(throws: SafeTensorsFailure.self) { try file.floats("t.weight") }
      #expect(failure?.reason == .notConvertible(tensor: "t.weight", dtype: dtype))
      #expect(failure?.description.contains("found \(dtype.rawValue);") == true)
    }
  }

  @Test func entryOfAnotherFileStops() async {
    await #expect(processExitsWith: .failure) {
      var writer = SafeTensorsWriter()
      writer.append("a", shape: [9], values: [Float](repeating: 0, count: 9))
      let entry = try SafeTensors(bytes: writer.encoded()).tensors[0]
      try SafeTensors(bytes: safeTensorsBytes("{}")).withBytes(of: entry) { _ in }
    }
  }

  @Test func unknownTensorIsNamed() throws {
    let file = try SafeTensors(bytes: safeTensorsBytes("{}"), file: "m.safetensors")
    let failure = #expect(throws: SafeTensorsFailure.self) { try file.floats("x\u{1B}[2J") }
    #expect(
      failure?.description == "m.safetensors: there is no tensor \"x\\u{1B}[2J\"; "
        + "choose a checkpoint of the model that is meant")
  }

  @Test(arguments: [DType.f32, .f16, .bf16])
  func nonFiniteValuesAreFound(dtype: DType) throws {
    // Around the ends of the blocks of 4096 in which the search goes.
    let indices = [0, 1, 4095, 4096, 8191, 9000]
    for index in indices {
      for value in [Float.nan, -.nan, .infinity, -.infinity] {
        var values = [Float](repeating: -65504, count: 9001)
        values[index] = value
        values[9000] = .nan
        var writer = SafeTensorsWriter()
        writer.append("a", shape: [9001], values: values, as: dtype)
        writer.append(
          "finite", shape: [9000], values: [Float](repeating: 1, count: 9000), as: dtype)
        let file = try SafeTensors(bytes: writer.encoded())
        let read = try file.floats("a")
        #expect(read.withUnsafeBufferPointer { firstNonFiniteIndex(in: $0) } == index)
        #expect(read[index] == values[index] || read[index].isNaN && values[index].isNaN)
        let finite = try file.floats("finite")
        #expect(finite.withUnsafeBufferPointer { firstNonFiniteIndex(in: $0) } == nil)
      }
    }
  }

  // MARK: Hostile files

  @Test func everyPrefixIsRefused() throws {
    let bytes = small()
    _ = try SafeTensors(bytes: bytes)
    for count in 0..<bytes.count {
      #expect(throws: SafeTensorsFailure.self) { try SafeTensors(bytes: Array(bytes[..<count])) }
    }
  }

  @Test func damagedFilesAreReadOrRefused() {
    let original = small()
    var random = SeededRandom(seed: 1)
    var refusals = 0
    for _ in 0..<20_000 {
      var bytes = original
      for _ in 0...Int.random(in: 0...3, using: &random) {
        bytes[Int.random(in: bytes.indices, using: &random)] ^=
          1 << UInt8.random(in: 0...7, using: &random)
      }
      do {
        let file = try SafeTensors(bytes: bytes)
        for entry in file.tensors {
          let floats = try? file.floats(entry.name)
          #expect(floats == nil || floats?.count == entry.elementCount)
        }
      } catch {
        refusals += 1
        #expect(!error.description.isEmpty)
      }
    }
    #expect(refusals > 1000 && refusals < 20_000)
  }

  /// Quadratic work on any of these would take minutes.
  @Test(arguments: [
    HostileHeader("100 000 names on the same bytes", count: 100_000) { i in
      declaration("\(i)", "U8", "[1]", 0, 1)
    },
    HostileHeader("100 000 overlapping tensors", count: 100_000) { i in
      declaration("\(i)", "U8", "[2]", i, i + 2)
    },
    HostileHeader("100 000 empty tensors, then a hole", count: 100_000) { i in
      declaration("\(i)", "U8", "[0]", i == 99_999 ? 1 : 0, i == 99_999 ? 1 : 0)
    },
    HostileHeader("a shape of 1 000 000 axes", count: 1) { _ in
      declaration("a", "U8", "[\(String(repeating: "1,", count: 1_000_000))2]", 0, 1)
    },
    HostileHeader("names of combining marks", count: 2) { i in
      let marks = String(repeating: "\u{301}\u{316}", count: 200_000)
      return declaration("\(i)\(marks)", "U8", "[1]", 0, 1)
    },
    HostileHeader("an unclosed extra field of 1 000 000 lists", count: 1) { _ in
      #""a":{"x":[\#(String(repeating: "[[]],", count: 1_000_000))"#
    },
    HostileHeader("an extra field of 100 000 keys, then its first again", count: 1) { _ in
      let members = (0...100_000).map { "\"\($0 % 100_000)\":0" }.joined(separator: ",")
      return #""a":{"x":{\#(members)}}"#
    },
    HostileHeader("metadata of 100 000 entries, then a list", count: 1) { _ in
      let members = (0..<100_000).map { "\"\($0)\":\"\"" }.joined(separator: ",")
      return #""__metadata__":{\#(members),"k":[]}"#
    },
  ])
  func hostileHeaderIsRefusedInLinearTime(_ hostile: HostileHeader) {
    let failure = #expect(throws: SafeTensorsFailure.self) {
      try SafeTensors(bytes: hostile.bytes())
    }
    #expect((failure?.description.utf8.count ?? 0) < 1000)
  }

  struct HostileHeader: Sendable, CustomTestStringConvertible {
    let testDescription: String
    private let count: Int
    private let member: @Sendable (Int) -> String

    init(_ name: String, count: Int, member: @escaping @Sendable (Int) -> String) {
      testDescription = name
      self.count = count
      self.member = member
    }

    func bytes() -> [UInt8] {
      safeTensorsBytes("{\((0..<count).map(member).joined(separator: ","))}", dataSize: 1)
    }
  }

  // MARK: Files

  @Test func fileOnDisk() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "small.safetensors")
    try Data(small()).write(to: path)

    let file = try SafeTensors(path: path.path)
    #expect(try file.floats("half") == [0.5, -1.5, 3])

    let missing = folder.appending(path: "none").path
    let failure = #expect(throws: SafeTensorsFailure.self) { try SafeTensors(path: missing) }
    #expect(failure?.reason == .unreadable(.missing(path: missing)))
    #expect(failure?.description == "\(missing): no such file; check the path")
  }

  @Test(
    .enabled(if: TestFiles.hasShared, "../shared is absent"),
    arguments: ["hfgd-mobilenet_v2-camvid.safetensors", "sfpn-mobilenet_v2-camvid.safetensors"])
  func trainedModelsAreRead(name: String) throws {
    let file = try SafeTensors(path: TestFiles.shared + "/models/" + name)
    #expect(file.warnings.isEmpty)
    for entry in file.tensors {
      #expect(entry.dtype.widensToFloat)
      let values = try file.floats(entry.name)
      #expect(values.count == entry.shape.reduce(1, *))
      #expect(values.withUnsafeBufferPointer { firstNonFiniteIndex(in: $0) } == nil)
    }
    #expect(file["tokens.weight"]?.shape == [11, 96])

    let configuration = try JSON(try #require(file.metadata["hfgd.config"]))
    #expect(configuration["format"]?.int == 1)
    #expect(configuration["backbone"]?.string == "mobilenet_v2")
    #expect(configuration["input"]?["mean"]?.array?.map(\.double) == [127.5, 127.5, 127.5])
  }

  /// A file with one tensor of each kind that matters, a few hundred bytes long.
  private func small() -> [UInt8] {
    var writer = SafeTensorsWriter(metadata: ["hfgd.config": #"{"format":1}"#])
    writer.append("float", shape: [2, 2], values: [1, 2, 3, 4])
    writer.append("half", shape: [3], values: [0.5, -1.5, 3], as: .f16)
    writer.append("brain", shape: [1, 1], values: [2], as: .bf16)
    writer.append("byte", .u8, shape: [3], bytes: [1, 2, 3])
    return writer.encoded()
  }
}
