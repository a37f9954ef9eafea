/// Why bytes could not be decoded as an image, or an image not be encoded.
public enum CodecFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The bytes end early, are damaged, or use a part of the format that is not read.
  case undecodable(ImageFormat, reason: String)
  /// The header claims more pixels than the caller allows; no memory was taken for them.
  case tooManyPixels(width: Int, height: Int, limit: Int)
  /// A picture stands where class numbers were expected, for example "16-bit RGB".
  case notLabels(found: String)
  /// The format cannot hold this image.
  case unencodable(ImageFormat, reason: String)

  /// One sentence with what was expected, what was found, and what to do.
  public var description: String {
    switch self {
    case .undecodable(let format, let reason):
      "not a sound \(format.rawValue) (\(reason)); fetch or export the image again"
    case .tooManyPixels(let width, let height, let limit):
      "\(width)×\(height) pixels, more than the \(limit) allowed; "
        + "scale the image down or raise the limit"
    case .notLabels(let found):
      "labels must be a grey or palette PNG whose values are class numbers, found \(found); "
        + "export the labels as indices, not as colours"
    case .unencodable(let format, let reason):
      "cannot be written as \(format.rawValue) (\(reason)); choose another size or format"
    }
  }
}
