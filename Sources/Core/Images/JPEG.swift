internal import CJPEG

/// JPEG files in memory, as pictures.
///
/// Where data are missing or corrupt the file is refused, up to its very end marker: libjpeg by
/// itself would only warn and fill the rest with grey. Bytes after the end marker are ignored.
public enum JPEG {
  /// The size in pixels of the picture that `decodePicture` would return: upright, see
  /// `EXIFOrientation`.
  public static func size(
    of bytes: [UInt8]
  ) throws(CodecFailure) -> (width: Int, height: Int) {
    let header = try header(of: bytes, maxPixels: .max)
    let stored = (width: Int(header.width), height: Int(header.height))
    return EXIFOrientation(jpeg: bytes).swapsSides ? (stored.height, stored.width) : stored
  }

  /// The picture in `bytes`, upright: baseline or progressive; grey, RGB, YCbCr, CMYK or YCCK.
  ///
  /// Ink is converted by `rgb = 255 · (1 − ink) · (1 − black)`, without a colour profile.
  /// More than `maxPixels` are refused by the header, and so are more than 100 progressive scans.
  public static func decodePicture(
    _ bytes: [UInt8], maxPixels: Int = ImageFile.defaultMaxPixels
  ) throws(CodecFailure) -> Picture {
    let header = try header(of: bytes, maxPixels: maxPixels)
    let (width, height) = (Int(header.width), Int(header.height))
    let samples: [UInt8] = try CodecCall.decoded(
      .jpeg, count: 3 * width * height, messageSize: CJPEG_MESSAGE_SIZE
    ) {
      cjpeg_decode_rgb(bytes, bytes.count, header.width, header.height, $0, $1)
    }
    return Picture(width: width, height: height, samples: samples)
      .upright(from: EXIFOrientation(jpeg: bytes))
  }

  /// A baseline file of `picture` with `quality` in 1…100 and full colour resolution (4:4:4).
  public static func encode(
    _ picture: Picture, quality: Int = 90
  ) throws(CodecFailure) -> [UInt8] {
    precondition((1...100).contains(quality), "JPEG quality is 1…100, not \(quality)")
    guard let width = UInt32(exactly: picture.width), let height = UInt32(exactly: picture.height)
    else {
      throw .unencodable(.jpeg, reason: "\(picture.width)×\(picture.height) pixels")
    }
    var output: [UInt8] = []
    let reason = withUnsafeMutablePointer(to: &output) { output in
      CodecCall.reason(size: CJPEG_MESSAGE_SIZE) { message in
        cjpeg_encode_rgb(
          picture.samples, width, height, CInt(quality), CodecCall.append, output, message)
      }
    }
    if let reason { throw .unencodable(.jpeg, reason: reason) }
    return output
  }

  /// The header of `bytes`, with the promise that at most `maxPixels` follow it.
  private static func header(
    of bytes: [UInt8], maxPixels: Int
  ) throws(CodecFailure) -> cjpeg_header {
    var header = cjpeg_header()
    let reason = CodecCall.reason(size: CJPEG_MESSAGE_SIZE) { message in
      cjpeg_read_header(bytes, bytes.count, &header, message)
    }
    if let reason { throw .undecodable(.jpeg, reason: reason) }
    let (width, height) = (Int(header.width), Int(header.height))
    guard width * height <= maxPixels else {
      throw .tooManyPixels(width: width, height: height, limit: maxPixels)
    }
    return header
  }
}
