import ArgumentParser
import Core
import Foundation
import Viz

/// `hfgd view MODEL IMAGE`: one segmented picture on standard output.
struct View: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print a segmented picture as coloured text.",
    usage: "hfgd view <model> <image> [<options>]",
    discussion: """
      The picture is overlaid with the colour of each pixel's class and drawn in
      half blocks, two pixels a cell, with a legend sorted by area. Where there are
      fewer than 256 colours, classes are drawn as letters. --os 32 shows a guided
      model's teacher.

      EXAMPLES
        hfgd view model.safetensors street.jpg
        hfgd view model.safetensors street.jpg --os 32
        hfgd view model.safetensors street.jpg --color always | less -R
      """)

  @OptionGroup var modelOptions: ModelOptions

  @Argument(help: "A PNG or JPEG picture.", completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var image: String

  @Option(name: .long, help: "Largest size in cells, WxH (default: the terminal's).")
  var size: Size?

  @Option(
    name: .long,
    help: "half, blocks, quad, sextant, ascii or letters (default: half, letters without colours).")
  var glyphs: GlyphSet?

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
    if let size, max(size.width, size.height) > Self.mostCells {
      throw ValidationError("The sides of --size are at most \(Self.mostCells) cells.")
    }
  }

  /// The longest side that is drawn; several times the largest terminal.
  private static let mostCells = 4096

  func run() throws {
    let model = try modelOptions.load(threads: threads.budget)
    let stride = try stage.outputStride(of: model.configuration)
    let picture: Picture
    do throws(ImageFailure) { picture = try ImageFile.readPicture(at: image) } catch {
      throw CommandFailure(.someInputsFailed, error.description)
    }
    let segmenter = Segmenter(model, threads: threads.budget)
    do throws(TooLittleMemory) {
      try segmenter.checkMemory(
        width: picture.width, height: picture.height, outputStride: stride)
    } catch {
      throw CommandFailure(.someInputsFailed, "\(image): \(error)")
    }
    let clock = ContinuousClock()
    let start = clock.now
    let labels = try segmenter.labels(of: picture, outputStride: stride)
    let milliseconds = (clock.now - start) / .milliseconds(1)

    let caption =
      "\(image.fileName.printable)  \(picture.width)×\(picture.height)  \(model.configuration.name)"
      + "  OS \(stride)  \(milliseconds.formatted(decimals: 0)) ms"
    try StandardOutput.print(text(picture, labels, model.configuration, caption: caption))
  }

  /// The picture, its legend and the caption, fitted to the terminal or to `--size`.
  private func text(
    _ picture: Picture, _ labels: LabelMap, _ configuration: ModelConfiguration, caption: String
  ) -> String {
    let environment = ProcessInfo.processInfo.environment
    let isTerminal = isatty(STDOUT_FILENO) == 1
    var depth = ColourDepth.detect(color, environment: environment, isTerminal: isTerminal)
    // Sixteen colours would paint most classes alike.
    if glyphs == .letters || (depth == .sixteen && glyphs == nil) { depth = .none }
    let screen = TerminalSize.current(environment: environment)
    let legend = Legend(labels, configuration, depth)
    // On a terminal the picture matters most: a quarter of the rows is enough for the legend.
    let lines = legend.lines(
      width: isTerminal ? screen.columns : max(size?.width ?? screen.columns, 40),
      limit: isTerminal ? max(1, screen.rows / 4) : .max)
    // Below the picture stand the legend, the caption and the shell's prompt.
    let space =
      size
      ?? Size(
        width: screen.columns,
        height: isTerminal ? max(4, screen.rows - lines.count - 2) : Self.mostCells)
    let (columns, rows) = CellGrid.fitting(
      width: picture.width, height: picture.height, columns: space.width, rows: space.height)
    let grid =
      depth == .none
      ? labels.letters(legend.letters, columns: columns, rows: rows)
      : picture.overlaid(with: labels, palette: configuration.palette, opacity: opacity)
        .cells(glyphs ?? .half, columns: columns, rows: rows).matched(to: depth)
    let end = isTerminal ? caption.cut(to: screen.columns) : caption
    return ([grid.text(depth)] + lines + [end]).joined(separator: "\n")
  }
}

extension ColourDepth.Choice: ExpressibleByArgument {}
