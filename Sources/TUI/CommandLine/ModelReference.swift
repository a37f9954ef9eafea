import Core
import Foundation

/// What a user calls a model: the path of a checkpoint, or a preset's name and a seed for its weights.
struct ModelReference: Sendable {
  let name: String
  let seed: UInt64?
  /// What the model's products multiply.
  var precision = Precision.float32

  /// What the name stands for.
  enum Source {
    case checkpoint(Checkpoint)
    case preset(ModelConfiguration)

    var configuration: ModelConfiguration {
      switch self {
      case .checkpoint(let checkpoint): checkpoint.configuration
      case .preset(let preset): preset
      }
    }
  }

  /// The tensors of the file of this name; `nil` where it is a preset's and there is no such file.
  func file() throws -> TensorFile? {
    guard FileManager.default.fileExists(atPath: name) else {
      _ = try source()
      return nil
    }
    do throws(TensorFileFailure) { return try TensorFile(path: name) } catch {
      throw CommandFailure(.checkpoint, error.description)
    }
  }

  /// Finds out what the name stands for; a file comes before a preset of the same name.
  func source() throws -> Source {
    let isFile = FileManager.default.fileExists(atPath: name)
    if !isFile, let preset = ModelConfiguration.preset(named: name) { return .preset(preset) }
    guard isFile else {
      throw CommandFailure(
        .checkpoint, "there is neither a file nor a preset \(name)\(suggestion)")
    }
    if seed != nil {
      throw CommandFailure(
        .usage, "--random goes with a preset; \(name) is a file with its own weights")
    }
    do throws(CheckpointFailure) {
      return .checkpoint(try Checkpoint(path: name))
    } catch {
      throw CommandFailure(error)
    }
  }

  /// The model with its weights, read by `threads`.
  func load(threads: Threads) throws -> SegmentationModel {
    switch try source() {
    case .checkpoint(let checkpoint):
      do throws(CheckpointFailure) {
        return try checkpoint.model(precision: precision, threads: threads)
      } catch {
        throw CommandFailure(error)
      }
    case .preset(let preset):
      guard let seed else {
        throw CommandFailure(
          .usage, "\(name) is a preset and has no weights; add --random 1, or give a checkpoint")
      }
      return SegmentationModel(
        preset, Weights(RandomWeights(seed: seed), precision: precision), threads: threads)
    }
  }

  /// What tells the model's results from others: a preset and its seed, or the SHA-256 of the checkpoint, wherever it
  /// lies; and the precision, where it is not float32.
  func identity() throws -> String {
    let suffix = precision == .float32 ? "" : "/\(precision.rawValue)"
    guard let file = try file() else { return "\(name)/\(seed ?? 0)" + suffix }
    do throws(MappedFileFailure) { return try FileDigest.sha256(of: file.files) + suffix } catch {
      throw CommandFailure(.checkpoint, error.description)
    }
  }

  /// "; did you mean …?" where a preset's name is near, else where to look.
  private var suggestion: String {
    let near = ModelConfiguration.presets.map(\.name)
      .map { ($0, editDistance(name, $0)) }.min { $0.1 < $1.1 }
    if let near, near.1 <= max(2, name.count / 4) { return "; did you mean \(near.0)?" }
    return "; give the path of a checkpoint, or a name that hfgd models lists"
  }
}
