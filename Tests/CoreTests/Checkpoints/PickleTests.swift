import Testing

@testable import Core

/// Hostile pickles, instruction by instruction: refused with what is wrong and where, and nothing is run.
@Suite struct PickleTests {
  private func run(
    _ body: [UInt8], protocol version: UInt8 = 2
  ) throws(PickleFailure) -> PickleGraph {
    let bytes = [0x80, version] + body
    return try FileContents.array(bytes).withBytes { bytes throws(PickleFailure) in
      try PickleMachine.run(bytes).graph
    }
  }

  private func failure(_ body: [UInt8]) -> PickleFailure? {
    do {
      _ = try run(body)
      return nil
    } catch {
      return error
    }
  }

  private static let stop = UInt8(ascii: ".")

  /// All that is no instruction of a checkpoint: the text protocols, extensions, buffers out of band, and what is none at all.
  @Test func everyOtherInstructionIsRefused() {
    for code in UInt8.min...UInt8.max where PickleOpcode(rawValue: code) == nil {
      #expect(failure([code, Self.stop])?.reason == .refusedOpcode(code))
    }
    #expect(UInt8.min...UInt8.max ~= 0x82 && PickleOpcode(rawValue: 0x82) == nil, "EXT1")
  }

  /// `os.system('…')`: a note of a call and nothing more.
  @Test func callsAreNotes() throws {
    let body = Array("cposix\nsystem\nX".utf8) + [4, 0, 0, 0] + Array("true".utf8) + [0x85, 0x52]
    let graph = try run(body + [Self.stop])
    let (name, call) = try #require(graph.call(graph.root))
    #expect(name == "posix.system")
    #expect(graph.elements(call.arguments)?.compactMap { graph.text($0) } == ["true"])
    let contents = FileContents.array([0x80, 2] + body + [Self.stop])
    #expect(throws: TensorFileFailure.self) { try TensorFile(contents, path: "evil.pth") }
  }

  @Test(
    arguments: [
      ([], .truncated), ([0x4E], .truncated), ([0x2E], .emptyStack),
      ([0x74, 0x2E], .noMark), ([0x75, 0x2E], .noMark), ([0x65, 0x2E], .noMark),
      ([0x86, 0x2E], .emptyStack), ([0x4E, 0x28, 0x85, 0x2E], .emptyStack),
      ([0x68, 7, 0x2E], .unknownMemo(7)), ([0x6A, 1, 2, 3, 4, 0x2E], .unknownMemo(0x0403_0201)),
      ([0x71, 0, 0x2E], .emptyStack), ([0x94, 0x2E], .emptyStack),
      ([0x58, 255, 255, 255, 255, 0x2E], .truncated), ([0x58, 1, 0, 0, 0, 0xFF, 0x2E], .notUTF8),
      ([0x8D, 255, 255, 255, 255, 255, 255, 255, 255, 0x2E], .truncated),
      ([0x8E, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x2E], .truncated),
      ([0x4E, 0x4E, 0x61, 0x2E], .wrongKind(expected: "a list")),
      ([0x4E, 0x4E, 0x4E, 0x73, 0x2E], .wrongKind(expected: "a dictionary")),
      ([0x4E, 0x4E, 0x52, 0x2E], .wrongKind(expected: "a tuple of arguments")),
      ([0x4E, 0x4E, 0x62, 0x2E], .wrongKind(expected: "an object that takes a state")),
      ([0x4E, 0x4E, 0x93, 0x2E], .wrongKind(expected: "the names of a module and a class")),
      ([0x63, 0x61, 0x2E], .truncated),
    ] as [([UInt8], PickleFailure.Reason)])
  func nonsenseIsRefused(_ body: [UInt8], _ reason: PickleFailure.Reason) {
    #expect(failure(body)?.reason == reason)
  }

  @Test func protocolsBelow2AndAbove5AreRefused() {
    for version: UInt8 in [0, 1, 6, 255] {
      #expect(throws: PickleFailure(offset: 0, reason: .noProtocol)) {
        try run([0x4E, Self.stop], protocol: version)
      }
    }
  }

  /// A container that holds itself, and one that nests deeper than any stack of calls.
  @Test func cyclesAndDepthAreNoDanger() throws {
    let cycle = try run([0x5D, 0x71, 0, 0x68, 0, 0x61, Self.stop])
    #expect(cycle.elements(cycle.root) == [cycle.root])
    let deep =
      [UInt8](repeating: 0x5D, count: 1_000_000)
      + [UInt8](repeating: 0x61, count: 999_999)
    let graph = try run(deep + [Self.stop])
    #expect(graph.nodes.count == 1_000_000)
  }

  @Test func moreObjectsThanAreReadAreRefused() {
    let many = [UInt8](repeating: 0x4E, count: PickleMachine.objectLimit + 1)
    #expect(failure(many + [Self.stop])?.reason == .tooManyObjects)
    let marks = [UInt8](repeating: 0x28, count: PickleMachine.objectLimit + 1)
    #expect(failure(marks + [Self.stop])?.reason == .tooManyObjects)
    let copies = [0x4E, 0x71, 0] + [UInt8](repeating: 0x68, count: 2 * PickleMachine.objectLimit)
    #expect(failure(copies)?.reason == .unknownMemo(0x68), "a get of object 0x68")
  }

  @Test func integersKeepTheirSigns() throws {
    #expect(try int([0x4A, 0xFF, 0xFF, 0xFF, 0xFF]) == -1)
    #expect(try int([0x8A, 0]) == 0)
    #expect(try int([0x8A, 1, 0x80]) == -128)
    #expect(try int([0x8A, 2, 0x80, 0]) == 128)
    #expect(try int([0x8A, 8] + [UInt8](repeating: 0xFF, count: 8)) == -1)
    #expect(try int([0x4D, 0xFF, 0xFF]) == 65535)
    #expect(try int([0x8A, 9] + [UInt8](repeating: 1, count: 9)) == nil, "more than 64 bits")
  }

  private func int(_ body: [UInt8]) throws -> Int? {
    let graph = try run(body + [Self.stop])
    return graph.int(graph.root)
  }
}
