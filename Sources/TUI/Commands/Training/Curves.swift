import ArgumentParser
import Core
import Foundation
import Viz

/// `hfgd curves RUN…`: how trainings went.
struct Curves: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw the loss and the mean IoU of training runs.",
    discussion: """
      RUN is the folder of a run of hfgd train, finished or not. Of one run, every
      term of the loss and every output stride has a line; several runs have one
      line each.

      EXAMPLES
        hfgd curves runs/a
        hfgd curves runs/a runs/b --png curves.png
      """)

  @Argument(help: "Folders of runs.", completion: .directory)
  var runs: [String]

  @Option(
    name: .long, help: "Write a figure instead, PNG or JPEG.",
    completion: .file(extensions: ["png", "jpg"]))
  var png: String?

  @Option(name: .long, help: "Use colour: auto, always or never.")
  var color: ColourDepth.Choice = .auto

  mutating func validate() throws {
    if let png, ImageFormat(path: png) == nil {
      throw ValidationError("--png is a file that ends in .png or .jpg.")
    }
  }

  func run() throws {
    let curves = try RunCurves(runs.map(RunFolder.init))
    if let png {
      do throws(ImageFailure) { try ImageFile.write(curves.figure.picture(), to: png) } catch {
        throw CommandFailure(.someInputsFailed, error.description)
      }
      return
    }
    let environment = ProcessInfo.processInfo.environment
    let depth = ColourDepth.detect(
      color, environment: environment, isTerminal: isatty(STDOUT_FILENO) == 1)
    let size = TerminalSize.current(environment: environment)
    let charts = curves.charts
    let rows = max(8, min(18, (size.rows - 1) / charts.count - 1))
    for (title, chart) in charts {
      try StandardOutput.print(
        title.printable + "\n"
          + chart.cells(columns: max(40, min(size.columns, 120)), rows: rows).text(depth))
    }
  }
}
