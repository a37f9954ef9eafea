import ArgumentParser
import Core

/// The MODEL argument: a checkpoint, or a preset's name together with `--random`.
struct ModelOptions: ParsableArguments {
  @Argument(
    help: "A checkpoint (.safetensors), or the name of a preset (see hfgd models) with --random.",
    completion: .file(extensions: ["safetensors"]))
  var model: String

  @Option(name: .long, help: "Give a preset the random weights of this seed.")
  var random: UInt64?

  /// What MODEL and --random say together.
  var reference: ModelReference { ModelReference(name: model, seed: random) }

  /// What MODEL stands for.
  func source() throws -> ModelReference.Source { try reference.source() }

  /// The model with its weights, read by `threads`.
  func load(threads: Threads) throws -> SegmentationModel { try reference.load(threads: threads) }

  /// What tells the model from others: a preset and its seed, or a hash of the checkpoint.
  func identity() throws -> String { try reference.identity() }
}
