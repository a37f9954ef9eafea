import ArgumentParser
import Core

/// The MODEL argument: a checkpoint, or a preset's name together with `--random`.
struct ModelOptions: ParsableArguments {
  @Argument(
    help: "A checkpoint (.safetensors, .pth, .npz), or a preset (see hfgd models) with --random.",
    completion: .file(extensions: ["safetensors", "pth", "pt", "bin", "npz", "json"]))
  var model: String

  @Option(name: .long, help: "Give a preset the random weights of this seed.")
  var random: UInt64?

  @Option(
    name: .long,
    help: "What matrix products multiply: f32, or bf16 (faster with AVX-512 BF16, less exact).")
  var precision = Precision.float32

  /// What MODEL, --random and --precision say together.
  var reference: ModelReference {
    ModelReference(name: model, seed: random, precision: precision)
  }

  /// What MODEL stands for.
  func source() throws -> ModelReference.Source { try reference.source() }

  /// The model with its weights, read by `threads`.
  func load(threads: Threads) throws -> SegmentationModel { try reference.load(threads: threads) }

  /// What tells the model from others: a preset and its seed, or a hash of the checkpoint.
  func identity() throws -> String { try reference.identity() }
}

extension Precision: ExpressibleByArgument {}
