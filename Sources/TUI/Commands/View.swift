import ArgumentParser
import Core
import Foundation
import Viz

/// `hfgd view MODEL IMAGE`: one segmented picture on standard output.
struct View: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print a segmented picture as coloured text.",
    discussion: """
      The picture is overlaid with the colour of each pixel's class and drawn in half blocks, two pixels a cell, with a
      legend sorted by area. Without colour, classes are drawn as letters.

      EXAMPLES
        hfgd view model.safetensors street.jpg
        hfgd view model.safetensors street.jpg --size 200x60 --opacity 1 | less -R
        hfgd view model.safetensors street.jpg --os 32          the teacher's prediction
      """)

  enum Glyphs: String, ExpressibleByArgument, CaseIterable {
    case half, letters
  }

  @OptionGroup var modelOptions: ModelOptions

  @Argument(help: "A PNG or JPEG picture.", completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var image: String

  @Option(name: .long, help: "Largest size in cells, WxH (default: the terminal's).")
  var size: Size?

  @Option(
    name: .long, help: "half (coloured half blocks) or letters (default: what the colours allow).")
  var glyphs: Glyphs?

  @Option(name: .long, help: "Opacity of the class colours, 0 to 1.")
  var opacity = 0.6

  @Option(name: .long, help: "Colours: auto, always or never.")
  var color: ColourDepth.Choice = .auto

  @OptionGroup var stage: StageOptions
  @OptionGroup var threads: ThreadOptions

  mutating func validate() throws {
    guard 0...1 ~= opacity else {
      throw ValidationError("--opacity is from 0 to 1, not \(opacity).")
    }
  }

  func run() throws {
    let model = try modelOptions.load()
    let stride = try stage.outputStride(of: model.configuration)
    let picture: Picture
    do throws(ImageFailure) { picture = try ImageFile.readPicture(at: image) } catch {
      throw CommandFailure(.someInputsFailed, error.description)
    }
    let clock = ContinuousClock()
    let start = clock.now
    let labels = try Segmenter(model, threads: threads.budget).labels(
      of: picture, outputStride: stride)
    let milliseconds = (clock.now - start) / .milliseconds(1)

    let environment = ProcessInfo.processInfo.environment
    let isTerminal = isatty(STDOUT_FILENO) == 1
    var depth = ColourDepth.detect(color, environment: environment, isTerminal: isTerminal)
    if glyphs == .letters { depth = .none }
    let screen = TerminalSize.current(environment: environment)
    let legend = Legend(labels, model.configuration, depth)
    let available =
      size
      ?? Size(
        width: screen.columns,
        height: isTerminal
          ? max(4, screen.rows - legend.lines(width: screen.columns).count - 2) : Int(UInt16.max))
    let (columns, rows) = CellGrid.fitting(
      width: picture.width, height: picture.height, columns: available.width, rows: available.height
    )
    let grid =
      depth == .none
      ? labels.letters(legend.letters, columns: columns, rows: rows)
      : picture.overlaid(with: labels, palette: model.configuration.palette, opacity: opacity)
        .halfBlocks(columns: columns, rows: rows)
    print(grid.text(depth))
    for line in legend.lines(width: max(columns, 40)) { print(line) }
    print(
      "\(image.fileName.printable)  \(picture.width)×\(picture.height)  \(model.configuration.name) OS \(stride)  "
        + "\(milliseconds.formatted(decimals: 0)) ms")
  }
}

extension ColourDepth.Choice: ExpressibleByArgument {}
