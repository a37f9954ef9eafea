import Core
import Foundation

/// A picture in the form in which a page holds it itself.
struct DataURI {
  let text: String
  let width, height: Int

  /// A picture with the grain of a photograph, as JPEG.
  init(photograph picture: Picture) {
    self.init(picture, "jpeg") { picture throws(CodecFailure) in try JPEG.encode(picture) }
  }

  /// A picture of few colours with sharp edges, as PNG.
  init(drawing picture: Picture) {
    self.init(picture, "png") { picture throws(CodecFailure) in try PNG.encode(picture) }
  }

  private init(
    _ picture: Picture, _ type: String, _ encode: (Picture) throws(CodecFailure) -> [UInt8]
  ) {
    (width, height) = (picture.width, picture.height)
    do throws(CodecFailure) {
      text = "data:image/\(type);base64," + Data(try encode(picture)).base64EncodedString()
    } catch {
      preconditionFailure("\(width)×\(height) pixels in memory cannot be encoded: \(error)")
    }
  }
}
