/// Why a training run cannot begin or go on.
public enum TrainingFailure: Error, Sendable, CustomStringConvertible {
  /// A loss or a gradient is NaN or infinite; nothing of that step was saved.
  case notFinite(step: Int, tensor: String, value: Float)
  /// A sample cannot be read.
  case sample(SampleFailure)
  /// A file of the run cannot be written or read.
  case file(FileFailure)
  /// A checkpoint cannot be used.
  case checkpoint(CheckpointFailure)
  /// A checkpoint is none that this run can go on from.
  case notResumable(path: String, reason: String)
  /// The run is one of `hfgd-train`, the PyTorch package's program.
  case ofPyTorch(path: String)
  /// A data set cannot be used.
  case dataSet(DataSetFailure)
  /// Keys of what was asked for do not go together; a sentence with the remedy for each reason.
  case conflicts([String])
  /// There is no preset of this name.
  case unknownPreset(name: String)
  /// What was asked for makes no model; a sentence for each reason.
  case contradictions(name: String, [String])
  /// The file of a backbone's weights cannot be used.
  case backbone(String)
  /// The data and the model do not go together.
  case data(String)
  /// A batch cannot be cut into equal shares.
  case unevenBatch(Int, processes: Int)
  /// A process has other weights, another recipe or other instructions than the first one.
  case unlikeProcesses(rank: Int, step: Int)

  /// What happened, and the remedy.
  public var description: String {
    switch self {
    case .notFinite(let step, let tensor, let value):
      "step \(step): \(tensor) is \(value); the run stands where it was last saved; "
        + "begin another with a lower learning_rate, with clip_norm or warm_up, "
        + "anew or --from the last checkpoint of this one"
    case .sample(let failure): "\(failure)"
    case .file(let failure): "\(failure)"
    case .checkpoint(let failure): "\(failure)"
    case .notResumable(let path, let reason):
      "\(path) cannot be resumed: \(reason); give the folder of a run that was not finished"
    case .ofPyTorch(let path):
      "\(path) was saved by hfgd-train, whose optimiser remembers in PyTorch's form; resume it with "
        + "hfgd-train, or begin a new schedule from its weights: --from \(path)"
    case .dataSet(let failure): "\(failure)"
    case .conflicts(let problems): problems.joined(separator: "\n")
    case .unknownPreset(let name):
      "there is no preset \(name); give a name that hfgd models lists"
    case .contradictions(let name, let problems):
      "\(name) is no model:" + problems.map { "\n  \($0)" }.joined()
        + "\nchange what contradicts it, or start from another preset"
    case .backbone(let problem): problem
    case .data(let problem): problem
    case .unevenBatch(let batch, let processes):
      "a batch of \(batch) is no multiple of \(processes) processes; "
        + "change batch in the recipe, or the number of processes"
    case .unlikeProcesses(let rank, let step):
      "process \(rank) differs from process 0 at step \(step): give all of them the same recipe, "
        + "checkpoints and folder of the run, and set HFGD_ISA to what each machine has"
    }
  }
}
