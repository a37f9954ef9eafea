import ArgumentParser
import Core
import Foundation
import Glibc

/// How a command makes scores of counts, and in what form it prints them.
struct EvaluationOutput: ParsableArguments {
  @Option(
    name: .long,
    help: "Whose rules make scores of the counts: \(Self.conventions).")
  var convention = Convention.mmseg

  @Option(name: .long, help: "How much recall weighs in the F-score.")
  var beta = 1.0

  @Flag(name: .long, help: "Show all conventions side by side, and why they differ.")
  var reconcile = false

  @Option(name: .long, help: "The order of classes: iou, name or classes.")
  var sort = EvaluationReport.Order.iou

  @Option(
    name: .long, help: "Write a line of CSV for each image; - is standard output.",
    completion: .file())
  var perImage: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The confusion matrix: - shows it below the tables, a name ending in .png or .jpg makes a figure.",
      valueName: "file"), completion: .file(extensions: ["png", "jpg"]))
  var confusion: String?

  @Flag(name: .long, help: "Print the classes as CSV.")
  var csv = false

  @Flag(name: .long, help: "Print tables in Markdown.")
  var markdown = false

  @Option(name: .long, help: "Use colour: auto, always or never.")
  var color: ColourDepth.Choice = .auto

  private static var conventions: String {
    Convention.allCases.map(\.rawValue).joined(separator: ", ")
  }

  /// Refuses two forms at once; `isJSON` stands for `--json`, which is not among these options.
  func validate(isJSON: Bool) throws {
    guard [isJSON, csv, markdown, perImage == "-"].count(where: { $0 }) < 2 else {
      throw ValidationError("give one of --json, --csv, --markdown and --per-image -.")
    }
    guard beta > 0, beta.isFinite else {
      throw ValidationError("--beta is above 0, not \(beta).")
    }
    if let confusion, confusion != "-", ImageFormat(path: confusion) == nil {
      throw ValidationError("--confusion is - or a file that ends in .png or .jpg.")
    }
  }

  /// Prints `result` in the form that was asked for.
  func print(_ result: EvaluationReport, asJSON isJSON: Bool) throws {
    let text: String
    if isJSON {
      text = result.json(perImage: perImage != nil).text
    } else if csv {
      text = result.csv
    } else if markdown {
      text = result.markdown(by: sort)
    } else if perImage == "-" {
      text = result.perImageCSV
    } else {
      let depth = ColourDepth.detect(
        color, environment: ProcessInfo.processInfo.environment,
        isTerminal: isatty(STDOUT_FILENO) == 1)
      text =
        result.text(by: sort, depth: depth)
        + (reconcile ? "\n\n" + result.reconciliationText : "")
        + (confusion == "-" ? "\n\n" + result.confusionText(depth) : "")
    }
    // First what costs nothing to show: a file that cannot be written must not cost the numbers.
    try StandardOutput.print(text)
    if let perImage, perImage != "-" {
      do throws(FileFailure) {
        try AtomicFile.write(Array((result.perImageCSV + "\n").utf8), to: perImage)
      } catch {
        throw CommandFailure(.someInputsFailed, error.description)
      }
    }
    if let confusion, confusion != "-" {
      do throws(ImageFailure) {
        try ImageFile.write(
          result.confusionChart.figure(title: result.title).picture(), to: confusion)
      } catch {
        throw CommandFailure(.someInputsFailed, error.description)
      }
    }
  }
}

extension Convention: ExpressibleByArgument {}
extension EvaluationReport.Order: ExpressibleByArgument {}
