import Testing

@testable import Core

/// Tensors of a PyTorch file that claim what they do not have.
@Suite struct HostileTensorTests {
  @Test(arguments: [
    ([2, 3], [3, 1], 0, 6), ([3, 2], [1, 3], 0, 6), ([], [], 5, 6), ([4], [0], 5, 6),
    ([0, 5], [1 << 40, 1], 0, 0), ([1, 1], [1 << 60, 7], 0, 1),
  ])
  func viewsInsideTheirStorageAreRead(
    _ shape: [Int], _ strides: [Int], _ offset: Int, _ count: Int
  ) throws {
    let range = try TorchObjects.extent(shape, strides, offset, in: count, "t")
    #expect(range.upperBound <= count)
  }

  @Test(
    arguments: [
      ([2, 3], [3, 1], 1, 6, TorchFailure.outsideStorage("t")),
      ([2], [Int.max], 1, 6, .outsideStorage("t")),
      ([Int.max, Int.max, 0], [1, 1, 1], 0, 6, .outsideStorage("t")),
      ([-1], [1], 0, 6, .badTensor("t")), ([1], [-1], 0, 6, .badTensor("t")),
      ([1], [1], -1, 6, .badTensor("t")), ([1, 1], [1], 0, 6, .badTensor("t")),
      ([1 << 40], [0], 0, 6, .expanded("t", elements: 1 << 40, stored: 6)),
      ([1 << 20, 1 << 20], [0, 0], 0, 1, .expanded("t", elements: 1 << 40, stored: 1)),
    ] as [([Int], [Int], Int, Int, TorchFailure)])
  func viewsBeyondTheirStorageAreRefused(
    _ shape: [Int], _ strides: [Int], _ offset: Int, _ count: Int, _ failure: TorchFailure
  ) {
    #expect(throws: failure) {
      try TorchObjects.extent(shape, strides, offset, in: count, "t")
    }
  }

  /// Nothing is stepped over along an axis of one element, so its stride may be anything.
  @Test(arguments: [
    ([2, 1], [1, Int.max], [0, 1]), ([1, 3], [Int.max, 2], [0, 2, 4]),
    ([1, 1], [7, Int.max], [0]),
    ([2, 1, 2], [2, Int.max, 1], [0, 1, 2, 3]),
  ])
  func stridesOfSingleElementsAreIgnored(
    _ shape: [Int], _ strides: [Int], _ expected: [Float]
  ) throws {
    let values = (0..<6).map { Float($0) }
    let bytes = values.withUnsafeBytes { Array($0) }
    let tensor = StoredTensor(
      "t", .f32, shape, in: .array(bytes), 0..<bytes.count, strides: strides)
    #expect(try Array(tensor.elements().floats.prefix(expected.count)) == expected)
  }

  /// An empty tensor may claim sizes that no sum or product of them survives; the format allows it, we do not.
  @Test(arguments: [
    "[4611686018427387904,0]", "[9223372036854775807,2,0]", "[0,72057594037927936]",
  ])
  func emptyTensorsOfEndlessShapeAreRefused(_ shape: String) throws {
    let bytes = safeTensorsBytes("{\(declaration("a", shape, 0, 0))}")
    let failure = #expect(throws: TensorFileFailure.self) {
      try TensorFile(.array(bytes), path: "a.safetensors")
    }
    #expect(failure == .endlessShape(path: "a.safetensors", tensor: "a"))
    #expect(failure?.description.contains("; ") == true, "a remedy")
  }

  /// Channels that hold nothing are not counted one by one.
  @Test func statisticsOfNothingTakeNoTime() {
    let statistics = TensorStatistics(
      UnsafeBufferPointer(start: nil, count: 0), shape: [1 << 50, 0])
    #expect(statistics.count == 0 && statistics.deadChannels == 0)
  }
}

/// Pickles that say much in few bytes: they refer to one object again and again.
@Suite struct RepeatingPickleTests {
  /// The instructions that push a text and put it into the memo as number 0.
  private static func memoized(_ text: [UInt8]) -> [UInt8] {
    [0x58] + withUnsafeBytes(of: UInt32(text.count).littleEndian) { Array($0) } + text + [0x71, 0]
  }

  private static func graph(_ body: [UInt8]) throws -> PickleGraph {
    try FileContents.array([0x80, 2] + body + [UInt8(ascii: ".")]).withBytes {
      bytes throws(PickleFailure) in try PickleMachine.run(bytes).graph
    }
  }

  /// A key of a megabyte under which 20 000 values stand would be decoded 20 000 times.
  @Test func longKeysAreNoNames() throws {
    let key = Self.memoized([UInt8](repeating: UInt8(ascii: "k"), count: 1 << 20))
    // {key: None, …}: the key from the memo, NONE, 20 000 times.
    let members = (0..<20_000).flatMap { _ in [0x68, 0, 0x4E] as [UInt8] }
    let graph = try Self.graph(
      [UInt8(ascii: "}"), UInt8(ascii: "(")] + key + [0x4E] + members + [UInt8(ascii: "u")])
    #expect(graph.members(graph.root)?.isEmpty == true)
  }
}
