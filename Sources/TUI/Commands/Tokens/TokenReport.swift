import Core
import Viz

/// What `hfgd tokens` tells of one model or two: charts, a table, a figure, JSON.
struct TokenReport {
  struct Model {
    let path, name: String
    let relations: TokenRelations
  }

  /// One, or two of the same classes.
  let models: [Model]
  let measure: TokenMeasure
  let isClustered: Bool
  let map: ColourMap

  private var names: [String] { models[0].relations.tokens.names }

  /// The classes as they are shown; the clusters are those of the first model.
  private var order: [Int] {
    isClustered ? models[0].relations.clusteredOrder : Array(names.indices)
  }

  /// Each model's chart, and for two what the second has more.
  private var charts: [(title: String, chart: TokenChart)] {
    let relations = models.map(\.relations)
    let own = models.map { model in
      let mean = model.relations.meanConfidence(measure.scale)
      return (
        "\(model.name) · mean confidence \(mean.formatted(decimals: 3))",
        TokenChart(model.relations, measure, order: order, beside: relations, map: map)
      )
    }
    guard models.count > 1 else { return own }
    let difference = TokenChart(from: relations[0], to: relations[1], measure, order: order)
    return own + [("\(models[1].name) - \(models[0].name)", difference)]
  }

  /// The figure: all charts side by side.
  var figure: FigureSheet {
    let charts = charts
    return FigureSheet(
      title: "class tokens: \(measure.name), in hundredths",
      panels: charts.map { $0.chart.panel(caption: $0.title, look: .light) },
      columns: charts.count)
  }

  /// The charts as wide as `columns`, one below the other, and the table of the diagonal.
  func text(_ depth: ColourDepth, columns: Int) -> String {
    let longest = names.map(\.count).max() ?? 0
    let charts = charts.map { title, chart in
      let layout = chart.layout(columns: columns, rows: max(2 * names.count + longest, 3 * longest))
      let shown = layout.columns.count
      let cut = shown < names.count ? "\(shown) of \(names.count) columns fit; -o writes all\n" : ""
      return "\(title.printable)\n" + chart.cells(layout).text(depth) + "\n" + cut
        + chart.scale(isLight: false).cells(columns: min(columns, 60)).text(depth)
        + "  \(measure.name), in hundredths"
    }
    return (charts + [table]).joined(separator: "\n\n")
  }

  /// Each class's confidence, the length of its token and the class that is most like it.
  private var table: String {
    let isAlone = models.count == 1
    func heading(_ name: String) -> [String] {
      isAlone ? [name] : models.indices.map { "\(name) \(["A", "B"][$0])" }
    }
    var table = TextTable(
      ["class"] + heading("confidence") + (isAlone ? [] : ["B - A"]) + heading("length")
        + heading("most like") + heading("cosine"),
      columnsOfWords: isAlone ? [0, 3] : [0, 6, 7])
    let confidence = models.map { $0.relations.confidence(measure.scale) }
    let lengths = models.map(\.relations.norms)
    let nearest = models.map { self.nearest($0.relations) }
    for k in order {
      let row =
        [names[k].printable] + confidence.map { $0[k].formatted(decimals: 3) }
        + (isAlone ? [] : [(confidence[1][k] - confidence[0][k]).formatted(decimals: 3)])
        + lengths.map { $0[k].formatted(decimals: 2) }
        + nearest.map { $0[k].map { names[$0.classIndex].printable } ?? "–" }
        + nearest.map { $0[k]?.cosine.formatted(decimals: 3) ?? "–" }
      table.add(row)
    }
    let means = models.map { $0.relations.meanConfidence(measure.scale) }
    table.add(
      ["mean"] + means.map { $0.formatted(decimals: 3) }
        + (isAlone ? [] : [(means[1] - means[0]).formatted(decimals: 3)]))
    let legend = models.count > 1 ? "A \(models[0].name), B \(models[1].name)\n".printableLines : ""
    return legend + table.text
  }

  /// The class other than its own whose token has the largest cosine with each class's.
  private func nearest(_ relations: TokenRelations) -> [(classIndex: Int, cosine: Double)?] {
    let cosines = relations.cosines
    return names.indices.map { i in
      names.indices.filter { $0 != i }.map { ($0, cosines[i * names.count + $0]) }
        .max { $0.1 < $1.1 }
    }
  }

  /// The same as `hfgd.tokens/1`: matrices in the order of the classes, numbers in full.
  var json: JSON {
    func number(_ value: Double) -> JSON { .number("\(value)") }
    func rows(_ matrix: [Double]) -> JSON {
      .array(
        names.indices.map { i in
          .array(matrix[(i * names.count)..<((i + 1) * names.count)].map(number))
        })
    }
    let matrices = models.map { $0.relations.matrix(measure.values, measure.scale) }
    var members = [
      JSON.Member("values", .string(measure.values.rawValue)),
      JSON.Member("scale", .string(measure.scale.rawValue)),
      JSON.Member("classes", .array(names.map { .string($0) })),
      JSON.Member("order_by", .string(isClustered ? "clustered" : "class")),
      JSON.Member("order", .array(order.map { .number("\($0)") })),
      JSON.Member(
        "models",
        .array(
          zip(models, matrices).map { model, matrix in
            let relations = model.relations
            let width = relations.tokens.width
            return .object([
              JSON.Member("model", .string(model.path)), JSON.Member("name", .string(model.name)),
              JSON.Member("width", .number("\(width)")),
              JSON.Member("tau", number(measure.scale.factor(width: width))),
              JSON.Member("lengths", .array(relations.norms.map(number))),
              JSON.Member(
                "confidence", .array(relations.confidence(measure.scale).map(number))),
              JSON.Member("mean_confidence", number(relations.meanConfidence(measure.scale))),
              JSON.Member("matrix", rows(matrix)),
            ])
          })),
    ]
    if models.count > 1 {
      let difference = zip(matrices[0], matrices[1]).map { $1 - $0 }
      members.append(JSON.Member("difference", rows(difference)))
    }
    return .report("tokens", members)
  }
}
