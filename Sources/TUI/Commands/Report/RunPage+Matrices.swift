import Core
import Viz

extension RunPage {
  /// Which class is taken for which.
  var confusion: HTML {
    let chart = report.confusionChart
    return Self.matrix(chart) { place in
      let (truth, prediction) = (chart.rows[place.row], chart.columns[place.column])
      let share = (100 * chart.share(place)).formatted(decimals: 2)
      let pixels = Int(chart.pixels(place))
      let what = place.row == place.column ? "\(truth) found" : "\(truth) taken for \(prediction)"
      return (
        "\(what): \(pixels.grouped) pixels, \(share) % of \(truth)", ("data-pixels", "\(pixels)")
      )
    }
  }

  /// How the model's class tokens depend on one another; nothing where there is no model at hand.
  var tokenMap: HTML {
    guard case .shown(let pictures) = pictures, let tokens = pictures.tokens else {
      return .text("")
    }
    let relations = TokenRelations(tokens)
    let measure = TokenMeasure()
    let chart = TokenChart(relations, measure, order: relations.clusteredOrder)
    let columns = chart.columns + [chart.lastColumn].compactMap { $0 }
    return section(
      "tokens", "Class tokens",
      "Softmax of the tokens' products, row by row, in hundredths; like tokens stand side by side. Mean confidence \((100 * relations.meanConfidence(measure.scale)).formatted(decimals: 2)) %.",
      [
        Self.matrix(chart) { place in
          let value = chart.value(place)
          return (
            "\(chart.rows[place.row]), \(columns[place.column]): \(value.formatted(decimals: 4))",
            ("data-token", CSV.number(value))
          )
        }
      ])
  }

  /// A matrix as a table whose squares tell their numbers under the pointer.
  ///
  /// Each square has its colours on paper and on the dark, of which the style takes one.
  /// - Parameter words: what a square tells, and its number in an attribute.
  private static func matrix(
    _ chart: some MatrixChart,
    _ words: (MatrixPlace) -> (title: String, number: (key: String, value: String))
  ) -> HTML {
    let columns = chart.columns + [chart.lastColumn].compactMap { $0 }
    let isSmall = max(chart.rows.count, columns.count) > 40
    let head =
      [HTML.element("td")]
      + columns.map { name in
        .element("th", ["scope": "col"], [.element("span", text: name)])
      }
    let rows = chart.rows.indices.map { row in
      HTML.element(
        "tr", [:],
        [.element("th", ["scope": "row"], text: chart.rows[row])]
          + columns.indices.map { column in
            let place = MatrixPlace(row: row, column: column)
            guard let light = chart.colour(place, isLight: true),
              let dark = chart.colour(place, isLight: false)
            else { return .element("td") }
            let (title, number) = words(place)
            let style =
              "--l:\(light.css);--li:\(light.ink.css);--d:\(dark.css);--di:\(dark.ink.css)"
            return .element(
              "td", ["title": title, number.key: number.value, "style": style],
              text: isSmall ? "" : chart.text(place))
          })
    }
    return table(["class": isSmall ? "matrix small" : "matrix"], head: head, rows: rows)
  }
}
