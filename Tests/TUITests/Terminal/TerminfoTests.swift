import Foundation
import Testing

@testable import TUI

/// The descriptions of this machine, patched and read back by the tools that come with curses.
@Suite struct TerminfoTests {
  static let files = TerminfoFiles(environment: [:])

  /// Descriptions that belong to the base system or to curses' own packages; those that are not installed are left out.
  static let terms = [
    "xterm", "xterm-256color", "xterm-color", "screen", "screen-256color", "tmux", "tmux-256color",
    "linux", "rxvt", "rxvt-unicode", "rxvt-unicode-256color", "vt100", "vt220", "ansi", "cygwin",
    "Eterm", "alacritty", "konsole", "vte", "gnome", "st", "putty", "iterm2", "mintty",
    "xterm-direct",
  ].filter { files.bytes(of: $0) != nil }

  static let infocmp = ["/usr/bin/infocmp", "/bin/infocmp"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  @Test(arguments: terms)
  func anEntryIsReadAndWrittenWithoutLoss(_ term: String) throws {
    let bytes = try #require(Self.files.bytes(of: term))
    let entry = try TerminfoEntry(bytes)
    #expect(String(decoding: entry.names, as: UTF8.self).hasPrefix(term))
    #expect(try TerminfoEntry(entry.bytes) == entry)
  }

  @Test(arguments: terms)
  func thePatchChangesColoursAndNothingElse(_ term: String) throws {
    let bytes = try #require(Self.files.bytes(of: term))
    let entry = try TerminfoEntry(bytes)
    let patched = try TerminfoEntry(TerminfoPatch.trueColour(bytes))
    #expect(patched[.colours] == 1 << 24)
    #expect(patched[.pairs] == 1 << 24)
    #expect(patched.isDirectColour)
    #expect(patched[.initializeColour] == nil)
    #expect(patched.names == entry.names)
    let touched: Set = [298, 299, 300, 302, 303, 359, 360]
    for (index, string) in entry.strings.enumerated() where !touched.contains(index) {
      #expect(patched.strings[index] == string)
    }
    for (index, number) in entry.numbers.enumerated() where ![13, 14].contains(index) {
      #expect(patched.numbers[index] == number)
    }
    // Twice is as good as once.
    #expect(TerminfoPatch.trueColour(patched) == patched)
  }

  @Test(arguments: terms)
  func thePatchOf256ColoursSelectsThem(_ term: String) throws {
    let entry = try TerminfoEntry(#require(Self.files.bytes(of: term)))
    let patched = TerminfoPatch.palette256(entry)
    #expect(patched[.colours] == 256 && patched[.pairs] == 65536 && !patched.isDirectColour)
    #expect(
      patched[.setANSIForeground].map { String(decoding: $0, as: UTF8.self) }
        == "\u{1B}[38;5;%p1%dm")
    #expect(try TerminfoEntry(patched.bytes) == patched)
  }

  @Test(
    .enabled(if: infocmp != nil, "infocmp is not installed"),
    arguments: terms)
  func infocmpAcceptsThePatch(_ term: String) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "terminfo-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let letter = folder.appendingPathComponent(String(term.prefix(1)))
    try FileManager.default.createDirectory(at: letter, withIntermediateDirectories: true)
    let bytes = try #require(Self.files.bytes(of: term))
    try Data(TerminfoPatch.trueColour(bytes)).write(to: letter.appendingPathComponent(term))

    let child = ChildProcess(
      try #require(Self.infocmp), ["-x", "-1", "-A", folder.path, term], environment: [:])
    let (text, status) = try #require(child?.result(before: .now + .seconds(10)))
    #expect(status == 0, "\(text)")
    #expect(text.contains("colors#0x1000000"))
    #expect(text.contains("pairs#0x1000000"))
    #expect(text.contains("\tRGB,"))
    #expect(
      text.contains(
        #"setab=\E[48;2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%dm"#))
    #expect(!text.contains("initc="))
  }

  @Test func damageIsNamed() throws {
    #expect(throws: TerminfoFailure.truncated(part: "header")) { try TerminfoEntry([]) }
    #expect(throws: TerminfoFailure.foreignFormat(magic: 0)) {
      try TerminfoEntry([UInt8](repeating: 0, count: 100))
    }
    let bytes = try #require(Self.files.bytes(of: "xterm"))
    for length in stride(from: 0, to: bytes.count - 1, by: 7) {
      // A cut behind the standard part leaves a whole entry; anywhere else it is an error, never a trap.
      _ = try? TerminfoEntry(Array(bytes.prefix(length)))
    }
    #expect(throws: TerminfoFailure.truncated(part: "string table")) {
      try TerminfoEntry(Array(bytes.prefix(bytes.count / 2)))
    }
  }

  @Test func namesThatAreNoFilesAreRefused() {
    #expect(Self.files.bytes(of: "") == nil)
    #expect(Self.files.bytes(of: "../x/xterm") == nil)
    #expect(Self.files.bytes(of: "..") == nil)
  }

  @Test func foldersComeInTheOrderOfCurses() {
    let files = TerminfoFiles(environment: [
      "TERMINFO": "/a", "HOME": "/h", "TERMINFO_DIRS": "/b::/c",
    ])
    #expect(files.folders.prefix(4) == ["/a", "/h/.terminfo", "/b", "/c"])
    #expect(TerminfoFiles(environment: ["TERMINFO": "b64:AA"]).folders.first == "/etc/terminfo")
  }

  @Test func theEnvironmentCarriesURLSafeBase64() {
    #expect(TerminfoPatch.environmentValue([0xFB, 0xFF, 0xFE]) == "b64:-__-")
  }

  @Test func delaysAreDropped() throws {
    var entry = try TerminfoEntry(try #require(Self.files.bytes(of: "xterm")))
    entry[.cursorNormal] = Array("a$<5/>b$<10*>".utf8)
    #expect(entry.plainText(.cursorNormal) == Array("ab".utf8))
  }
}
