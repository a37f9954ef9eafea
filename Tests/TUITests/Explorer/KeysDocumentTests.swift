import Foundation
import TestSupport
import Testing

@testable import TUI

@Suite("docs/keys.md")
struct KeysDocumentTests {
  /// The document is the registry's; `hfgd explore --keys > docs/keys.md` makes it anew.
  @Test func isUpToDate() throws {
    let document = try String(
      contentsOfFile: TestFiles.package + "/docs/keys.md", encoding: .utf8)
    #expect(
      document.trimmingCharacters(in: .newlines)
        == CommandRegistry.markdown.trimmingCharacters(in: .newlines))
  }
}
