/// Why an image file could not be read or written.
public enum ImageFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file itself could not be read or written.
  case file(FileFailure)
  /// The file was read, but is neither a PNG nor a JPEG, or not a PNG where labels need one.
  case unknownContents(path: String, expected: String)
  /// The extension names no format that can hold what was to be written.
  case unknownExtension(path: String, expected: String)
  /// The bytes at `path` are no usable image, or the image does not fit the format of `path`.
  case codec(path: String, CodecFailure)

  /// One sentence with the path, what was expected, what was found, and what to do.
  public var description: String {
    switch self {
    case .file(let failure):
      failure.description
    case .unknownContents(let path, let expected):
      "\(path): expected \(expected), found something else; convert the file to one"
    case .unknownExtension(let path, let expected):
      "\(path): expected a name that ends in \(expected); change the extension"
    case .codec(let path, let failure):
      "\(path): \(failure)"
    }
  }
}
