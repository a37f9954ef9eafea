/// A picture format that is read and written.
public enum ImageFormat: String, Sendable, CaseIterable {
  /// Portable Network Graphics, without loss.
  case png = "PNG"
  /// Joint Photographic Experts Group, with loss.
  case jpeg = "JPEG"

  /// The format that the extension of `path` names (png, jpg or jpeg in any case); nil for others.
  public init?(path: String) {
    let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return nil }
    switch name[name.index(after: dot)...].lowercased() {
    case "png": self = .png
    case "jpg", "jpeg": self = .jpeg
    default: return nil
    }
  }

  /// The format that the first bytes of a file give away; nil for anything else.
  public init?(contents bytes: [UInt8]) {
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .png
    } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else {
      return nil
    }
  }
}
