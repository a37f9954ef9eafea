/// Which sides of the scene the first row and the first column of a stored picture show.
///
/// Tag 0x0112 of TIFF 6.0 (p. 36) as Exif uses it: `rightTop` means that the first row is the
/// scene's right side and the first column its top, as of a camera held upright.
public enum EXIFOrientation: UInt16, Sendable, CaseIterable {
  /// Stored upright.
  case topLeft = 1
  /// Mirrored left to right.
  case topRight = 2
  /// Turned by 180°.
  case bottomRight = 3
  /// Mirrored top to bottom.
  case bottomLeft = 4
  /// Mirrored along the main diagonal.
  case leftTop = 5
  /// To be turned clockwise by 90°.
  case rightTop = 6
  /// Mirrored along the other diagonal.
  case rightBottom = 7
  /// To be turned counter-clockwise by 90°.
  case leftBottom = 8

  /// Whether the upright picture is as wide as the stored one is high.
  public var swapsSides: Bool { rawValue >= EXIFOrientation.leftTop.rawValue }

  /// The orientation that the first Exif segment of a JPEG states; `topLeft` where there is none
  /// or where it makes no sense, since a picture on its side is better than none.
  public init(jpeg bytes: [UInt8]) {
    self = .topLeft
    guard let tiff = EXIFOrientation.tiff(inJPEG: bytes) else { return }
    if let orientation = EXIFOrientation(tiff: tiff) { self = orientation }
  }

  /// The orientation in the first directory of a TIFF structure, of either byte order.
  init?(tiff: ArraySlice<UInt8>) {
    let isLittleEndian: Bool
    switch (tiff.first, tiff.dropFirst().first) {
    case (0x49, 0x49): isLittleEndian = true
    case (0x4D, 0x4D): isLittleEndian = false
    default: return nil
    }
    /// The unsigned number in `count` bytes at `offset`; nil where the structure ends before.
    func number(at offset: Int, bytes count: Int) -> Int? {
      guard offset >= 0, offset + count <= tiff.count else { return nil }
      let field = tiff.dropFirst(offset).prefix(count)
      return isLittleEndian
        ? field.reversed().reduce(0) { $0 << 8 | Int($1) }
        : field.reduce(0) { $0 << 8 | Int($1) }
    }
    guard number(at: 2, bytes: 2) == 42, let directory = number(at: 4, bytes: 4),
      let entries = number(at: directory, bytes: 2)
    else { return nil }
    // An entry has 12 bytes: tag 2, type 2, count 4, value 4; a short value stands in the first
    // two.
    let orientationTag = 0x0112
    let shortType = 3
    for entry in 0..<entries {
      let start = directory + 2 + 12 * entry
      guard let tag = number(at: start, bytes: 2) else { return nil }
      guard tag == orientationTag else { continue }
      guard number(at: start + 2, bytes: 2) == shortType, number(at: start + 4, bytes: 4) == 1,
        let value = number(at: start + 8, bytes: 2)
      else { return nil }
      self.init(rawValue: UInt16(value))
      return
    }
    return nil
  }

  /// The TIFF structure of the first Exif segment (APP1) before the first scan.
  private static func tiff(inJPEG bytes: [UInt8]) -> ArraySlice<UInt8>? {
    let exif: [UInt8] = [0x45, 0x78, 0x69, 0x66, 0, 0]  // "Exif", two zeros
    var rest = bytes.dropFirst(2)  // start of image
    while true {
      // A marker is 0xFF, any number of times, and a code.
      guard rest.popFirst() == 0xFF else { return nil }
      rest = rest.drop { $0 == 0xFF }
      guard let code = rest.popFirst() else { return nil }
      switch code {
      case 0x01, 0xD0...0xD7:  // markers without a segment
        continue
      case 0xD9, 0xDA:  // end of image, start of scan
        return nil
      default:
        guard let high = rest.popFirst(), let low = rest.popFirst() else { return nil }
        let count = Int(high) << 8 + Int(low) - 2  // the length counts itself
        guard count >= 0, count <= rest.count else { return nil }
        let segment = rest.prefix(count)
        if code == 0xE1, segment.starts(with: exif) { return segment.dropFirst(exif.count) }
        rest = rest.dropFirst(count)
      }
    }
  }
}
