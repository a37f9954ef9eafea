import Core
import Viz

extension RunPage {
  /// The confusion matrix as a table whose squares tell their numbers under the pointer.
  ///
  /// Each square has its colours on paper and on the dark, of which the style takes one.
  var confusion: HTML {
    let chart = report.confusionChart
    let isSmall = max(chart.rows.count, chart.columns.count) > 40
    let head =
      [HTML.element("td")]
      + chart.columns.map { name in
        HTML.element("th", ["scope": "col"], [.element("span", text: name)])
      }
    let rows = chart.rows.indices.map { truth in
      HTML.element(
        "tr", [:],
        [.element("th", ["scope": "row"], text: chart.rows[truth])]
          + chart.columns.indices.map {
            square(chart, ConfusionChart.Pair(truth: truth, prediction: $0), isSmall: isSmall)
          })
    }
    return Self.table(
      ["class": isSmall ? "matrix small" : "matrix"], head: head, rows: rows)
  }

  private func square(
    _ chart: ConfusionChart, _ pair: ConfusionChart.Pair, isSmall: Bool
  ) -> HTML {
    guard let light = chart.colour(pair, isLight: true),
      let dark = chart.colour(pair, isLight: false)
    else { return .element("td") }
    let (truth, prediction) = (chart.rows[pair.truth], chart.columns[pair.prediction])
    let share = (100 * chart.share(pair)).formatted(decimals: 2)
    let pixels = Int(chart.pixels(pair))
    let what = pair.truth == pair.prediction ? "\(truth) found" : "\(truth) taken for \(prediction)"
    return .element(
      "td",
      [
        "title": "\(what): \(pixels.grouped) pixels, \(share) % of \(truth)",
        "data-pixels": "\(pixels)",
        "style": "--l:\(light.css);--li:\(light.ink.css);--d:\(dark.css);--di:\(dark.ink.css)",
      ], text: isSmall ? "" : chart.text(pair))
  }
}
