import Core
import Foundation
import TestSupport
import Testing
import Viz

@testable import TUI

@Suite("Explorer export")
struct ExportTests {
  private let folder = TemporaryFolder()

  private func request(_ name: String, isChosen: Bool) -> ExportRequest {
    let sheet = FigureSheet(title: "a0", panels: [FigureSheet.Panel(ExplorerFixture.picture)])
    let top = folder.path("")
    return ExportRequest(
      path: isChosen ? folder.path(name) : top.hasSuffix("/") ? top : top + "/", name: name,
      sheet: sheet)
  }

  /// A figure without a name of the user's own never replaces another file.
  @Test func numbersNamesThatAreTaken() throws {
    let names = try (0..<3).map { _ in
      try request("a0.export.png", isChosen: false).write(isCancelled: { false })?.fileName
    }
    #expect(names == ["a0.export.png", "a0.export-2.png", "a0.export-3.png"])
  }

  @Test func replacesWhatTheUserNames() throws {
    try AtomicFile.write(Array("old".utf8), to: folder.path("f.jpg"))
    let path = try request("f.jpg", isChosen: true).write(isCancelled: { false })
    #expect(path == folder.path("f.jpg"))
    let bytes = try FileBytes.read(folder.path("f.jpg"), maxBytes: 1 << 20)
    #expect(bytes.starts(with: [0xFF, 0xD8, 0xFF]))
  }

  /// Cancelled before or after the figure is composed, nothing is left in the folder.
  @Test(arguments: [1, 2])
  func cancelledWritesNothing(atCheck last: Int) throws {
    var checks = 0
    let path = try request("f.png", isChosen: true).write {
      checks += 1
      return checks == last
    }
    #expect(path == nil && checks == last)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("")).isEmpty)
  }

  /// The state knows what is being written, takes one figure at a time, and Esc gives it up.
  @Test func escapeCancels() {
    let read: [ExplorerEvent] = [
      .decoded(entry: 0, picture: ExplorerFixture.picture, truth: nil, note: nil),
      .answered(entry: 0, slot: 0, ExplorerFixture.answer(1)),
    ]
    let (writing, effects) = ExplorerFixture.after(
      ExplorerFixture.state(), read + ExplorerFixture.keys(":export out/<Enter>"))
    guard case .export(let request)? = effects.last else {
      Issue.record("\(effects)")
      return
    }
    #expect(request.path == "out/a0.export.png" && !request.isNameChosen)
    #expect(writing.exportPath == "out/a0.export.png")
    #expect(
      ExplorerScreen.draw(writing, PaneRasters()).picture
        .contains("writing a0.export.png, Esc cancels"))
    let (refused, none) = ExplorerFixture.after(writing, ExplorerFixture.keys("e"))
    #expect(none.isEmpty && refused.message?.isError == true)
    let (cancelled, given) = ExplorerFixture.after(refused, ExplorerFixture.keys("<Esc>"))
    guard case .cancelExport? = given.first else {
      Issue.record("\(given)")
      return
    }
    #expect(cancelled.exportPath == nil && cancelled.message?.isError == false)
    let (written, _) = ExplorerFixture.after(
      writing, [.exported("written to x.png", isError: false)])
    #expect(written.exportPath == nil && written.message?.text == "written to x.png")
  }
}
