import Core
import Foundation
import Viz

/// A run as one HTML file that needs nothing beside it: no network, no server, no other file.
///
/// All figures are those of its ``EvaluationReport``; the page only lays them out. It is well-formed XML too.
struct RunPage {
  let run: StoredRun
  let report: EvaluationReport
  let pictures: Pictures

  /// The pictures of the page.
  enum Pictures {
    case shown(RunPictures)
    /// They cannot be had, and why.
    case absent(String)
    case unwanted
  }

  /// The whole file.
  var html: String {
    let page = HTML.element(
      "html", ["lang": "en", "data-state": "loading"],
      [
        .element(
          "head", [:],
          [
            .element("meta", ["charset": "utf-8"]),
            .element(
              "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
            .element("meta", ["name": "color-scheme", "content": "light dark"]),
            .element("title", text: report.title),
            .code("style", Self.style),
          ]),
        .element("body", [:], [.lines(body), .code("script", Self.script)]),
      ])
    return "<!DOCTYPE html>\n\(page.source)\n"
  }

  private var body: [HTML] {
    [
      .element(
        "header", [:],
        [
          .element("h1", text: run.description.title),
          .element("p", text: report.title),
          .element("p", ["class": "faint"], text: rules),
        ]), incompleteNote, means, classTable,
      section(
        "confusion", "Confusion",
        "Rows are true classes, columns predicted ones, in percent of the truth; what is right is grey.",
        [confusion]),
      tokenMap,
    ] + pictureSections + [
      section(
        "conventions", "Conventions", "The same counts under the rules of others.",
        [reconciliation]),
      section(
        "images", "All images", "mIoU, mAcc and aAcc of each image alone, by mmseg's rules.",
        [imageTable]), provenance,
      .element("footer", [:], [.element("p", text: "hfgd \(HFGD.version)")]),
    ]
  }

  private var rules: String {
    "\(run.description.rules) · convention \(report.convention.rawValue)"
  }

  private var incompleteNote: HTML {
    guard !run.isComplete else { return .text("") }
    return Self.note(
      "The run has counted \(run.counted) of \(run.images.counted("image")); these are the numbers of those."
    )
  }

  /// A line that must not be missed.
  static func note(_ text: String) -> HTML { .element("p", ["class": "note"], text: text) }

  /// A part of the page with its heading and a line on what it shows.
  func section(_ id: String, _ title: String, _ words: String?, _ contents: [HTML]) -> HTML {
    let words = words.map { [HTML.element("p", ["class": "faint"], text: $0)] } ?? []
    return .element("section", ["id": id], [.element("h2", text: title)] + words + contents)
  }

  /// A table, scrolled by itself where it is wider than the page.
  static func table(
    _ attributes: KeyValuePairs<String, String> = [:], head: [HTML], rows: [HTML]
  ) -> HTML {
    .element(
      "div", ["class": "wide"],
      [
        .element(
          "table", attributes,
          (head.isEmpty ? [] : [.element("thead", [:], [.element("tr", [:], head)])])
            + [.element("tbody", [:], [.lines(rows)])])
      ])
  }
}
