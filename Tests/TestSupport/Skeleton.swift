import Core
import Foundation

/// A checkpoint without its weights, which follow from formulas: `NAME.json` and `NAME.bin` of the interop goldens.
///
/// `Tests/interop/skeleton.py` writes both and describes the format.
public struct Skeleton {
  private let name: String
  private let files: [File]
  private let literals: Data

  /// Where skeletons and what the libraries' networks made of their checkpoints lie.
  public static let folder = TestFiles.goldens + "/interop"

  /// The skeleton `name`, such as `torchvision-resnet50`.
  public init(_ name: String) throws {
    self.name = name
    let stem = URL(fileURLWithPath: "\(Self.folder)/\(name)")
    let json = try Data(contentsOf: stem.appendingPathExtension("json"))
    files = try JSONDecoder().decode(Listing.self, from: json).files
    literals = try Data(contentsOf: stem.appendingPathExtension("bin"))
  }

  /// Writes the library's files into `folder`, byte for byte, and returns the path of the one to open.
  ///
  /// Throws where the SHA-256 of a file is not that of the file which the library wrote.
  public func write(to folder: TemporaryFolder) throws -> String {
    var literals = literals
    for file in files {
      let path = folder.path(file.file)
      try file.rebuilt(&literals).write(to: URL(fileURLWithPath: path))
      let digest = try FileDigest.sha256(of: path)
      guard digest == file.sha256 else {
        throw SkeletonMismatch(
          description: "\(name): the SHA-256 of \(file.file) is \(digest), expected \(file.sha256)")
      }
    }
    return folder.path(files[0].file)
  }
}

/// What a skeleton became is not what the library wrote.
public struct SkeletonMismatch: Error, CustomStringConvertible {
  /// Which file, and both digests.
  public let description: String
}

private struct Listing: Decodable {
  let files: [File]
}

/// One file of a checkpoint: its bytes in order, as pieces.
private struct File: Decodable {
  let file: String
  let bytes: Int
  let sha256: String
  let pieces: [Piece]

  /// The file's bytes; takes those that follow from no formula from the front of `literals`.
  func rebuilt(_ literals: inout Data) -> Data {
    var data = Data(capacity: bytes)
    for piece in pieces {
      switch piece {
      case .literal(let count):
        data.append(literals.prefix(count))
        literals = literals.dropFirst(count)
      case .fill(let byte, let count): data.append(Data(repeating: byte, count: count))
      case .copy(let offset, let count): data.append(data.subdata(in: offset..<offset + count))
      case .tensor(let formula): formula.values.withUnsafeBytes { data.append(contentsOf: $0) }
      }
    }
    return data
  }
}

private enum Piece: Decodable {
  case literal(Int)
  case fill(UInt8, count: Int)
  case copy(offset: Int, count: Int)
  case tensor(Formula)

  private enum Key: CodingKey { case literal, fill, `repeat`, count }

  init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: Key.self)
    if let count = try keys.decodeIfPresent(Int.self, forKey: .literal) {
      self = .literal(count)
    } else if let byte = try keys.decodeIfPresent(UInt8.self, forKey: .fill) {
      self = .fill(byte, count: try keys.decode(Int.self, forKey: .count))
    } else if let offset = try keys.decodeIfPresent(Int.self, forKey: .repeat) {
      self = .copy(offset: offset, count: try keys.decode(Int.self, forKey: .count))
    } else {
      self = .tensor(try Formula(from: decoder))
    }
  }
}

/// The values of a tensor: offset + scale · u, or with |u|, of the draws u that name and seed start.
private struct Formula: Decodable {
  let name: String
  let seed: UInt64
  let offset, scale: Double
  let absolute: Bool
  let count: Int

  var values: [Float] {
    RandomWeights.uniform(name, seed: seed, count: count) { u in
      offset + scale * (absolute ? abs(u) : u)
    }
  }
}
