import Core
import Viz

/// What `hfgd lens scatter` tells: the points, and where each model's features place them.
struct ScatterReport {
  /// A model and the layout of its features.
  struct Panel {
    let model: String
    let outputStride: Int
    let layout: FeatureLayout
  }

  let scatter: FeatureScatter
  let classes: ClassTable
  let method: FeatureLayout.Method
  let seed: UInt64
  let dataSet: String
  let panels: [Panel]

  private var names: [String] { scatter.sampling.classes.map { classes.names[$0] } }

  /// The chart of a panel.
  private func chart(_ panel: Panel) -> ScatterChart {
    ScatterChart(
      layout: panel.layout, classPlaces: scatter.classPlaces, names: names,
      palette: scatter.sampling.classes.map { classes.palette[$0] })
  }

  private func caption(_ panel: Panel) -> String {
    "\(panel.model) · OS \(panel.outputStride) · \(panel.layout.agreementWords)"
  }

  private var title: String {
    "\(method.name) of the features of \(scatter.points.count.counted("pixel")), \(dataSet)"
  }

  /// A panel a model, and how many pixels each class has.
  var figure: FigureSheet {
    FigureSheet(
      title: title,
      panels: panels.map {
        FigureSheet.Panel(chart($0).picture(side: 720), caption: caption($0))
      },
      legend: zip(scatter.sampling.classes, scatter.classCounts).map { k, count in
        FigureSheet.LegendEntry(
          classes.palette[k], classes.names[k], number: "\(count)")
      })
  }

  /// The charts beside each other as far as `columns` allows, and the classes with their counts.
  func text(columns: Int, rows: Int, _ depth: ColourDepth) -> String {
    let letters = depth == .none ? classLetters(names) : nil
    let across = max(1, min(panels.count, columns / 48))
    let width = min(columns / across - 2, 2 * max(8, rows - 6))
    var lines: [String] = [title.printable]
    for start in stride(from: 0, to: panels.count, by: across) {
      let row = panels[start..<min(panels.count, start + across)]
      var grid = CellGrid(width: row.count * (width + 2), height: width / 2 + 1)
      for (place, panel) in row.enumerated() {
        let left = place * (width + 2)
        for (x, glyph) in caption(panel).printable.cut(to: width).enumerated() {
          grid[left + x, 0] = Cell(glyph, style: .bold)
        }
        let chart = chart(panel).cells(columns: width, rows: width / 2, letters: letters)
        for y in 0..<chart.height {
          for x in 0..<chart.width { grid[left + x, y + 1] = chart[x, y] }
        }
      }
      lines.append(grid.matched(to: depth).text(depth))
    }
    var counted = chart(panels[0])
    for (place, count) in scatter.classCounts.enumerated() {
      counted.series[place].name += " \(count)"
    }
    lines.append(counted.names(columns: columns, letters: letters).matched(to: depth).text(depth))
    return lines.joined(separator: "\n")
  }

  /// The points and their places, a list for each coordinate.
  var json: JSON {
    let points = scatter.points
    func whole(_ value: (FeatureScatter.Point) -> Int) -> JSON {
      .array(points.map { .number("\(value($0))") })
    }
    return .report(
      "lens.scatter",
      [
        JSON.Member("data", .string(dataSet)), JSON.Member("method", .string(method.rawValue)),
        JSON.Member("seed", .number("\(seed)")),
        JSON.Member("per_class", .number("\(scatter.sampling.perClass)")),
        JSON.Member("sampling_stride", .number("\(scatter.sampling.stride)")),
        JSON.Member(
          "classes",
          .array(
            zip(scatter.sampling.classes, scatter.classCounts).map { k, count in
              .object([
                JSON.Member("index", .number("\(k)")),
                JSON.Member("name", .string(classes.names[k])),
                JSON.Member("pixels", .number("\(count)")),
              ])
            })),
        JSON.Member("images", .array(scatter.images.map { .string($0.name) })),
        JSON.Member(
          "points",
          .object([
            JSON.Member("class", whole { $0.pixel.classIndex }),
            JSON.Member("image", whole { $0.image }), JSON.Member("x", whole { $0.pixel.x }),
            JSON.Member("y", whole { $0.pixel.y }),
          ])),
        JSON.Member(
          "models",
          .array(
            panels.map { panel in
              .object([
                JSON.Member("model", .string(panel.model)),
                JSON.Member("output_stride", .number("\(panel.outputStride)")),
                JSON.Member(
                  "same_class_neighbours", .numbers(panel.layout.agreement, decimals: 6)),
                JSON.Member(
                  "u", .numbers(panel.layout.places.map { Double($0.x) }, decimals: 5)),
                JSON.Member(
                  "v", .numbers(panel.layout.places.map { Double($0.y) }, decimals: 5)),
              ])
            })),
        JSON.Member("failed", .array(scatter.failures.map { .string($0) })),
      ])
  }
}

extension FeatureLayout.Method {
  /// The name for people.
  var name: String { rawValue.uppercased() }
}

extension FeatureLayout {
  /// The mean over the classes that have points, in words.
  var agreementWords: String {
    let known = agreement.filter(\.isFinite)
    let mean = known.reduce(0, +) / Double(max(1, known.count))
    return "\((100 * mean).formatted(decimals: 1)) % same-class neighbours"
  }
}

extension ScatterChart {
  /// The chart of a layout whose points belong to the classes called `names`.
  init(layout: FeatureLayout, classPlaces: [Int], names: [String], palette: [RGB]) {
    var points = [[SIMD2<Float>]](repeating: [], count: names.count)
    for (place, members) in zip(layout.places, classPlaces) { points[members].append(place) }
    self.init(names.indices.map { Series(names[$0], palette[$0], points[$0]) })
  }
}
