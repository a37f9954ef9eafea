import Core
import Foundation
import Testing

/// The files of `Goldens/images`, made by `make_images.py`, and what they hold.
struct ImageGoldens: Decodable {
  /// Files that hold the same picture (bytes are RGB samples) or labels (little-endian 16 bits).
  struct Entry: Decodable, CustomTestStringConvertible {
    let files: [String]
    let width, height: Int
    let bytes: Data

    var testDescription: String { files.joined(separator: ", ") }

    var picture: Picture { Picture(width: width, height: height, samples: [UInt8](bytes)) }

    var labels: LabelMap {
      let values = stride(from: 0, to: bytes.count, by: 2).map {
        UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
      }
      return LabelMap(width: width, height: height, values: values)
    }
  }

  let pictures, labels: [Entry]
  /// Pictures that are no labels, with the kind of samples that they hold.
  let notLabels: [String: String]
  /// Files that must be refused.
  let failures: [String]

  /// What `expected.json` says.
  static let expected: ImageGoldens = {
    do {
      return try JSONDecoder().decode(ImageGoldens.self, from: Data(bytes("expected.json")))
    } catch {
      fatalError("Goldens/images/expected.json: \(error); run make_images.py")
    }
  }()

  /// Where the file `name` lies.
  static func path(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Goldens/images/\(name)").standardized.path
  }

  /// The contents of the file `name`.
  static func bytes(_ name: String) throws -> [UInt8] {
    try FileBytes.read(path(name), maxBytes: 1 << 20)
  }
}

extension Picture {
  /// A picture of random samples, the same for the same seed.
  static func random(
    width: Int, height: Int, using generator: inout some RandomNumberGenerator
  ) -> Picture {
    let samples = (0..<(3 * width * height)).map { _ in UInt8.random(in: 0...255, using: &generator)
    }
    return Picture(width: width, height: height, samples: samples)
  }
}
