import Core
import Foundation
import Testing

@testable import TUI

/// Whole sessions in tmux: open, browse, look closer, compare, ask for help.
@Suite(
  "Browsing session", .serialized,
  .enabled(if: TmuxSession.isInstalled, "needs tmux"))
struct BrowsingSessionTests {
  /// Every one of 50 images is opened by key, forth and back, and the header says where one is.
  @Test func fiftyImagesForthAndBack() throws {
    let session = ExplorerSession()
    try session.makePictures(50)
    session.start()
    #expect(session.isSettled(" 1/50 ", "img-01"))
    for place in 2...50 {
      session.terminal.press("n")
      #expect(session.isSettled(" \(place)/50 ", "img-\(ExplorerSession.number(place))"))
    }
    session.terminal.press("n")
    for key in ["p", "PageUp", "p"] { session.terminal.press(key) }
    #expect(session.isSettled(" 47/50 ", "img-47"))
    session.terminal.press("Home")
    #expect(session.isSettled(" 1/50 ", "img-01", "OS "))
    session.terminal.press("p")
    session.terminal.press("End")
    #expect(session.isSettled(" 50/50 ", "img-50", "OS "))
    try session.quit()
  }

  /// The list narrows while one types, Enter keeps the filter, marks are listed alone, Esc brings all back.
  @Test func filterAndMarks() throws {
    let session = ExplorerSession()
    try session.makePictures(20)
    session.start()
    session.terminal.press("/")
    session.terminal.run("send-keys", "-l", "G-1")
    #expect(session.shows("10 of 20"))
    #expect(session.isSettled(" 1/10 ", "img-10"))
    session.terminal.press("Enter")
    session.terminal.run("send-keys", "-l", "nm")
    #expect(session.isSettled(" 2/10 ", "★", "img-11"))
    session.terminal.press("M")
    #expect(session.isSettled(" 1/1 ", "img-11"))
    session.terminal.press("M")
    #expect(session.isSettled(" 11/20 "))
    try session.quit()
  }

