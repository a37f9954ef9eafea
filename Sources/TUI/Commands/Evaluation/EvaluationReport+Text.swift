import Core
import Foundation
import Viz

extension EvaluationReport {
  /// The order of the classes in tables.
  enum Order: String, CaseIterable {
    case iou, name, classes
  }

  /// What was measured, in a line.
  var title: String {
    let stride = description.outputStride > 0 ? " OS \(description.outputStride)" : ""
    let part = description.shard.map { ", part \($0)" } ?? ""
    return
      "\(description.name.printable)\(stride) on \(description.data.printable) "
      + "\(description.split.printable), \(images.count.counted("image"))\(part)"
  }

  /// Class numbers in an order; classes without IoU come last.
  func classes(by order: Order) -> [Int] {
    let all = Array(description.classes.indices)
    switch order {
    case .classes: return all
    case .name: return all.sorted { description.classes[$0] < description.classes[$1] }
    case .iou:
      func key(_ k: Int) -> Double { scores[.iou, k].isNaN ? -1 : scores[.iou, k] }
      return all.sorted { (key($1), $0) < (key($0), $1) }
    }
  }

  /// The means and a table of the classes, percent; figures in colour where `depth` has any.
  func text(by order: Order, depth: ColourDepth = .none) -> String {
    var lines = [title, "\(description.rules.printable) · convention \(convention.rawValue)"]
    for row in stride(from: 0, to: means.count, by: 8) {
      lines.append(
        means[row..<min(means.count, row + 8)].map { "\($0.name) \(percent($0.value))" }
          .joined(separator: "  "))
    }
    var table = TextTable(["class", "IoU", "Acc", "Dice", "precision", "share"] + extraNames)
    let order = classes(by: order)
    for k in order {
      table.add(
        [description.classes[k].printable]
          + [.iou, .accuracy, .dice, .precision].map { percent(100 * scores[$0, k]) }
          + [percent(100 * share(k))] + extras(k).map(percent))
    }
    let rows = table.text.split(separator: "\n", omittingEmptySubsequences: false)
    lines += ["", String(rows[0])]
    lines += zip(order, rows.dropFirst()).map { k, row in
      let iou = scores[.iou, k]
      guard depth != .none, iou.isFinite else { return String(row) }
      return depth.code(ColourMap.viridis(Float(0.3 + 0.7 * iou)), isBackground: false) + row
        + "\u{1B}[0m"
    }
    return lines.joined(separator: "\n")
  }

  /// The conventions side by side, with the reason of each gap.
  var reconciliationText: String {
    var table = TextTable(["convention", "mIoU", "mAcc", "aAcc"])
    for row in reconciliation.rows {
      table.add(
        [row.convention.rawValue]
          + [row.meanIoU, row.meanAccuracy, row.pixelAccuracy].map { percent(100 * $0) })
    }
    let lines = table.text.split(separator: "\n").map(String.init)
    return zip(lines, ["why"] + reconciliation.rows.map(\.reason)).map { "\($0)  \($1)" }
      .joined(separator: "\n")
  }

  /// Which class is taken for which.
  var confusionChart: ConfusionChart {
    ConfusionChart(total.confusion, names: description.classes)
  }

  /// The confusion matrix as wide as the terminal.
  func confusionText(_ depth: ColourDepth) -> String {
    let columns = TerminalSize.current(environment: ProcessInfo.processInfo.environment).columns
    let layout = confusionChart.layout(columns: columns, rows: 2 * description.classes.count + 16)
    return confusionChart.cells(layout).text(depth)
  }

  /// The means and the classes as tables in Markdown.
  func markdown(by order: Order) -> String {
    let means = means
    let names = ["class", "IoU", "Acc", "Dice", "precision", "recall", "F", "share"] + extraNames
    func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    func rule(_ count: Int) -> String { "|" + String(repeating: "---|", count: count) }
    let classes = classes(by: order).map { k in
      row(
        [description.classes[k].replacing("|", with: "\\|").printable]
          + Measure.tabled.map { percent(100 * scores[$0, k]) } + [percent(100 * share(k))]
          + extras(k).map(percent))
    }
    return
      ([
        title.replacing("|", with: "\\|"), "", row(means.map(\.name)), rule(means.count),
        row(means.map { percent($0.value) }), "", row(names), rule(names.count),
      ] + classes).joined(separator: "\n")
  }

  /// A line for each class, percent with four digits; empty where a number does not exist.
  var csv: String {
    let names =
      ["class", "IoU", "Acc", "Dice", "precision", "recall", "F", "truth", "predicted", "right"]
      + extraNames
    let matrix = total.confusion
    let lines = description.classes.enumerated().map { k, name in
      let pixels = [matrix.truth(k), matrix.predicted(k), matrix.intersection(k)]
      let scores = Measure.tabled.map { CSV.number(100 * self.scores[$0, k]) }
      return CSV.line(
        [name] + scores + pixels.map(String.init) + extras(k).map(CSV.number))
    }
    return ([CSV.line(names)] + lines).joined(separator: "\n")
  }

  /// A line for each image, percent: its means, its time, and the IoU of each class.
  var perImageCSV: String {
    let names = ["image", "mIoU", "mAcc", "aAcc", "milliseconds"]
    let lines = images.map { image in
      let scores = Scores(of: image.counts.confusion)
      let means = [scores.meanIoU, scores.meanAccuracy, scores.pixelAccuracy]
      return CSV.line(
        [image.name] + means.map { CSV.number(100 * $0) }
          + [image.milliseconds.formatted(decimals: 1)]
          + description.classes.indices.map { CSV.number(100 * scores[.iou, $0]) })
    }
    return ([CSV.line(names + description.classes.map { "IoU.\($0)" })] + lines)
      .joined(separator: "\n")
  }

  /// The columns of what was counted beside the confusion matrix.
  var extraNames: [String] {
    (total.boundary == nil ? [] : ["BIoU"]) + (total.components == nil ? [] : ["small found"])
  }

  /// The numbers of class `k` in those columns, percent.
  func extras(_ k: Int) -> [Double] {
    let boundary = total.boundary.map { 100 * $0.iou(k) }
    let small = total.components.map { 100 * $0.recall(k, .small) }
    return [boundary, small].compactMap { $0 }
  }

  private func percent(_ value: Double) -> String { value.formatted(decimals: 2) }
}

extension Measure {
  /// Those of a table, in its order; recall stands under its own name although it equals accuracy.
  static let tabled: [Measure] = [.iou, .accuracy, .dice, .precision, .recall, .fScore]
}
