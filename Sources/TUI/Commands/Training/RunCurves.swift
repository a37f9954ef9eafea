import Core
import Viz

/// How runs went: their losses and validations as charts.
struct RunCurves {
  /// A run with the lines of its log.
  private struct Run {
    let name: String
    let steps, validations: [JSON]
  }

  private let runs: [Run]

  /// Points of a line; more would be noise.
  private static let points = 160

  /// The curves of the runs in `folders`, which have made at least one step.
  init(_ folders: [RunFolder]) throws {
    runs = try folders.map { folder in
      let lines: [JSON]
      do throws(FileFailure) { lines = try RunLog.lines(of: folder) } catch {
        throw CommandFailure(.usage, "\(error); give the folder of a run")
      }
      let steps = lines.filter { $0["event"]?.string == "step" }
      guard !steps.isEmpty else {
        throw CommandFailure(
          .usage, "\(folder.path): the run has made no step yet; wait, or give another")
      }
      return Run(
        name: folder.path.fileName, steps: steps,
        validations: lines.filter { $0["event"]?.string == "validation" })
    }
  }

  /// Loss and, where there were validations, mean IoU over the steps.
  ///
  /// One run has a line for each term and each output stride; of several each has one line.
  var charts: [(title: String, chart: LineChart)] {
    let isAlone = runs.count == 1
    let losses = runs.flatMap { run in
      [Self.line(isAlone ? "loss" : run.name, run.steps) { $0["loss"] }]
        + (isAlone ? Self.names(run.steps[0]["terms"]) : []).map { name in
          Self.line(name, run.steps) { $0["terms"]?[name] }
        }
    }
    let scores = runs.flatMap { run -> [Line] in
      guard isAlone else { return [Self.line(run.name, run.validations) { $0["mIoU"] }] }
      return (run.validations.first?["stages"]?.array ?? []).enumerated().map { index, stage in
        Self.line("os\(stage["output_stride"]?.int ?? 0)", run.validations) {
          $0["stages"]?.array?[index]["mIoU"]
        }
      }
    }
    // A stage has the colour of its term, which comes after the whole loss.
    let first = isAlone && losses.count > 1 ? 1 : 0
    return [("loss", losses, 0), ("mIoU, percent", scores, first)].compactMap {
      title, lines, first in
      guard lines.contains(where: { !$0.points.isEmpty }) else { return nil }
      return (
        title,
        LineChart(
          lines.enumerated().map { index, line in
            LineChart.Series(
              line.name, LineChart.colours[(first + index) % LineChart.colours.count], line.points)
          })
      )
    }
  }

  /// The charts below each other, as for a paper.
  var figure: FigureSheet {
    FigureSheet(
      title: runs.map(\.name).joined(separator: ", "),
      panels: charts.map {
        FigureSheet.Panel($0.chart.picture(width: 1000, height: 420), caption: $0.title)
      }, columns: 1, captions: .above)
  }

  private typealias Line = (name: String, points: [LineChart.Point])

  /// The values that `value` finds over the steps, means of neighbours where there are many.
  private static func line(_ name: String, _ lines: [JSON], _ value: (JSON) -> JSON?) -> Line {
    let points = lines.compactMap { line -> LineChart.Point? in
      guard let step = line["step"]?.double, let y = value(line)?.double else { return nil }
      return LineChart.Point(step, y)
    }
    let size = (points.count + Self.points - 1) / Self.points
    guard size > 1 else { return (name, points) }
    return (
      name,
      stride(from: 0, to: points.count, by: size).map { start in
        let group = points[start..<min(start + size, points.count)]
        let count = Double(group.count)
        return LineChart.Point(
          group.reduce(0) { $0 + $1.x } / count, group.reduce(0) { $0 + $1.y } / count)
      }
    )
  }

  private static func names(_ terms: JSON?) -> [String] {
    // A single term is the loss itself.
    let names = (terms?.object ?? []).map(\.key)
    return names.count > 1 ? names : []
  }
}
