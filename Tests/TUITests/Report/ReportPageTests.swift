import Core
import Foundation
import TestSupport
import Testing

@testable import TUI

/// `hfgd report` as its users run it, its page read by a parser of XML and by a browser.
@Suite("hfgd report", .serialized)
struct ReportPageTests {
  private let program = Program()
  private static let hostile = "<b>&\"'<script>"

  private func evaluate(_ more: String...) throws -> Program.Outcome {
    try program.run(
      ["eval"] + Program.model + ["--data", "data", "--dataset", "camvid", "--quiet", "--json"]
        + ["--per-image", "images.csv"] + more)
  }

  private func report(_ more: String...) throws -> Program.Outcome {
    try program.run(["report", "1", "-o", "r.html"] + more)
  }

  private func page(_ name: String = "r.html") throws -> String {
    String(decoding: try FileBytes.read(program.path(name), maxBytes: 1 << 26), as: UTF8.self)
  }

  /// Well-formed, without anything from elsewhere, and with the store's numbers to the last digit.
  @Test func numbersAreThoseOfTheRun() throws {
    try program.makeCamVid(6)
    let run = try evaluate("--metrics", "boundary").json
    let outcome = try report("--images", "2", "--json")
    #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
    let pictured = try #require(outcome.json["pictured"]?.array)
    #expect(pictured.count == 4)
    #expect(pictured.allSatisfy { $0["as_counted"]?.bool == true })
    let page = try page()
    let elements = try PageReader.elements(of: page)
    #expect(elements.allSatisfy { $0.name != "link" && $0.attributes["href"] == nil })
    let sources = elements.compactMap { $0.attributes["src"] }
    #expect(sources.count == 16 && sources.allSatisfy { $0.hasPrefix("data:image/") })
    func means(_ name: String) -> String? {
      elements.first { $0.attributes["data-name"] == name }?.attributes["data-value"]
    }
    for name in ["mIoU", "mAcc", "aAcc", "fwIoU", "mBIoU"] {
      let value = try #require(means(name).flatMap(Double.init))
      #expect(value == run[name]?.double, "\(name)")
    }
    // Rows of tables: a heading and the numbers behind the texts.
    let rows = PageReader.rows(in: elements)
    for image in try #require(run["per_image"]?.array) {
      let name = try #require(image["name"]?.string)
      let row = try #require(rows.first { $0.heading == name })
      #expect(
        row.values.prefix(3).map(Double.init)
          == ["mIoU", "mAcc", "aAcc"].map { image[$0]?.double })
    }
    for k in try #require(run["classes"]?.array) {
      let row = try #require(rows.first { $0.heading == k["name"]?.string && $0.values.count > 6 })
      let names = ["IoU", "Acc", "Dice", "Precision", "Recall", "Fscore"]
      #expect(row.values.prefix(6).map(Double.init) == names.map { k[$0]?.double })
    }
    // The map of class tokens: rows of a softmax, and its diagonal in a last column.
    let tokens = elements.compactMap { $0.attributes["data-token"].flatMap(Double.init) }
    #expect(tokens.count == 11 * 12)
    for row in 0..<11 {
      let values = tokens[(12 * row)..<(12 * row + 12)]
      #expect(
        abs(values.dropLast().reduce(0, +) - 1) < 1e-3 && values.last == values[12 * row + row])
    }
    let squares = elements.compactMap { $0.attributes["data-pixels"].flatMap(Int.init) }
    let counts = try #require(run["confusion"]?.array).flatMap { row in
      (row.array ?? []).compactMap(\.int)
    }
    #expect(squares == counts.filter { $0 > 0 })
  }

  /// Names that look like markup are text, in the table, in attributes and in the title.
  @Test func namesAreEscaped() throws {
    try program.makeCamVid(2, names: ["<b>&\"'x", "y"])
    #expect(try evaluate().status == 0)
    #expect(try report().status == 0)
    let page = try page()
    #expect(!page.contains("<b>&") && page.contains("&lt;b&gt;&amp;&quot;&#39;x"))
    let rows = PageReader.rows(in: try PageReader.elements(of: page))
    #expect(rows.contains { $0.heading == "<b>&\"'x" })
  }

  @Test func markup() throws {
    let element = HTML.element("td", ["title": Self.hostile], text: Self.hostile + "\u{1}\u{FFFF}")
    #expect(
      element.source
        == "<td title=\"&lt;b&gt;&amp;&quot;&#39;&lt;script&gt;\">&lt;b&gt;&amp;&quot;&#39;&lt;script&gt;??</td>"
    )
    #expect(HTML.element("img", ["src": "x"]).source == "<img src=\"x\"/>")
    #expect(HTML.element("td").source == "<td></td>")
  }

  /// Without its model or its data the page comes all the same and says why there are no pictures.
  @Test func whatIsGone() throws {
    try program.makeCamVid(3)
    #expect(try evaluate().status == 0)
    #expect(try report("--without-images").status == 0)
    #expect(try !page().contains("<img"))
    try FileManager.default.moveItem(
      atPath: program.path("data"), toPath: program.path("elsewhere"))
    let gone = try report("--json")
    #expect(gone.status == 0 && gone.errors.contains("there are no pictures"))
    #expect(try gone.json["without_pictures_because"]?.string?.contains("data") == true)
    #expect(try page().contains("There are no pictures: "))
    let found = try report("--json", "--data", "elsewhere")
    #expect(try found.json["pictured"]?.array?.count == 3)
    let other = try report("--json", "--data", "elsewhere", "--model", Program.guided[0])
    #expect(other.status == 0)
    #expect(
      try other.json["without_pictures_because"]?.string?.contains("not what was measured") == true)
    _ = try PageReader.elements(of: page())
  }

  /// Any protocol, predictions from files, parts of runs: what was counted is predicted again to the last pixel.
  @Test(arguments: [
    ["--flip"], ["--protocol", "mmseg", "--scales", "0.5,1"], ["--protocol", "authors"],
    ["--slide", "20x20@10", "--pad", "/8"], ["--shard", "2/2"], ["--precision", "bf16"],
  ]) func protocols(flags: [String]) throws {
    try program.makeCamVid(4)
    let arguments = ["--data", "data", "--dataset", "camvid", "--quiet", "--json"]
    _ = try program.run(["eval"] + Program.model + arguments + flags)
    let outcome = try report("--json", "--images", "1")
    let pictured = try #require(outcome.json["pictured"]?.array)
    #expect(pictured.count == 2, "\(outcome.errors)")
    #expect(pictured.allSatisfy { $0["as_counted"]?.bool == true })
  }

  @Test func predictionsFromFiles() throws {
    try program.makeCamVid(3)
    _ = try program.run(
      ["predict"] + Program.model + ["data/val", "-o", "predicted", "--format", "id"])
    _ = try program.run(["eval", "predicted", "--data", "data", "--dataset", "camvid", "--quiet"])
    let outcome = try report("--json")
    #expect(try outcome.json["pictured"]?.array?.count == 3, "\(outcome.errors)")
  }

  @Test func refusals() throws {
    #expect(try report().status == 1)
    try program.makeCamVid(1)
    _ = try evaluate()
    #expect(try program.run(["report", "4"]).errors.contains("there is no run 4"))
    #expect(try report("--images", "0").status == 2)
    #expect(try program.run(["report", "1"]).output == "run-1.html\n")
  }

  /// Every protocol is found again from its description, and no other text is one.
  @Test func protocolsFromTheirDescriptions() throws {
    let preset = try #require(ModelConfiguration.preset(named: "fcn-mobilenet_v2"))
    for flags in [
      [], ["--flip"], ["--slide", "769x769@513"], ["--scales", "0.5,0.75,1.25"],
      ["--protocol", "authors", "--pad", "640x480"], ["--protocol", "mmseg", "--pad", "/32"],
    ] {
      let rules = try ProtocolOptions.parse(flags).rules(for: preset)
      #expect(InferenceProtocol(description: rules.description) == rules)
    }
    #expect(InferenceProtocol(description: "ours pad=32k+1") == nil)
    #expect(InferenceProtocol(description: "predictions from files") == nil)
  }

  private static let browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].first(
    where: FileManager.default.isExecutableFile)

  /// A browser runs the page's script to its end, sorts a table by it, and reports no error.
  @Test(.enabled(if: browser != nil, "needs Debian's chromium"))
  func runsInABrowser() throws {
    try program.makeCamVid(3)
    _ = try evaluate()
    _ = try report("--images", "1")
    func dump(_ name: String) throws -> String {
      let outcome = try program.shell(
        "timeout 120 \(Self.browser ?? "") --headless --no-sandbox --disable-gpu "
          + "--user-data-dir=\"$PWD/profile\" --dump-dom \"file://$PWD/\(name)\"")
      #expect(outcome.status == 0, "\(outcome.errors)")
      return outcome.output
    }
    #expect(try dump("r.html").contains("data-state=\"ready\""))
    // The same page, driven: a heading is clicked, a view is zoomed by its keys.
    let drive = """
      <script>
      const heading = [...document.querySelectorAll("#image-table th")][1];
      heading.click(); heading.click();
      const group = document.querySelector(".views");
      group.dispatchEvent(new KeyboardEvent("keydown", { key: "+", bubbles: true }));
      document.title = "driven " + [...document.querySelectorAll("#image-table tbody tr")].map(row => row.cells[1].dataset.value).join(" ")
        + " | " + group.querySelectorAll("img[style*=scale]").length;
      </script>
      """
    let driven = try page().replacing("</body>", with: drive + "</body>")
    try AtomicFile.write(Array(driven.utf8), to: program.path("driven.html"))
    let dom = try dump("driven.html")
    let title = try #require(dom.firstMatch(of: /<title>driven ([0-9. ]+) \| (\d+)<\/title>/))
    let values = title.1.split(separator: " ").compactMap { Double($0) }
    #expect(values.count == 3 && values == values.sorted())
    #expect(title.2 == "4" && dom.contains("data-state=\"ready\""))
  }
}
