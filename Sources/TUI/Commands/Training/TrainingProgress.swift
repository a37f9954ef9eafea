import Core
import Foundation

/// What a person sees of a training: on a terminal a line that is drawn in place, elsewhere one every half a minute;
/// and what every validation found.
struct TrainingProgress {
  private let isQuiet, isLive, listsClasses: Bool
  private let classes: [String]
  private let clock = ContinuousClock()
  private var lastLine: ContinuousClock.Instant?
  /// The last steps, of which the means are shown.
  private var recent: [StepReport] = []
  private var validation: Validation?

  private static let interval = Duration.seconds(30)
  private static let window = 20

  init(_ options: TrainingReportOptions, classes: [String]) {
    isQuiet = options.quiet
    isLive = !options.quiet && StandardError.isTerminal
    listsClasses = options.perClass
    self.classes = classes
  }

  /// Shows a report, if a person is to see it.
  mutating func show(_ report: TrainingReport) {
    guard !isQuiet else { return }
    switch report {
    case .step(let step):
      recent.append(step)
      if recent.count > Self.window { recent.removeFirst() }
      draw(step)
    case .validating(let done, let count):
      let place = recent.last.map { "step \($0.step)/\($0.steps)  " } ?? ""
      if isLive { draw("\(place)validation \(done)/\(count)") }
    case .validated(let validation, let isBest):
      self.validation = validation
      erase()
      StandardError.print(text(of: validation, isBest: isBest))
    case .saved: break
    }
  }

  /// Removes the line.
  func finish() { erase() }

  private mutating func draw(_ step: StepReport) {
    if isLive {
      draw(line(step))
    } else {
      let now = clock.now
      let isDue = lastLine.map { now - $0 >= Self.interval } ?? true
      guard isDue || step.step == step.steps else { return }
      lastLine = now
      StandardError.print(line(step))
    }
  }

  private func draw(_ line: String) {
    // A line that wraps could not be drawn over.
    let columns = TerminalSize.of(STDERR_FILENO)?.columns ?? 80
    StandardError.write("\r\u{1B}[K" + line.cut(to: columns - 1))
  }

  private func erase() {
    if isLive { StandardError.write("\r\u{1B}[K") }
  }

  /// Losses and rates are means of the last steps.
  private func line(_ step: StepReport) -> String {
    func mean(_ value: (StepReport) -> Double) -> Double {
      recent.reduce(0) { $0 + value($1) } / Double(recent.count)
    }
    let seconds = mean(\.seconds)
    let left = Double(step.steps - step.step) * seconds
    var parts = [
      "step \(step.step)/\(step.steps)", "loss \(mean { Double($0.loss) }.formatted(decimals: 3))",
    ]
    if let validation { parts.append("mIoU \(validation.meanIoU.formatted(decimals: 2))") }
    parts += [
      "\((Double(step.samples) / seconds).formatted(decimals: 1)) images/s",
      "\(Progress.clockFace(left)) left", "rate \(String(format: "%.3g", step.learningRate))",
    ]
    parts += step.terms.enumerated().map { index, term in
      "\(term.name) \(mean { Double($0.terms[index].value) }.formatted(decimals: 3))"
    }
    return parts.joined(separator: "  ")
  }

  /// Mean IoU at every output stride, then the classes at the finest: as many as two lines of 80 hold, or in a table.
  private func text(of validation: Validation, isBest: Bool) -> String {
    let means = validation.stages.map {
      "os\($0.outputStride) \($0.meanIoU.formatted(decimals: 2))"
    }
    let head =
      (["step \(validation.step)", "mIoU"] + means + (isBest ? ["best so far"] : []))
      .joined(separator: "  ")
    guard let finest = validation.stages.last else { return head }
    if listsClasses {
      var table = TextTable(["class"] + validation.stages.map { "os\($0.outputStride)" })
      for (k, name) in classes.enumerated() {
        table.add(
          [name.printable]
            + validation.stages.map { (100 * $0.counts.iou(k)).formatted(decimals: 2) })
      }
      return head + "\n" + table.text
    }
    // Names and numbers stay together on a line.
    let each = classes.enumerated().map { k, name in
      "\(name.printable.replacing(" ", with: "\u{A0}"))\u{A0}\((100 * finest.counts.iou(k)).formatted(decimals: 1))\u{A0}"
    }
    let columns = TerminalSize.of(STDERR_FILENO)?.columns ?? 100
    let lines = each.joined(separator: " ").wrapped(
      to: columns - 3, lines: max(2, 160 / max(1, columns)))
    return ([head] + lines.map { "  " + $0.replacing("\u{A0}", with: " ") })
      .joined(separator: "\n")
  }
}
