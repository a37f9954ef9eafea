import Core

/// What came of one image of an evaluation, in a form that can be handed to other processes.
enum CountedImage {
  case counted(StoredImage, isResized: Bool)
  /// It could not be counted, and why.
  case failed(String)
  /// The evaluation was interrupted, or there was no image left.
  case nothing

  private enum Kind: UInt8 {
    case counted, resized, failed, nothing
  }

  /// The bytes of everything but the image's name, which all processes know.
  var encoded: [UInt8] {
    switch self {
    case .counted(let image, let isResized):
      let kind = isResized ? Kind.resized : .counted
      let time = image.milliseconds.bitPattern
      return [kind.rawValue] + (0..<8).map { UInt8(truncatingIfNeeded: time >> (8 * $0)) }
        + image.counts.encoded()
    case .failed(let message): return [Kind.failed.rawValue] + Array(message.utf8)
    case .nothing: return [Kind.nothing.rawValue]
    }
  }

  /// What another process of the same program encoded of the image called `name`.
  init(decoding bytes: [UInt8], named name: String) {
    switch bytes.first.flatMap(Kind.init) {
    case .failed: self = .failed(String(decoding: bytes.dropFirst(), as: UTF8.self))
    case .nothing, nil: self = .nothing
    case .counted, .resized:
      let time = bytes[1..<9].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      guard let counts = try? ImageCounts(decoding: Array(bytes[9...])) else {
        preconditionFailure("\(name): the counts of another process cannot be read")
      }
      self = .counted(
        StoredImage(
          name: name, counts: counts, milliseconds: Double(bitPattern: time)),
        isResized: bytes[0] == Kind.resized.rawValue)
    }
  }
}

extension Communicator {
  /// What all processes made of their images in one round; `samples` are those of the round, at most one for each.
  func gathered(_ own: CountedImage, of samples: ArraySlice<Sample>) -> [CountedImage] {
    guard count > 1 else { return [own] }
    return zip(samples, gathered(own.encoded)).map {
      CountedImage(decoding: $1, named: $0.name)
    }
  }
}
