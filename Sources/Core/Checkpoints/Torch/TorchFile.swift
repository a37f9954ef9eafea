/// A file that `torch.save` wrote: the pickled object, and where the storages of its tensors stand.
struct TorchFile {
  /// The graph and how to read its tensors.
  let objects: TorchObjects

  /// The archive that PyTorch has written since 1.6: `data.pkl`, and a member `data/KEY` for each storage.
  init(_ archive: ZipArchive) throws(TorchFailure) {
    // The folder's name is the file's when it was written, or "archive".
    guard
      let pickle = archive.members.first(where: {
        $0.name == "data.pkl" || $0.name.hasSuffix("/data.pkl")
      })
    else { throw .notPyTorch("it has no data.pkl") }
    let folder = pickle.name.dropLast("data.pkl".count)
    guard archive[folder + "constants.pkl"] == nil else { throw .torchScript }
    if let order = archive[folder + "byteorder"] {
      let text = try Self.contents(of: order, in: archive, atMost: 16)
      guard text == Array("little".utf8) else { throw .bigEndian }
    }
    let bytes = try Self.contents(of: pickle, in: archive, atMost: PickleMachine.byteLimit)
    let run = try Self.run(.array(bytes), from: 0)
    guard run.end == bytes.count else {
      throw .pickle(PickleFailure(offset: run.end, reason: .trailingBytes))
    }
    objects = TorchObjects(graph: run.graph) { key in
      archive["\(folder)data/\(key)"].map { .member(archive, $0) }
    }
  }

  /// The stream that PyTorch wrote before 1.6: five pickles (magic number, version, machine, object, keys of the storages), and then
  /// for each key a count of elements and the elements.
  init(legacy contents: FileContents) throws(TorchFailure) {
    let magic = try Self.run(contents, from: 0)
    guard case .longInt(let place) = magic.graph[magic.graph.root],
      contents.withBytes(in: place, { $0.elementsEqual(Self.magic) })
    else { throw .notPyTorch("it is another pickle, without PyTorch's magic number") }
    let version = try Self.run(contents, from: magic.end)
    guard version.graph.int(version.graph.root) == 1001 else {
      throw .notPyTorch("its version is not 1001")
    }
    let machine = try Self.run(contents, from: version.end)
    if let facts = machine.graph.members(machine.graph.root),
      let order = facts.first(where: { $0.key == "little_endian" })?.value,
      case .bool(false) = machine.graph[order]
    {
      throw .bigEndian
    }
    let object = try Self.run(contents, from: machine.end)
    let keys = try Self.run(contents, from: object.end)
    let places = try Self.storages(
      keys.graph, from: keys.end, in: contents, widths: Self.widths(in: object.graph))
    objects = TorchObjects(graph: object.graph) { key in
      places[ExactString(key)].map { .file(contents, $0) }
    }
  }

  /// 0x1950A86A20F9469CFC6C, little endian.
  private static let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]

  /// How many bytes an element of each storage takes, by the identifiers in the pickle.
  private static func widths(in graph: PickleGraph) -> [ExactString: Int] {
    var widths: [ExactString: Int] = [:]
    for case .persistent(let identifier) in graph.nodes {
      guard let parts = graph.elements(identifier), parts.count >= 3,
        let type = graph.globalName(parts[1]), let key = graph.text(parts[2])
      else { continue }
      widths[ExactString(key)] = TorchObjects.elementWidth(storage: type)
    }
    return widths
  }

  /// Where each storage stands behind its count of elements, in the order of the pickled list of keys.
  private static func storages(
    _ keys: PickleGraph, from start: Int, in contents: FileContents, widths: [ExactString: Int]
  ) throws(TorchFailure) -> [ExactString: Range<Int>] {
    guard let order = keys.elements(keys.root) else {
      throw .notPyTorch("it does not list its storages")
    }
    var places: [ExactString: Range<Int>] = [:]
    var position = start
    for reference in order {
      guard let key = keys.text(reference), places[ExactString(key)] == nil else {
        throw .notPyTorch("its list of storages has something else in it, or one of them twice")
      }
      guard position <= contents.count - 8 else { throw .truncated }
      let elements = contents.withBytes {
        Int64(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: Int64.self))
      }
      position += 8
      // A storage that no tensor uses has a type that nothing tells.
      guard let width = widths[ExactString(key)] else {
        throw .notPyTorch("nothing uses the storage \(quoted(key))")
      }
      let (bytes, isTooLarge) = Int(elements).multipliedReportingOverflow(by: width)
      guard elements >= 0, !isTooLarge, bytes <= contents.count - position else {
        throw .truncated
      }
      places[ExactString(key)] = position..<position + bytes
      position += bytes
    }
    guard position == contents.count else { throw .trailingBytes(contents.count - position) }
    return places
  }

  private static func run(
    _ contents: FileContents, from start: Int
  ) throws(TorchFailure) -> (graph: PickleGraph, end: Int) {
    do {
      return try contents.withBytes { bytes throws(PickleFailure) in
        try PickleMachine.run(bytes, from: start)
      }
    } catch {
      throw .pickle(error)
    }
  }

  private static func contents(
    of member: ZipArchive.Member, in archive: ZipArchive, atMost limit: Int
  ) throws(TorchFailure) -> [UInt8] {
    do { return try archive.contents(of: member, atMost: limit) } catch { throw .zip(error) }
  }
}
