import ArgumentParser
import Core
import Foundation
import Viz

/// `hfgd tokens MODEL [MODEL]`: how the class tokens depend on one another.
struct Tokens: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show how alike a model's class tokens are, and what separates two models in that.",
    usage: "hfgd tokens <model> [<other>] [<options>]",
    discussion: """
      The map of the paper's figure 6: row i, column j is the softmax over j of
      the scaled products of class i's token with all tokens. Its diagonal is the
      confidence of each class: 1 where no other token is like its own. Cosines do
      not depend on the lengths of tokens. Of two models, the difference is the
      second less the first. Numbers in the map are hundredths.

      EXAMPLES
        hfgd tokens model.safetensors
        hfgd tokens hfgd.safetensors sfpn.safetensors --order clustered -o tokens.png
        hfgd tokens model.safetensors --values cosine --json
      """)

  @Argument(
    help: "A checkpoint (.safetensors), or the name of a preset (see hfgd models) with --random.",
    completion: .file(extensions: ["safetensors"]))
  var model: String

  @Argument(
    help: "A second one with the same classes.", completion: .file(extensions: ["safetensors"]))
  var other: String?

  @Option(name: .long, help: "Give presets the random weights of this seed.")
  var random: UInt64?

  @Option(
    name: .long, help: "Softmax of the scaled products, or their cosine: softmax or cosine.")
  var values = TokenRelations.Values.softmax

  @Option(
    name: .long,
    help: "What products are multiplied by before the softmax: one, or sqrt for 1/√D as CAR has it."
  )
  var scale = TokenRelations.Scale.one

  @Option(
    name: .long,
    help: "Rows and columns: class, or clustered (like tokens of the first model together).")
  var order = Order.class

  @Option(name: .long, help: "Colours of a softmax: viridis, cividis, turbo or grey.")
  var map = MapName.viridis

  @Option(
    name: .shortAndLong, help: "Also write a figure, PNG or JPEG.",
    completion: .file(extensions: ["png", "jpg"]))
  var output: String?

  @Option(name: .long, help: "Use colour: auto, always or never.")
  var color: ColourDepth.Choice = .auto

  @OptionGroup var report: ReportOptions

  /// How the classes are ordered.
  enum Order: String, ExpressibleByArgument, CaseIterable {
    case `class`, clustered
  }

  /// The colour maps for values from 0 on.
  enum MapName: String, ExpressibleByArgument, CaseIterable {
    case viridis, cividis, turbo, grey

    var map: ColourMap {
      switch self {
      case .viridis: .viridis
      case .cividis: .cividis
      case .turbo: .turbo
      case .grey: .grey
      }
    }
  }

  mutating func validate() throws {
    if let output, ImageFormat(path: output) == nil {
      throw ValidationError("-o is a file that ends in .png or .jpg.")
    }
  }

  func run() throws {
    let models = try ([model] + (other.map { [$0] } ?? [])).map { name in
      let isFile = FileManager.default.fileExists(atPath: name)
      let reference = ModelReference(name: name, seed: isFile ? nil : random)
      let model = try reference.load(threads: Threads(1))
      return TokenReport.Model(
        path: name, name: model.configuration.name, relations: TokenRelations(model.classTokens))
    }
    let names = models.map(\.relations.tokens.names)
    guard names.allSatisfy({ $0 == names[0] }) else {
      throw CommandFailure(
        .usage,
        "\(models[0].name) and \(models[1].name) have different classes (\(names[0].count) and \(names[1].count)); compare models of the same classes"
      )
    }
    let tokens = TokenReport(
      models: models, measure: TokenMeasure(values: values, scale: scale),
      isClustered: order == .clustered, map: map.map)
    if let output {
      do throws(ImageFailure) {
        try ImageFile.write(tokens.figure.picture(), to: output)
      } catch {
        throw CommandFailure(.someInputsFailed, error.description)
      }
    }
    if report.json { return try StandardOutput.print(tokens.json.text) }
    let environment = ProcessInfo.processInfo.environment
    let depth = ColourDepth.detect(
      color, environment: environment, isTerminal: isatty(STDOUT_FILENO) == 1)
    try StandardOutput.print(
      tokens.text(depth, columns: TerminalSize.current(environment: environment).columns))
  }
}

extension TokenRelations.Values: ExpressibleByArgument {}
extension TokenRelations.Scale: ExpressibleByArgument {}
