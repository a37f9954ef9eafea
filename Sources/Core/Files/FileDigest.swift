import Crypto
import Foundation

/// The SHA-256 of files: what tells one checkpoint from another wherever it lies.
public enum FileDigest {
  /// The digest of the file at `path`, 64 hexadecimal digits.
  public static func sha256(of path: String) throws(MappedFileFailure) -> String {
    try MappedFile(path: path).withBytes { hexadecimal(SHA256.hash(data: $0)) }
  }

  /// The digest of several files: that of the one, or of all their digests in order.
  public static func sha256(of paths: [String]) throws(MappedFileFailure) -> String {
    var digests: [String] = []
    for path in paths { digests.append(try sha256(of: path)) }
    return digests.count == 1
      ? digests[0] : hexadecimal(SHA256.hash(data: Array(digests.joined().utf8)))
  }

  static func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
    digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
