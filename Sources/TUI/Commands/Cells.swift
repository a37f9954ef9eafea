import ArgumentParser
import Core
import Foundation
import Viz

/// `hfgd cells IMAGE`: a picture on standard output.
struct Cells: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print a picture as coloured text.",
    usage: "hfgd cells <image> [<options>]",
    discussion: """
      No model is needed. The picture is drawn as large as --size allows, in its own
      shape. With 256 or 16 colours it is dithered.

      EXAMPLES
        hfgd cells street.jpg
        hfgd cells street.jpg --size 160x50 --color always > street.txt
      """)

  @Argument(help: "A PNG or JPEG picture.", completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var image: String

  @Option(name: .long, help: "Largest size in cells, WxH (default: the terminal's).")
  var size: Size?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "blocks, half, quad, sextant or ascii (default: blocks, ascii without colours)."))
  var glyphs: GlyphSet?

  @Option(name: .long, help: "Colours: auto, always or never.")
  var color: ColourDepth.Choice = .auto

  @Flag(name: .long, help: "Also say how long scaling and fitting take, as medians of 50 runs.")
  var time = false

  mutating func validate() throws {
    if let size, max(size.width, size.height) > Self.mostCells {
      throw ValidationError("The sides of --size are at most \(Self.mostCells) cells.")
    }
  }

  /// The longest side that is drawn; several times the largest terminal.
  private static let mostCells = 4096

  func run() throws {
    let picture: Picture
    do throws(ImageFailure) { picture = try ImageFile.readPicture(at: image) } catch {
      throw CommandFailure(.someInputsFailed, error.description)
    }
    let environment = ProcessInfo.processInfo.environment
    let depth = ColourDepth.detect(
      color, environment: environment, isTerminal: isatty(STDOUT_FILENO) == 1)
    let screen = TerminalSize.current(environment: environment)
    let available = size ?? Size(width: screen.columns, height: max(1, screen.rows - 1))
    let (columns, rows) = CellGrid.fitting(
      width: picture.width, height: picture.height, columns: available.width, rows: available.height
    )
    let glyphs = depth == .none ? .ascii : glyphs ?? .blocks
    let grid = picture.cells(glyphs, columns: columns, rows: rows)
    try StandardOutput.print(grid.matched(to: depth).text(depth))
    if time { StandardError.print(timing(picture, glyphs, columns, rows)) }
  }

  /// What the two halves of the work, and both a row of cells at a time as above, cost on one thread.
  private func timing(_ picture: Picture, _ glyphs: GlyphSet, _ columns: Int, _ rows: Int) -> String
  {
    let light = CellLight(picture, glyphs, columns: columns, rows: rows)
    let scaling = median { _ = CellLight(picture, glyphs, columns: columns, rows: rows) }
    let fit = median { _ = light.fitted() }
    let both = median { _ = picture.cells(glyphs, columns: columns, rows: rows) }
    return
      "\(glyphs.rawValue), \(columns)×\(rows) cells of \(picture.width)×\(picture.height) pixels: "
      + "scaling \(scaling.formatted(decimals: 1)) ms, fit \(fit.formatted(decimals: 1)) ms, "
      + "both by rows \(both.formatted(decimals: 1)) ms"
  }

  /// Milliseconds of `work`.
  private func median(of runs: Int = 50, _ work: () -> Void) -> Double {
    let clock = ContinuousClock()
    return (0..<runs).map { _ in clock.measure(work) / .milliseconds(1) }.sorted()[runs / 2]
  }
}

extension GlyphSet: ExpressibleByArgument {}
