internal import CPNG

/// PNG files in memory, as pictures or as class numbers.
///
/// Damage anywhere up to the end of the last chunk is an error, never a partial picture. Chunks
/// that do not change pixels (text, colour profiles, gamma) are skipped unread; bytes after the end
/// are ignored.
public enum PNG {
  /// The size in pixels that the header claims, whatever follows it.
  public static func size(
    of bytes: [UInt8]
  ) throws(CodecFailure) -> (width: Int, height: Int) {
    let header = try header(of: bytes)
    return (Int(header.width), Int(header.height))
  }

  /// The picture in `bytes`, whatever its colour type, bit depth and interlacing.
  ///
  /// Samples of 16 bits are rounded to 8; transparent pixels stand over black; gamma and colour
  /// profiles are ignored; a palette index without a colour is black. More than `maxPixels` are
  /// refused by the header.
  public static func decodePicture(
    _ bytes: [UInt8], maxPixels: Int = ImageFile.defaultMaxPixels
  ) throws(CodecFailure) -> Picture {
    let header = try header(of: bytes, maxPixels: maxPixels)
    let (width, height) = (Int(header.width), Int(header.height))
    let samples: [UInt8] = try CodecCall.decoded(
      .png, count: 3 * width * height, messageSize: CPNG_MESSAGE_SIZE
    ) {
      cpng_decode_rgb(bytes, bytes.count, header.width, header.height, $0, $1)
    }
    return Picture(width: width, height: height, samples: samples)
  }

  /// The class numbers in `bytes`: grey values of 1 to 16 bits as they are stored, or palette
  /// indices.
  ///
  /// A 4-bit grey 3 is 3, a 16-bit 1000 is 1000; transparency and the palette's colours have no
  /// part in it.
  /// - Throws: `notLabels` for files with RGB or alpha samples.
  public static func decodeLabels(
    _ bytes: [UInt8], maxPixels: Int = ImageFile.defaultMaxPixels
  ) throws(CodecFailure) -> LabelMap {
    let header = try header(of: bytes, maxPixels: maxPixels)
    guard let hasLabels = colorTypes[Int(header.color_type)]?.hasLabels, hasLabels else {
      throw .notLabels(found: description(of: header))
    }
    let (width, height) = (Int(header.width), Int(header.height))
    let values: [UInt16] = try CodecCall.decoded(
      .png, count: width * height, messageSize: CPNG_MESSAGE_SIZE
    ) {
      cpng_decode_values(bytes, bytes.count, header.width, header.height, $0, $1)
    }
    return LabelMap(width: width, height: height, values: values)
  }

  /// An 8-bit RGB file of `picture`.
  public static func encode(_ picture: Picture) throws(CodecFailure) -> [UInt8] {
    let (width, height) = try sides(picture.width, picture.height)
    return try picture.samples.withUnsafeBytes { samples in
      encoded(
        cpng_image(
          width: width, height: height, bit_depth: 8, color_type: UInt8(cpng_rgb),
          samples: samples.baseAddress, palette: nil, palette_count: 0))
    }.get()
  }

  /// A grey file whose values are the class numbers of `labels`: of 8 bits where all fit, else of
  /// 16.
  public static func encode(_ labels: LabelMap) throws(CodecFailure) -> [UInt8] {
    let (width, height) = try sides(labels.width, labels.height)
    var image = cpng_image(
      width: width, height: height, bit_depth: 16, color_type: UInt8(cpng_grey),
      samples: nil, palette: nil, palette_count: 0)
    if labels.values.allSatisfy({ $0 <= 255 }) {
      image.bit_depth = 8
      return try labels.values.map(UInt8.init(truncatingIfNeeded:)).withUnsafeBytes { samples in
        image.samples = samples.baseAddress
        return encoded(image)
      }.get()
    }
    return try labels.values.withUnsafeBytes { samples in
      image.samples = samples.baseAddress
      return encoded(image)
    }.get()
  }

  /// A palette file whose indices are the class numbers of `labels`, shown in the colours of
  /// `palette`.
  ///
  /// - Throws: `unencodable` unless the palette has 1 to 256 colours and every value has one.
  public static func encode(
    _ labels: LabelMap, palette: [RGB]
  ) throws(CodecFailure) -> [UInt8] {
    let (width, height) = try sides(labels.width, labels.height)
    guard (1...256).contains(palette.count) else {
      throw .unencodable(.png, reason: "a palette of \(palette.count) colours instead of 1 to 256")
    }
    if let value = labels.values.max(), value >= palette.count {
      throw .unencodable(
        .png, reason: "label \(value) has no colour in a palette of \(palette.count)")
    }
    let indices = labels.values.map(UInt8.init(truncatingIfNeeded:))
    let colors = palette.flatMap { [$0.red, $0.green, $0.blue] }
    return try indices.withUnsafeBytes { indices in
      colors.withUnsafeBufferPointer { colors in
        encoded(
          cpng_image(
            width: width, height: height, bit_depth: 8, color_type: UInt8(cpng_palette),
            samples: indices.baseAddress, palette: colors.baseAddress,
            palette_count: UInt16(palette.count)))
      }
    }.get()
  }

  /// The header of `bytes`, with the promise that at most `maxPixels` follow it.
  private static func header(
    of bytes: [UInt8], maxPixels: Int = .max
  ) throws(CodecFailure) -> cpng_header {
    var header = cpng_header()
    let reason = CodecCall.reason(size: CPNG_MESSAGE_SIZE) { message in
      cpng_read_header(bytes, bytes.count, &header, message)
    }
    if let reason { throw .undecodable(.png, reason: reason) }
    let (width, height) = (Int(header.width), Int(header.height))
    guard width * height <= maxPixels else {
      throw .tooManyPixels(width: width, height: height, limit: maxPixels)
    }
    return header
  }

  /// The colour types of the specification by number, and whether their samples can be class
  /// numbers.
  private static let colorTypes: [Int: (name: String, hasLabels: Bool)] = [
    cpng_grey: ("grey", true), cpng_rgb: ("RGB", false), cpng_palette: ("palette", true),
    cpng_grey_alpha: ("grey with alpha", false), cpng_rgb_alpha: ("RGB with alpha", false),
  ]

  /// The kind of samples in words, for example "16-bit RGB".
  private static func description(of header: cpng_header) -> String {
    "\(header.bit_depth)-bit \(colorTypes[Int(header.color_type)]?.name ?? "samples")"
  }

  /// The sides as PNG counts them.
  private static func sides(
    _ width: Int, _ height: Int
  ) throws(CodecFailure) -> (UInt32, UInt32) {
    guard let wide = UInt32(exactly: width), let high = UInt32(exactly: height) else {
      throw .unencodable(.png, reason: "\(width)×\(height) pixels")
    }
    return (wide, high)
  }

  /// The file of `image`, whose pointers must be valid.
  private static func encoded(_ image: cpng_image) -> Result<[UInt8], CodecFailure> {
    var output: [UInt8] = []
    let reason = withUnsafePointer(to: image) { image in
      withUnsafeMutablePointer(to: &output) { output in
        CodecCall.reason(size: CPNG_MESSAGE_SIZE) { message in
          cpng_encode(image, CodecCall.append, output, message)
        }
      }
    }
    if let reason { return .failure(.unencodable(.png, reason: reason)) }
    return .success(output)
  }
}
