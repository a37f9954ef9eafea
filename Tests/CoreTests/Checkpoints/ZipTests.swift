import Foundation
import TestSupport
import Testing

@testable import Core

/// Archives that play tricks: each field of one that NumPy wrote, changed to something that it must not be.
@Suite struct ZipTests {
  private static let path = TestFiles.goldens + "/interop/small/compressed.npz"

  /// The good archive, and where its directory begins.
  private func archive() throws -> (bytes: [UInt8], directory: Int) {
    let bytes = [UInt8](try #require(FileManager.default.contents(atPath: Self.path)))
    let end = bytes.count - 22
    let place = (0..<4).reduce(0) { $0 | Int(bytes[end + 16 + $1]) << (8 * $1) }
    return (bytes, place)
  }

  private func failure(_ bytes: [UInt8]) -> ZipFailure? {
    do {
      let archive = try ZipArchive(.array(bytes))
      for member in archive.members { _ = try archive.contents(of: member, atMost: 1 << 24) }
      return nil
    } catch {
      return error
    }
  }

  @Test func theGoodOneIsRead() throws { #expect(failure(try archive().bytes) == nil) }

  /// Fields of the first entry of the directory (APPNOTE §4.3.12): offset, new bytes, what it is then.
  @Test(
    arguments: [
      (8, [1, 0], "encrypted"), (10, [12, 0], "method 12"), (16, [0, 0, 0, 0], "checksum"),
      (20, [255, 255, 255, 127], "outside"), (24, [255, 255, 255, 127], "contradict"),
      (24, [7, 0, 0, 0], "damaged"), (28, [255, 255], "directory"),
      (42, [255, 255, 255, 127], "outside"), (42, [1, 0, 0, 0], "outside"),
      (46, [0x78], "another one"), (0, [0], "directory"),
    ] as [(Int, [UInt8], String)])
  func forgedEntriesAreRefused(_ offset: Int, _ new: [UInt8], _ word: String) throws {
    var (bytes, directory) = try archive()
    bytes.replaceSubrange(directory + offset..<directory + offset + new.count, with: new)
    let text = failure(bytes)?.description
    #expect(text?.contains(word) == true, "\(String(describing: text))")
  }

  /// Fields of the record at the end (§4.3.16).
  @Test(
    arguments: [
      (4, [1, 0]), (8, [255, 255]), (12, [0, 0, 0, 0]), (16, [255, 255, 255, 127]), (20, [1, 0]),
    ] as [(Int, [UInt8])])
  func forgedEndsAreRefused(_ offset: Int, _ new: [UInt8]) throws {
    var bytes = try archive().bytes
    let end = bytes.count - 22
    bytes.replaceSubrange(end + offset..<end + offset + new.count, with: new)
    #expect(failure(bytes) != nil)
  }

  /// Two entries of one name, or two names for one place.
  @Test func entriesAreNotShared() throws {
    var (bytes, directory) = try archive()
    func u16(_ at: Int) -> Int { Int(bytes[at]) | Int(bytes[at + 1]) << 8 }
    let size = 46 + u16(directory + 28) + u16(directory + 30) + u16(directory + 32)
    // The second entry becomes the first once more where they are of equal length, else the last bytes are cut off.
    let entry = Array(bytes[directory..<directory + size])
    let end = bytes.count - 22
    bytes.insert(contentsOf: entry, at: directory + size)
    func put(_ value: Int, _ at: Int, _ count: Int) {
      for i in 0..<count { bytes[at + i] = UInt8(truncatingIfNeeded: value >> (8 * i)) }
    }
    let newEnd = end + size
    let count = u16(newEnd + 8) + 1
    put(count, newEnd + 8, 2)
    put(count, newEnd + 10, 2)
    put(newEnd - directory, newEnd + 12, 4)
    #expect(failure(bytes) == .overlap)
  }
}
