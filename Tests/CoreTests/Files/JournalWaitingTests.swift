import TestSupport
import Testing

@testable import Core

@Suite("Journals of several processes")
struct JournalWaitingTests {
  private let folder = TemporaryFolder()

  @Test func opensWhenItIsFree() throws {
    let path = folder.path("j")
    #expect(!Journal.isOpen(path), "what is not there is not open")
    var first: Journal? = try Journal.whenFree(path)
    try first?.append("one")
    #expect(Journal.isOpen(path))
    var asked = 0
    let second = try Journal.whenFree(path) {
      asked += 1
      if asked == 3 { first = nil }
      return false
    }
    #expect(asked == 3 && second.lines == ["one"])
  }

  @Test func waitingCanBeGivenUp() throws {
    let path = folder.path("j")
    let journal = try Journal(path: path)
    #expect(throws: Cancelled.self) { try Journal.whenFree(path) { true } }
    #expect(journal.lines.isEmpty)
  }

  /// Only for what another process will let go of.
  @Test func otherFailuresDoNotWait() throws {
    try AtomicFile.write(Array("precious notes".utf8), to: folder.path("notes"))
    #expect(throws: FileFailure.self) {
      try Journal.whenFree(folder.path("notes"), beginning: "{") { true }
    }
    #expect(throws: FileFailure.self) { try Journal.whenFree(folder.path("no/j")) { true } }
  }
}
