import Core

extension ComparisonReport {
  /// How many images are shown that speak for each side.
  private static let shown = 10

  /// Means, classes and images; percent.
  var text: String {
    let (meanOfA, meanOfB) = paired.meanIoU
    var models = TextTable(["", "model", "protocol", "mIoU"], columnsOfWords: [0, 1, 2])
    for (side, run, mean) in [("A", a, meanOfA), ("B", b, meanOfB)] {
      models.add([side, run.title.printable, run.shortRules.printable, percent(mean)])
    }
    var classes = TextTable(["class", "A", "B", "B − A"])
    for k in classesByDifference {
      let iou = paired.iou(k)
      classes.add([
        a.classes[k].printable, percent(iou.a), percent(iou.b), signed(difference(k)),
      ])
    }
    let blocks = [
      title, models.text, conclusion, classes.text,
      table(of: imagesForB, "speaks for B"), table(of: imagesForA, "speaks for A"),
    ]
    return blocks.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  /// The same as tables in Markdown.
  var markdown: String {
    func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    func cell(_ text: String) -> String { text.replacing("|", with: "\\|").printable }
    let (meanOfA, meanOfB) = paired.meanIoU
    var lines = [cell(title), "", row(["class", "A", "B", "B − A"]), "|---|---:|---:|---:|"]
    lines += classesByDifference.map { k in
      let iou = paired.iou(k)
      return row([cell(a.classes[k]), percent(iou.a), percent(iou.b), signed(difference(k))])
    }
    lines.append(row(["mIoU", percent(meanOfA), percent(meanOfB), signed(paired.difference)]))
    lines += ["", conclusion, "", row(["image", "A", "B", "influence"]), "|---|---:|---:|---:|"]
    lines += (imagesForB + imagesForA.reversed()).map {
      row([
        cell($0.name), percent($0.meanIoU.a), percent($0.meanIoU.b),
        signed($0.influence, decimals: 4),
      ])
    }
    return
      ([
        "A = \(cell(a.title)), \(cell(a.shortRules)); B = \(cell(b.title)), \(cell(b.shortRules))",
        "",
      ] + lines).joined(separator: "\n")
  }

  /// A line for each class, percent with four digits; empty where a number does not exist.
  var csv: String {
    let lines = classesByDifference.map { k in
      let iou = paired.iou(k)
      return CSV.line(
        [a.classes[k]] + [iou.a, iou.b, difference(k)].map { CSV.number(100 * $0) })
    }
    return ([CSV.line(["class", "A", "B", "difference"])] + lines).joined(separator: "\n")
  }

  private var title: String {
    "\(a.data.printable) \(a.split.printable), \(images.count.counted("image"))"
  }

  private var conclusion: String {
    let p = bootstrap.pValue.formatted(decimals: 4)
    return
      "ΔmIoU \(signed(paired.difference)), 95 % interval \(signed(bootstrap.low)) to \(signed(bootstrap.high)), p = \(p) "
      + "(\(bootstrap.resamples) resamples of the images)"
  }

  private var imagesForB: [Influence] {
    Array(images.prefix { $0.influence > 0 }.prefix(Self.shown))
  }

  /// The one that speaks most for A first.
  private var imagesForA: [Influence] {
    Array(images.filter { $0.influence < 0 }.reversed().prefix(Self.shown))
  }

  private func table(of images: [Influence], _ heading: String) -> String {
    guard !images.isEmpty else { return "" }
    var table = TextTable([heading, "A", "B", "influence"])
    for image in images {
      table.add([
        image.name.printable, percent(image.meanIoU.a), percent(image.meanIoU.b),
        signed(image.influence, decimals: 4),
      ])
    }
    return table.text
  }

  private func percent(_ share: Double) -> String { (100 * share).formatted(decimals: 2) }

  private func signed(_ share: Double, decimals: Int = 2) -> String {
    let text = abs(100 * share).formatted(decimals: decimals)
    guard share.isFinite else { return text }
    return (share < 0 ? "−" : "+") + text
  }
}