  /// Zoom by key and wheel, pan, fit; the cursor tells of its pixel; the zoom stays from image to image.
  @Test func zoomPanAndInspect() throws {
    let session = ExplorerSession()
    try session.makePictures(3)
    session.start()
    let whole = session.settledCells
    for _ in 0..<4 { session.terminal.press("+") }
    #expect(session.shows("· ×"))
    let zoomed = session.terminal.screen
    session.terminal.press("L")
    #expect(session.terminal.wait { $0 != zoomed })
    session.terminal.press("n")
    #expect(session.isSettled(" 2/3 ", "OS ") && session.terminal.screen.contains("· ×"))
    session.terminal.press("p")
    session.terminal.press("f")
    #expect(session.isSettled(" 1/3 ", "OS "))
    #expect(session.terminal.wait { !$0.contains("· ×") })
    let fitted = session.settledCells
    for row in 3...20 {
      let other = zip(fitted[row], whole[row]).enumerated().first { $1.0 != $1.1 }
      #expect(other == nil, "row \(row)")
    }
    // The wheel over the picture, at column 45 and row 12.
    session.terminal.send("\u{1B}[<64;45;12M")
    #expect(session.shows("· ×"))
    session.terminal.press("f")
    session.terminal.press("Enter")
    session.terminal.press("Right")
    #expect(
      session.terminal.wait { $0.contains("(") && $0.contains(",") && $0.contains("entropy") })
    try session.quit()
  }

  /// Two models beside each other, wiped, blinking, alone, and beside each other again.
  @Test func compare() throws {
    let session = ExplorerSession()
    try session.makePictures(2)
    session.start("hfgd-mobilenet_v2-os4 fcn-mobilenet_v2 --random 1 --data in")
    #expect(session.shows("A hfgd") && session.shows("B fcn"))
    func shows(_ shown: String, not hidden: String) -> Bool {
      session.terminal.wait { $0.contains(shown) && !$0.contains(hidden) }
    }
    session.terminal.press("c")
    #expect(session.shows("┃"))
    session.terminal.press("c")
    for _ in 0..<2 {
      #expect(shows("A hfgd", not: "B fcn"))
      #expect(shows("B fcn", not: "A hfgd"))
    }
    session.terminal.press("c")
    #expect(shows("A hfgd", not: "B fcn"))
    session.terminal.press("t")
    #expect(shows("B fcn", not: "A hfgd"))
    session.terminal.press("c")
    #expect(session.shows("A hfgd") && session.shows("B fcn"))
    try session.quit()
  }

  /// Help filters and runs; the palette completes, runs with an argument, remembers, and complains of what is unknown.
  @Test func helpAndPalette() throws {
    let session = ExplorerSession()
    try session.makePictures(3)
    session.start()
    session.terminal.press("?")
    #expect(session.shows("commands"))
    session.terminal.run("send-keys", "-l", "view.entropy")
    #expect(session.terminal.wait { $0.contains("view.entropy") && !$0.contains("zoom in") })
    session.terminal.press("Enter")
    #expect(session.shows("· entropy"))
    session.terminal.press(":")
    session.terminal.run("send-keys", "-l", "image.op")
    #expect(session.shows(":image.op"))
    session.terminal.press("Tab")
    #expect(session.shows(":image.open "))
    session.terminal.run("send-keys", "-l", "img-03")
    session.terminal.press("Enter")
    #expect(session.isSettled(" 3/3 ", "img-03"))
    session.terminal.run("send-keys", "-l", ":zzz")
    session.terminal.press("Enter")
    #expect(session.shows("there is no command zzz"))
    session.escape()
    try session.quit()
  }

  /// Nothing of 10 000 files is read before it is shown: they may even be no images.
  @Test func tenThousandFiles() throws {
    let session = ExplorerSession()
    try Folder.create(session.program.path("in"))
    for i in 10_000..<20_000 {
      #expect(
        FileManager.default.createFile(atPath: session.program.path("in/\(i).png"), contents: nil))
    }
    session.launch("fcn-mobilenet_v2 --random 1 --data in")
    #expect(session.isSettled(" 1/10000 ", "10000"))
    #expect(session.shows("10000.png"))
    session.terminal.press("End")
    #expect(session.isSettled(" 10000/10000 ", "19999"))
    session.terminal.run("send-keys", "-l", "/1234")
    #expect(session.shows("11 of 10000"))
    session.escape()
    session.terminal.press("s")
    #expect(session.shows("sorted by"))
    try session.quit()
  }

  /// Each image whose files are not as they should be tells so whenever it is opened; the others are as ever.
  @Test func badFilesAreTold() throws {
    let session = ExplorerSession()
    let picture = try session.program.makePicture("in/a-sound.png", width: 60, height: 40)
    for name in ["b-unlabelled", "c-halved", "d-stray", "e-torn"] {
      try ImageFile.write(picture, to: session.program.path("in/\(name).png"))
    }
    try Folder.create(session.program.path("truth"))
    func label(_ name: String, width: Int, height: Int, _ value: UInt16) throws {
      let values = [UInt16](repeating: value, count: width * height)
      try ImageFile.write(
        LabelMap(width: width, height: height, values: values),
        to: session.program.path("truth/\(name).png"))
    }
    try label("a-sound", width: 60, height: 40, 3)
    try label("c-halved", width: 30, height: 20, 3)
    try label("d-stray", width: 60, height: 40, 77)
    try Data("no picture".utf8).write(
      to: URL(fileURLWithPath: session.program.path("in/e-torn.png")))
    session.start("fcn-mobilenet_v2 --random 1 --data in --labels truth")
    #expect(session.isSettled(" 1/5 ", "mIoU"))
    // Forth they are read for the first time or were read ahead, back they are remembered.
    for _ in 0..<2 {
      for (place, words) in [
        (2, "no labels"), (3, "labels are 30×20"), (4, "labels go up to 77"), (5, "e-torn.png"),
      ] {
        session.terminal.press("n")
        #expect(session.isSettled(" \(place)/5 "))
        #expect(session.shows(words), "\(session.terminal.screen)")
      }
      session.terminal.press("Home")
      #expect(session.isSettled(" 1/5 ", "mIoU"))
    }
    try session.quit()
  }

  /// An evaluation beside the screen counts what `hfgd eval` counts, and each goes on with the other's.
  @Test func evaluatesBesideTheScreen() throws {
    let session = ExplorerSession()
    try session.makePictures(6)
    try Folder.create(session.program.path("truth"))
    for place in 1...6 {
      try ImageFile.write(
        LabelMap(width: 40, height: 30, values: [UInt16](repeating: 3, count: 1200)),
        to: session.program.path("truth/img-\(ExplorerSession.number(place)).png"))
    }
    let model = "fcn-mobilenet_v2 --random 1 --data in --labels truth"
    session.start(model, environment: "COLORTERM=truecolor HFGD_STORE=results.sqlite")
    session.terminal.press("m")
    session.terminal.run("send-keys", "-l", ":evaluate")
    session.terminal.press("Enter")
    #expect(session.shows("6 predictions counted and kept"), "\(session.terminal.screen)")
    try session.quit()
    let outcome = try session.program.shell(
      "$HFGD eval \(model) --store results.sqlite --resume --json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let alone = try session.program.shell("$HFGD eval \(model) --no-store --json")
    #expect(outcome.output == alone.output)
    let store = try ResultsStore(path: session.program.path("results.sqlite"))
    #expect(try store.runs().map(\.counted) == [6])
    let marks = try session.program.shell(
      "$HFGD runs marks in --labels truth --store results.sqlite")
    #expect(marks.output == "img-01\n", "\(marks.errors)")
    // What was counted is there at the next start, before anything is shown.
    session.start(model, environment: "COLORTERM=truecolor HFGD_STORE=results.sqlite")
    session.terminal.run("send-keys", "-l", "/aAcc>=0")
    #expect(session.shows("6 of 6"))
    session.escape()
    try session.quit()
  }

  @Test func anEmptyFolderSaysSo() throws {
    let session = ExplorerSession()
    try Folder.create(session.program.path("in"))
    session.launch("fcn-mobilenet_v2 --random 1 --data in")
    #expect(session.shows("no images"))
    for key in ["n", "End", "+", "Enter", "Right", "v", "e", "m", "s"] {
      session.terminal.press(key)
    }
    try session.quit()
  }
}
