/// Pictures and label maps in files.
public enum ImageFile {
  /// The most pixels that are read unless the caller says otherwise: 100 megapixels.
  public static let defaultMaxPixels = 100_000_000

  /// Whether the extension of `path` is the one of a picture: png, jpg or jpeg in any case.
  public static func isImage(_ path: String) -> Bool { ImageFormat(path: path) != nil }

  /// The picture in a PNG or JPEG file, upright; its contents, not its name, say which of them it
  /// is.
  public static func readPicture(
    at path: String, maxPixels: Int = defaultMaxPixels
  ) throws(ImageFailure) -> Picture {
    try readPicture(from: FileSource(path: path), maxPixels: maxPixels)
  }

  /// The same of a file that may stand in an archive.
  public static func readPicture(
    from source: FileSource, maxPixels: Int = defaultMaxPixels
  ) throws(ImageFailure) -> Picture {
    let path = source.path
    let bytes = try contents(of: source, maxPixels: maxPixels)
    do throws(CodecFailure) {
      switch ImageFormat(contents: bytes) {
      case .png: return try PNG.decodePicture(bytes, maxPixels: maxPixels)
      case .jpeg: return try JPEG.decodePicture(bytes, maxPixels: maxPixels)
      case nil: break
      }
    } catch {
      throw .codec(path: path, error)
    }
    throw .unknownContents(path: path, expected: "a PNG or JPEG picture")
  }

  /// The size in pixels that `readPicture` would give, from the file's header alone.
  public static func size(
    of source: FileSource, maxPixels: Int = defaultMaxPixels
  ) throws(ImageFailure) -> (width: Int, height: Int) {
    let bytes = try contents(of: source, maxPixels: maxPixels)
    do throws(CodecFailure) {
      switch ImageFormat(contents: bytes) {
      case .png: return try PNG.size(of: bytes)
      case .jpeg: return try JPEG.size(of: bytes)
      case nil: break
      }
    } catch {
      throw .codec(path: source.path, error)
    }
    throw .unknownContents(path: source.path, expected: "a PNG or JPEG picture")
  }

  /// The class numbers in a grey or palette PNG file: its stored values or indices, never colours.
  public static func readLabels(
    at path: String, maxPixels: Int = defaultMaxPixels
  ) throws(ImageFailure) -> LabelMap {
    try readLabels(from: FileSource(path: path), maxPixels: maxPixels)
  }

  /// The same of a file that may stand in an archive.
  public static func readLabels(
    from source: FileSource, maxPixels: Int = defaultMaxPixels
  ) throws(ImageFailure) -> LabelMap {
    let path = source.path
    let bytes = try contents(of: source, maxPixels: maxPixels)
    guard ImageFormat(contents: bytes) == .png else {
      throw .unknownContents(path: path, expected: "labels as a PNG")
    }
    do throws(CodecFailure) {
      return try PNG.decodeLabels(bytes, maxPixels: maxPixels)
    } catch {
      throw .codec(path: path, error)
    }
  }

  /// Writes `picture` in the format that the extension of `path` names; `quality`, 1…100, is for
  /// JPEG.
  public static func write(
    _ picture: Picture, to path: String, quality: Int = 90
  ) throws(ImageFailure) {
    let bytes = try encoded(picture, for: path, quality: quality)
    do throws(FileFailure) { try AtomicFile.write(bytes, to: path) } catch { throw .file(error) }
  }

  /// The bytes of `picture` in the format that the extension of `path` names; nothing is written.
  public static func encoded(
    _ picture: Picture, for path: String, quality: Int = 90
  ) throws(ImageFailure) -> [UInt8] {
    guard let format = ImageFormat(path: path) else {
      throw .unknownExtension(path: path, expected: ".png, .jpg or .jpeg")
    }
    do throws(CodecFailure) {
      return switch format {
      case .png: try PNG.encode(picture)
      case .jpeg: try JPEG.encode(picture, quality: quality)
      }
    } catch {
      throw .codec(path: path, error)
    }
  }

  /// Writes `labels` as a grey PNG of their numbers or, with a `palette`, as a palette PNG of them.
  public static func write(
    _ labels: LabelMap, palette: [RGB]? = nil, to path: String
  ) throws(ImageFailure) {
    guard ImageFormat(path: path) == .png else {
      throw .unknownExtension(path: path, expected: ".png, the one format that keeps labels")
    }
    try write(to: path) { () throws(CodecFailure) in
      if let palette { try PNG.encode(labels, palette: palette) } else { try PNG.encode(labels) }
    }
  }

  /// The bytes of a file that may hold an image of `maxPixels`.
  ///
  /// The fattest honest one has 16-bit RGB with alpha, uncompressed, and 64 MiB of metadata.
  private static func contents(
    of source: FileSource, maxPixels: Int
  ) throws(ImageFailure) -> [UInt8] {
    let (bytes, isHuge) = maxPixels.multipliedReportingOverflow(by: 8)
    let metadata = 64 << 20
    do throws(FileFailure) {
      return try source.read(
        maxBytes: isHuge || bytes > .max - metadata ? .max : bytes + metadata)
    } catch {
      throw .file(error)
    }
  }

  /// Writes what `encode` makes, whole or not at all.
  private static func write(
    to path: String, _ encode: () throws(CodecFailure) -> [UInt8]
  ) throws(ImageFailure) {
    let bytes: [UInt8]
    do throws(CodecFailure) { bytes = try encode() } catch { throw .codec(path: path, error) }
    do throws(FileFailure) {
      try AtomicFile.write(bytes, to: path)
    } catch {
      throw .file(error)
    }
  }
}
