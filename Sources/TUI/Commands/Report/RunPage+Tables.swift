import Core
import Foundation

extension RunPage {
  /// The numbers over all classes.
  var means: HTML {
    .element(
      "section", ["id": "means", "class": "means"],
      report.means.map { mean in
        .element(
          "div", ["data-name": mean.name, "data-value": Self.exact(mean.value)],
          [
            .element("b", text: mean.value.formatted(decimals: 2)),
            .element("span", text: mean.name),
          ])
      })
  }

  /// All that the numbers depend on.
  var provenance: HTML {
    let description = run.description
    var rows: [(String, String)] = [
      ("run", "\(run.id), begun \(run.started.formatted(.iso8601))"),
      ("model", description.model), ("name", description.name),
      ("identity", description.identity),
    ]
    if description.outputStride > 0 {
      rows.append(("output stride", "\(description.outputStride)"))
    }
    rows += [
      ("protocol", description.rules), ("convention", report.convention.rawValue),
      ("data", "\(description.data) \(description.split)"), ("data set", description.dataset),
      ("fingerprint", description.fingerprint),
      ("images", "\(run.counted) of \(run.images)"),
      ("classes", "\(description.classes.count)"),
      ("not counted", "label \(description.ignoreIndex)"),
    ]
    if let shard = description.shard { rows.append(("part", "\(shard)")) }
    if report.total.boundary != nil {
      rows.append(("boundary ratio", description.boundaryRatio.formatted(decimals: 4)))
    }
    rows.append(("program", "hfgd \(description.version)"))
    return section(
      "provenance", "Provenance", nil,
      [
        Self.table(
          ["class": "facts"], head: [],
          rows: rows.map {
            .element("tr", [:], [.element("th", text: $0), .element("td", text: $1)])
          })
      ])
  }

  /// Every class with its measures, its IoU as a bar.
  var classTable: HTML {
    let names =
      ["class"] + Measure.tabled.map(\.rawValue) + ["share"] + report.extraNames
    let rows = report.classes(by: .iou).map { k in
      let values =
        Measure.tabled.map { 100 * report.scores[$0, k] } + [100 * report.share(k)]
        + report.extras(k)
      let bar = values[0].isFinite ? values[0].formatted(decimals: 2) : "0"
      return HTML.element(
        "tr", [:],
        [
          .element("th", [:], [swatch(k), .text(report.description.classes[k])]),
          .element(
            "td",
            [
              "class": "bar", "data-value": Self.exact(values[0]), "style": "--share:\(bar)%",
            ], text: values[0].formatted(decimals: 2)),
        ] + values.dropFirst().map { Self.cell($0) })
    }
    return section(
      "classes", "Classes", "Percent. A click on a heading sorts.",
      [Self.table(["class": "sortable"], head: Self.headings(names), rows: rows)])
  }

  /// The conventions side by side, with the reason of each gap.
  var reconciliation: HTML {
    let rows = report.reconciliation.rows.map { row in
      HTML.element(
        "tr", row.convention == report.convention ? ["class": "chosen"] : [:],
        [.element("th", text: row.convention.rawValue)]
          + [row.meanIoU, row.meanAccuracy, row.pixelAccuracy].map { Self.cell(100 * $0) }
          + [.element("td", ["class": "words"], text: row.reason)])
    }
    return Self.table(
      head: ["convention", "mIoU", "mAcc", "aAcc"].map { .element("th", text: $0) }
        + [.element("th", ["class": "words"], text: "why")],
      rows: rows)
  }

  /// Every image.
  var imageTable: HTML {
    let rows = report.images.map { image in
      let counts = image.counts.confusion
      return HTML.element(
        "tr", [:],
        [.element("th", text: image.name)]
          + [counts.meanIoU, counts.meanAccuracy, counts.pixelAccuracy].map { Self.cell(100 * $0) }
          + [Self.cell(image.milliseconds, decimals: 1)])
    }
    return .lines([
      .element(
        "input",
        [
          "type": "search", "placeholder": "filter by name", "aria-label": "filter by name",
          "data-filters": "image-table",
        ]),
      Self.table(
        ["class": "sortable", "id": "image-table"],
        head: Self.headings(["image", "mIoU", "mAcc", "aAcc", "ms"]), rows: rows),
    ])
  }

  /// The colour of a class, where the model or the data set has told it.
  private func swatch(_ k: Int) -> HTML {
    guard case .shown(let pictures) = pictures else { return .text("") }
    return Self.swatch(pictures.classes.palette[k])
  }

  /// A small square of a colour.
  static func swatch(_ colour: RGB) -> HTML {
    .element("i", ["class": "swatch", "style": "background:\(colour.css)"])
  }

  /// Headings that sort their column.
  private static func headings(_ names: [String]) -> [HTML] {
    names.map {
      .element("th", ["scope": "col"], [.element("button", ["type": "button"], text: $0)])
    }
  }

  /// A number to read, and the same with all digits to sort by.
  private static func cell(_ value: Double, decimals: Int = 2) -> HTML {
    .element("td", ["data-value": exact(value)], text: value.formatted(decimals: decimals))
  }

  /// As many digits as `--json` has; nothing for what is no number.
  private static func exact(_ value: Double) -> String { CSV.number(value) }
}

extension RGB {
  /// The colour in a style.
  var css: String {
    "#" + [red, green, blue].map { String(0x100 + Int($0), radix: 16).dropFirst() }.joined()
  }
}
