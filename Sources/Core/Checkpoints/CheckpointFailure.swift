/// Why a checkpoint cannot be used.
public enum CheckpointFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file is not sound, or of no format that we read.
  case container(TensorFileFailure)
  /// The file's tensors are of no model that we know.
  case unknownModel(path: String, tensors: Int, first: String)
  /// The tensors have our names, but the file does not say which model it holds.
  case noConfiguration(path: String)
  /// The file holds a backbone without anything behind it that tells classes apart.
  case backboneAlone(path: String, family: String, backbone: ModelConfiguration.BackboneKind)
  /// The network was trained on pictures whose channels are in the order blue, green, red.
  case channelOrder(path: String)
  /// The configuration is wrong; a sentence for each problem.
  case badConfiguration(path: String, problems: [String])
  /// A value is too large for the type that it is to be written in.
  case overflow(path: String, tensor: String, value: Double, dtype: DType)
  /// Tensors are missing, wrong or left over; all of them.
  case badTensors(path: String, family: String?, problems: [TensorProblem])

  /// What is wrong, everything at once, and the remedy.
  public var description: String {
    switch self {
    case .container(let failure): "\(failure)"
    case .unknownModel(let path, let tensors, let first):
      "\(path): its \(tensors) tensors (the first is \(quoted(first))) are of no model that is known here; hfgd inspect \(path) --tensors lists them"
    case .noConfiguration(let path):
      "\(path) has no metadata entry hfgd.config, which says what its tensors make; "
        + "say it with: hfgd convert \(path) OUT.safetensors --as PRESET"
    case .backboneAlone(let path, let family, let backbone):
      "\(path) holds a backbone (\(family), \(backbone.rawValue)) and nothing that tells classes apart; "
        + "start a training from it with: hfgd train --weights \(path)"
    case .channelOrder(let path):
      "\(path) was trained on pictures in the order blue, green, red, which is not supported; "
        + "swap the input channels of its first convolution and set bgr_to_rgb"
    case .badConfiguration(let path, let problems):
      "\(path): hfgd.config has \(problems.counted("problem")):\(problems.listed)\ncorrect the configuration and write the file again"
    case .overflow(let path, let tensor, let value, let dtype):
      "\(path): \(quoted(tensor)) has the value \(value), which is infinite as \(dtype.rawValue); "
        + "leave --dtype out, or take one of a larger range"
    case .badTensors(let path, let family, let problems):
      "\(path): \(problems.counted("tensor")) \(problems.count == 1 ? "does" : "do") not fit the configuration"
        + "\(family.map { " (\($0))" } ?? ""):\(problems.map(\.description).listed)\n"
        + (family == nil
          ? "use the file that belongs to this configuration, or correct hfgd.config"
          : "use a file that the library wrote whole")
    }
  }
}

extension Array {
  /// "1 problem", "3 problems".
  fileprivate func counted(_ noun: String) -> String {
    count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
  }
}

extension [String] {
  /// Each on a line of its own.
  fileprivate var listed: String { map { "\n  \($0)" }.joined() }
}
