import ArgumentParser
import Core
import Foundation

/// The MODEL argument: a checkpoint, or a preset's name together with `--random`.
struct ModelOptions: ParsableArguments {
  @Argument(
    help: "A checkpoint (.safetensors), or the name of a preset (see hfgd models) with --random.",
    completion: .file(extensions: ["safetensors"]))
  var model: String

  @Option(name: .long, help: "Give a preset the random weights of this seed.")
  var random: UInt64?

  /// What MODEL names.
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

  /// Finds out what MODEL names; a file comes before a preset of the same name.
  func source() throws -> Source {
    let isFile = FileManager.default.fileExists(atPath: model)
    if !isFile, let preset = ModelConfiguration.preset(named: model) { return .preset(preset) }
    guard isFile else {
      throw CommandFailure(
        .checkpoint, "there is neither a file nor a preset \(model)\(Self.suggestion(for: model))")
    }
    if random != nil {
      throw CommandFailure(
        .usage, "--random goes with a preset; \(model) is a file with its own weights")
    }
    do throws(CheckpointFailure) {
      return .checkpoint(try Checkpoint(path: model))
    } catch {
      throw CommandFailure(error)
    }
  }

  /// The model with its weights.
  func load() throws -> SegmentationModel {
    switch try source() {
    case .checkpoint(let checkpoint):
      do throws(CheckpointFailure) {
        return try checkpoint.model()
      } catch {
        throw CommandFailure(error)
      }
    case .preset(let preset):
      guard let random else {
        throw CommandFailure(
          .usage, "\(model) is a preset and has no weights; add --random 1, or give a checkpoint")
      }
      return SegmentationModel(preset, Weights(RandomWeights(seed: random)))
    }
  }

  /// "; did you mean …?" where a preset's name is near, else where to look.
  private static func suggestion(for name: String) -> String {
    let near = ModelConfiguration.presets.map(\.name)
      .map { ($0, editDistance(name, $0)) }.min { $0.1 < $1.1 }
    if let near, near.1 <= max(2, name.count / 4) { return "; did you mean \(near.0)?" }
    return "; give the path of a .safetensors file, or a name that hfgd models lists"
  }
}

/// How many insertions, deletions and replacements turn `a` into `b` (Levenshtein).
func editDistance(_ a: String, _ b: String) -> Int {
  let b = Array(b)
  var previous = Array(0...b.count)
  for (i, x) in a.enumerated() {
    var current = [i + 1]
    for (j, y) in b.enumerated() {
      current.append(min(previous[j] + (x == y ? 0 : 1), previous[j + 1] + 1, current[j] + 1))
    }
    previous = current
  }
  return previous[b.count]
}
