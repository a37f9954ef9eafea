import TestSupport
import Testing

@testable import Core

@Suite("Tar archives")
struct TarArchiveTests {
  private let folder = TemporaryFolder()

  private func open(_ bytes: [UInt8]) throws -> TarArchive {
    try AtomicFile.write(bytes, to: folder.path("a.tar"))
    return try TarArchive(path: folder.path("a.tar"))
  }

  private func contents(_ archive: TarArchive) -> [String: [UInt8]] {
    Dictionary(
      uniqueKeysWithValues: archive.members.map { ($0.path, archive.contents(of: $0)) })
  }

  /// One archive with all that the formats know: names in every place, folders and links between.
  private var everything: TarWriter {
    let long = String(repeating: "long/", count: 40)
    var tar = TarWriter()
    tar.addPax([("comment", "für alle")])
    tar.add("./set/", [], type: "5")
    tar.add("./set/a.txt", [1, 2, 3])
    tar.add("b.txt", [UInt8](repeating: 7, count: 512), prefix: "set/deep")
    tar.add("@LongLink", Array((long + "gnu\u{0}").utf8), type: "L", magic: "ustar  \u{0}")
    tar.add("cut", [4], magic: "ustar  \u{0}")
    tar.addPax([("mtime", "1.5"), ("path", long + "päx")])
    tar.add("cut", [5])
    tar.add("old", [6], type: "\u{0}", magic: "")
    tar.add("link", [], type: "2")
    tar.add("set/a.txt", [9])
    tar.add("big", [1, 2]) { header in
      // A size in binary, as GNU tar writes those beyond 8 GiB.
      header.replaceSubrange(124..<136, with: [0x80] + [UInt8](repeating: 0, count: 10) + [2])
    }
    tar.addPax([("size", "3")])
    tar.add("sized", [1, 2, 3]) { $0.replaceSubrange(124..<136, with: "00000000000\u{0}".utf8) }
    return tar
  }

  @Test func everyFormOfName() throws {
    let long = String(repeating: "long/", count: 40)
    let archive = try open(everything.finished)
    let expected: [String: [UInt8]] = [
      "set/a.txt": [9], "set/deep/b.txt": [UInt8](repeating: 7, count: 512), long + "gnu": [4],
      long + "päx": [5], "old": [6], "big": [1, 2], "sized": [1, 2, 3],
    ]
    #expect(contents(archive) == expected)
    #expect(archive.member(at: "old")?.bytes.count == 1 && archive.member(at: "ol") == nil)
    #expect(archive.hasFolder("set/deep") && !archive.hasFolder("set/a.txt"))
    #expect(archive.entries(in: "set").files == ["a.txt"])
    #expect(archive.entries(in: "set").folders == ["deep"])
  }

  /// No cut may pass for a whole archive, nor be more than an error.
  @Test func everyTruncationIsNoticed() throws {
    let bytes = everything.bytes
    for count in 0..<bytes.count + 512 {
      let cut = Array((bytes + [UInt8](repeating: 0, count: 512)).prefix(count))
      #expect(throws: TarFailure.self, "\(count) bytes") { try open(cut) }
    }
    #expect(try open(bytes + [UInt8](repeating: 0, count: 512)).members.count == 7)
  }

  /// A wrong byte anywhere in the headers is an error or another archive, never a trap.
  @Test func damagedHeadersDoNotTrap() throws {
    let bytes = everything.finished
    var random = SeededRandom(seed: 4)
    for _ in 0..<3000 {
      var damaged = bytes
      for _ in 0..<3 {
        damaged[Int.random(in: 0..<damaged.count, using: &random)] = .random(
          in: 0...255, using: &random)
      }
      if let archive = try? open(damaged) {
        for member in archive.members { #expect(member.bytes.upperBound <= damaged.count) }
      }
    }
  }

  @Test(arguments: [
    ("a size beyond the file", "77777777777"), ("a size that is no number", "0000000x000"),
  ])
  func hostileSizes(name: String, size: String) {
    var tar = TarWriter()
    tar.add("a", [1]) { $0.replaceSubrange(124..<135, with: size.utf8) }
    #expect(throws: TarFailure.self, "\(name)") { try open(tar.finished) }
  }

  @Test(arguments: [0x80, 0xFF] as [UInt8])
  func hostileBinarySizes(first: UInt8) {
    var tar = TarWriter()
    tar.add("a", [1]) {
      $0.replaceSubrange(124..<136, with: [first] + [UInt8](repeating: 0xFF, count: 11))
    }
    #expect(throws: TarFailure.self) { try open(tar.finished) }
  }

  @Test(arguments: [
    "", "0 path=a\n", "99 path=a\n", "-5 path=a\n", "10 path=a", "9 path\n", " \n", "5 a=\n\n",
    "99999999999999999999 a=b\n", "20 size=-4444444444\n", "28 size=9223372036854775807\n",
  ])
  func hostilePaxRecords(text: String) {
    var tar = TarWriter()
    tar.add("x", Array(text.utf8), type: "x")
    tar.add("a", [1])
    if text.isEmpty {
      #expect(throws: Never.self) { try open(tar.finished) }
    } else {
      #expect(throws: TarFailure.self) { try open(tar.finished) }
    }
  }

  @Test func sparseFilesAreRefused() {
    var tar = TarWriter()
    tar.add("a", [1], type: "S")
    #expect(throws: TarFailure.self) { try open(tar.finished) }
    tar = TarWriter()
    tar.addPax([("GNU.sparse.major", "1")])
    tar.add("a", [1])
    #expect(throws: TarFailure.self) { try open(tar.finished) }
  }

  @Test(
    arguments: [
      ([0x1F, 0x8B, 8, 0], "gunzip -k"), ([0x28, 0xB5, 0x2F, 0xFD, 0], "unzstd"),
      ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "unxz -k"), ([0x42, 0x5A, 0x68, 0x39], "bunzip2 -k"),
      ([0x50, 0x4B, 3, 4], "unzip"),
    ] as [([UInt8], String)])
  func compressedArchivesNameTheirRemedy(bytes: [UInt8], remedy: String) throws {
    let error = #expect(throws: TarFailure.self) { try open(bytes) }
    #expect(error?.description.contains(remedy) == true)
  }

  @Test func otherFilesAreNoArchives() throws {
    let error = #expect(throws: TarFailure.self) {
      try open([UInt8](repeating: UInt8(ascii: "a"), count: 2000))
    }
    #expect(error?.description.contains("no tar header") == true)
    #expect(throws: TarFailure.truncated(path: folder.path("a.tar"))) { try open([]) }
    #expect(throws: TarFailure.file(.missing(path: "/none.tar"))) {
      try TarArchive(path: "/none.tar")
    }
  }
}
