/// The files of a training run.
///
/// | file | holds |
/// |---|---|
/// | `run.json` | what was asked for, so that the run goes on by the same: ``TrainingRequest`` |
/// | `last.safetensors` | the model and the optimiser's memory where the run stands: what `--resume` reads |
/// | `best.safetensors` | the same where validation was best |
/// | `model.safetensors` | when the run is over: the best model alone, kernels as F16 |
/// | `log.jsonl` | a line of JSON per step and per validation: ``RunLog`` |
/// | `curves.png` | when the run is over: loss and mIoU over the steps |
///
/// Checkpoints appear whole or not at all (``AtomicFile``), on the disk and not only in its cache.
public struct RunFolder: Sendable, Equatable {
  /// The folder.
  public let path: String

  /// The folder at `path`, which need not be there yet.
  public init(_ path: String) { self.path = path }

  /// What was asked for.
  public var request: String { path.appendingPath("run.json") }
  /// Where the run stands.
  public var last: String { path.appendingPath("last.safetensors") }
  /// The best so far.
  public var best: String { path.appendingPath("best.safetensors") }
  /// What the run made.
  public var model: String { path.appendingPath("model.safetensors") }
  /// The log.
  public var log: String { path.appendingPath("log.jsonl") }
  /// The curves.
  public var curves: String { path.appendingPath("curves.png") }

  /// Removes what a killed process left of files that it was writing; no other process may write there.
  public func removeDrafts() throws(FileFailure) { try AtomicFile.removeDrafts(in: path) }
}
