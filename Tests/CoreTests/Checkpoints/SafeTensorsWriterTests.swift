import Testing

@testable import Core

@Suite struct SafeTensorsWriterTests {
  /// The bytes that Python safetensors 0.8.0 writes for the same content.
  @Test func handExample() {
    var writer = SafeTensorsWriter(metadata: ["k": "v\t{}"])
    writer.append("b", shape: [2], values: [1.5, -2], as: .f16)
    writer.append("a\n\u{7F}é\u{1}\"/\u{2028}", shape: [1, 1], values: [1])
    let header =
      #"{"__metadata__":{"k":"v\t{}"},"a\n"# + "\u{7F}é" + #"\u0001\"/"# + "\u{2028}"
      + #"":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]},"#
      + #""b":{"dtype":"F16","shape":[2],"data_offsets":[4,8]}}     "#
    #expect(
      writer.encoded() == safeTensorsBytes(header) + [0, 0, 0x80, 0x3F, 0, 0x3E, 0, 0xC0])
  }

  @Test func noTensors() {
    #expect(SafeTensorsWriter().encoded() == safeTensorsBytes("{}      "))
  }

  @Test func wideElementsComeFirstThenNames() throws {
    var writer = SafeTensorsWriter()
    writer.append("z", shape: [1], values: [1], as: .f32)
    writer.append("b", .u8, shape: [3], bytes: [1, 2, 3])
    writer.append("y", shape: [1], values: [1], as: .f16)
    writer.append("é", shape: [1], values: [1], as: .f32)
    writer.append("a", .i64, shape: [], bytes: [UInt8](repeating: 0, count: 8))
    writer.append("x", shape: [1], values: [1], as: .bf16)
    let file = try SafeTensors(bytes: writer.encoded())
    #expect(file.tensors.map(\.name) == ["a", "z", "é", "x", "y", "b"])
  }

  @Test(arguments: 0..<9)
  func dataIsAligned(lengthOfName: Int) {
    var writer = SafeTensorsWriter()
    writer.append(String(repeating: "n", count: lengthOfName), shape: [1], values: [1])
    #expect(writer.encoded().prefix(8).first.map { $0 % 8 } == 0)
  }

  @Test(arguments: [DType.f32, .f16, .bf16])
  func roundTrip(dtype: DType) throws {
    for count in [0, 1, 15, 16, 17, 1009] {
      let values = (0..<count).map { Float($0 % 128) - 64 }  // exact in all three types
      var writer = SafeTensorsWriter(metadata: ["x": "", "": "y\u{0}\u{1F600}"])
      writer.append("pad", .u8, shape: [3], bytes: [1, 2, 3])
      writer.append("", shape: [count, 1], values: values, as: dtype)
      let file = try SafeTensors(bytes: writer.encoded())
      #expect(file[""]?.dtype == dtype)
      #expect(file[""]?.shape == [count, 1])
      #expect(try file.floats("") == values)
      #expect(file.metadata["x"] == "")
      #expect(file.metadata[""] == "y\u{0}\u{1F600}")
      #expect(file.withBytes(of: try #require(file["pad"])) { Array($0) } == [1, 2, 3])
    }
  }

  @Test func metadataKeepsOrderAndReplaces() {
    var metadata: SafeTensorsMetadata = ["a": "1", "b": "2", "a": "3"]
    metadata["c"] = "4"
    metadata["b"] = nil
    #expect(metadata.entries.map(\.key) == ["a", "c"])
    #expect(metadata["a"] == "3")
  }

  @Test func programmerErrorsStop() async {
    await #expect(processExitsWith: .failure) {
      var writer = SafeTensorsWriter()
      writer.append("a", .f32, shape: [2], bytes: [0, 0, 0, 0])
    }
    await #expect(processExitsWith: .failure) {
      var writer = SafeTensorsWriter()
      writer.append("a", shape: [1], values: [1])
      writer.append("a", shape: [1], values: [1])
    }
    await #expect(processExitsWith: .failure) {
      var writer = SafeTensorsWriter()
      writer.append("__metadata__", shape: [1], values: [1])
    }
  }
}
