import ArgumentParser
import Core

/// The command line's root: `hfgd COMMAND …`.
@main
struct HFGD: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "hfgd",
    abstract: "Train, run and judge semantic segmentation models in a terminal.",
    discussion: """
      Loads trained HFGD and SemanticFPN checkpoints, segments pictures on the
      CPU, shows and exports the result. Alone, it opens the explorer on the
      samples.

      EXAMPLES
        hfgd explore model.safetensors --data photos
        hfgd view model.safetensors street.jpg
        hfgd predict model.safetensors photos/ -o out --format overlay,id
        hfgd train --data camvid -o runs/camvid
        hfgd eval model.safetensors --data camvid --split val

      ENVIRONMENT
        HFGD_ISA      instructions to compute with: baseline, avx2, avx512 or
                      avx512_bf16 (default: the best that the processor has)
        HFGD_STORE    the file that keeps results, for --store
        HFGD_THREADS  threads to work with, for --threads

      EXIT STATUS
          0  all went well
          1  some inputs failed, or a result could not be written
          2  wrong arguments
          3  a checkpoint that cannot be used
          4  a data set that cannot be used
          5  a measured value below what was demanded
          6  a training whose loss or gradients are no longer finite
        130  interrupted; what was finished is kept
      """,
    version: version,
    subcommands: [
      Explore.self, View.self, Cells.self, Predict.self, Train.self, Curves.self, Evaluate.self,
      Compare.self, Figure.self, Report.self, Runs.self, Lens.self, Tokens.self, Doctor.self,
      Inspect.self, Convert.self, Models.self, Bench.self, Scenes.self, TerminalReport.self,
    ],
    defaultSubcommand: Explore.self)

  /// Parses, runs, and is the one place that prints errors and sets the exit status.
  static func main() {
    ProcessSetup.run()
    do {
      var command = try parseAsRoot()
      try checkInstructionSet()
      try command.run()
    } catch let failure as CommandFailure {
      exit(failure)
    } catch {
      // Help and version go to stdout with status 0; everything else the parser says is a usage error.
      let text = fullMessage(for: error)
      guard exitCode(for: error).isSuccess else {
        StandardError.print(text.printableLines + suggestion)
        ExitStatus.usage.exit()
      }
      do throws(CommandFailure) { try StandardOutput.print(text) } catch { exit(error) }
      ExitStatus.success.exit()
    }
  }

  /// An instruction set that cannot be had ends every command before it starts.
  private static func checkInstructionSet() throws(CommandFailure) {
    do throws(InstructionSetFailure) { _ = try InstructionSet.requested() } catch {
      throw CommandFailure(.usage, error.description)
    }
  }

  private static func exit(_ failure: CommandFailure) -> Never {
    if !failure.message.isEmpty {
      let place = MPICommunicator.current.map { "process \($0.rank): " } ?? ""
      StandardError.print("hfgd: \(place)\(failure.message.printableLines)")
    }
    Processes.abort(failure.status)
    failure.status.exit()
  }

  /// A line that names the nearest command where the first argument is none.
  private static var suggestion: String {
    let names =
      configuration.subcommands.map {
        $0.configuration.commandName ?? "\($0)".lowercased()
      } + ["help"]
    guard let word = CommandLine.arguments.dropFirst().first, !names.contains(word),
      let near = names.map({ ($0, editDistance(word, $0)) }).min(by: { $0.1 < $1.1 }), near.1 <= 2
    else { return "" }
    return "\n  Did you mean 'hfgd \(near.0)'?"
  }
}
