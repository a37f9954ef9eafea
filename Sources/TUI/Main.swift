import ArgumentParser

/// The command line's root: `hfgd COMMAND …`.
@main
struct HFGD: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "hfgd",
    abstract: "Run and judge semantic segmentation checkpoints in a terminal.",
    discussion: """
      Loads trained HFGD and SemanticFPN checkpoints, segments pictures on the CPU, shows and exports the result.

      EXAMPLES
        hfgd view samples/models/hfgd-mobilenet_v2-camvid.safetensors samples/scenes/images/scene-1.png
        hfgd predict MODEL.safetensors photos/ -o out --format overlay,id
        hfgd eval MODEL.safetensors --data camvid --split val

      EXIT STATUS
        0 all went well; 1 some inputs failed; 2 wrong usage; 3 unusable checkpoint; 4 unusable data set;
        5 expectation not met; 130 interrupted.
      """,
    version: version,
    subcommands: [
      View.self, Cells.self, Predict.self, Evaluate.self, Inspect.self, Models.self, Bench.self,
      Scenes.self,
    ])

  /// Parses, runs, and is the one place that prints errors and sets the exit status.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let failure as CommandFailure {
      if !failure.message.isEmpty { StandardError.print("hfgd: \(failure.message)") }
      failure.status.exit()
    } catch {
      // Help and version go to stdout with status 0; everything else the parser says is a usage error.
      let text = fullMessage(for: error)
      if exitCode(for: error).isSuccess {
        print(text)
        ExitStatus.success.exit()
      }
      StandardError.print(text)
      ExitStatus.usage.exit()
    }
  }
}
