import Glibc
import TestSupport
import Testing

@testable import Core

@Suite("Journals")
struct JournalTests {
  private let folder = TemporaryFolder()

  private func lines() throws -> [String] { try Journal.whenFree(folder.path("j")).lines }

  @Test func linesComeBack() throws {
    #expect(try lines() == [])
    do {
      let journal = try Journal(path: folder.path("j"))
      try journal.append("first")
      try journal.append("")
      try journal.append("dritte Zeile 😀")
      #expect(journal.lines == ["first", "", "dritte Zeile 😀"])
    }
    #expect(try lines() == ["first", "", "dritte Zeile 😀"])
    do { try Journal(path: folder.path("j")).clear() }
    #expect(try lines() == [])
  }

  /// What a killed process wrote of a line counts for nothing, wherever it was stopped.
  @Test func cutLinesAreForgotten() throws {
    let whole = Array("one\ntwo\nthree\n".utf8)
    for end in 0...whole.count {
      try AtomicFile.write(whole[..<end], to: folder.path("j"))
      let expected = ["one", "two", "three"].prefix(whole[..<end].count { $0 == 10 })
      // A program that another test has just started holds the last round's lock until it runs.
      do {
        let journal = try Journal.whenFree(folder.path("j"))
        #expect(journal.lines == Array(expected))
        try journal.append("next")
      }
      #expect(try lines() == expected + ["next"])
    }
  }

  @Test func onlyOneHasItOpen() throws {
    let path = folder.path("j")
    let journal = try Journal(path: path)
    #expect(
      throws: FileFailure.unwritable(path: path, reason: "another process is writing it")
    ) { try Journal(path: path) }
    #expect(journal.lines.isEmpty)
  }

  /// A single line without an end is cut off only where it may be a journal's.
  @Test func filesOfOthersStay() throws {
    let path = folder.path("notes")
    try AtomicFile.write(Array("precious notes".utf8), to: path)
    #expect(throws: FileFailure.unwritable(path: path, reason: "it is a file of something else")) {
      try Journal(path: path, beginning: "[\"mine")
    }
    #expect(try FileBytes.read(path, maxBytes: 99) == Array("precious notes".utf8))
    try AtomicFile.write(Array("[\"mi".utf8), to: path)
    #expect(try Journal(path: path, beginning: "[\"mine").lines.isEmpty)
  }

  @Test func aFolderIsNoJournal() throws {
    #expect(throws: FileFailure.self) { try Journal(path: folder.path()) }
  }

  @Test func aLineThatDoesNotFitLeavesNothing() async throws {
    // The limit on file sizes stands in for the full disk; it holds for a whole process.
    await #expect(processExitsWith: .success) {
      let folder = TemporaryFolder()
      let journal = try Journal(path: folder.path("j"))
      try journal.append("kept")
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 100, rlim_max: 100)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      let failure = #expect(throws: FileFailure.self) {
        try journal.append(String(repeating: "x", count: 200))
      }
      try journal.append("fits")
      let bytes = try FileBytes.read(folder.path("j"), maxBytes: 1000)
      exit(failure != nil && bytes == Array("kept\nfits\n".utf8) ? 0 : 1)
    }
  }
}
