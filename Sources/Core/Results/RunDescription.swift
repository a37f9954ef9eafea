import Crypto
import Foundation

/// What an evaluation measures, and how: all that its numbers depend on.
public struct RunDescription: Sendable, Hashable, Codable {
  /// The checkpoint's path, the preset, or the folder of predictions.
  public var model: String
  /// The model's own name.
  public var name: String
  /// What tells the model's weights from others: a checkpoint's SHA-256, a preset's seed.
  public var identity: String
  /// The output stride that was predicted at; 0 for predictions from files.
  public var outputStride: Int
  /// How pictures became predictions: ``InferenceProtocol/description``.
  public var rules: String
  /// Where the data set lies.
  public var data: String
  /// The kind of data set.
  public var dataset: String
  /// The part of it.
  public var split: String
  /// ``DataSet/fingerprint``.
  public var fingerprint: String
  /// How many images that part has.
  public var images: Int
  /// The names of the K classes.
  public var classes: [String]
  /// The label that is not counted.
  public var ignoreIndex: Int
  /// What was counted beside the confusion matrix.
  public var extras: UInt8
  /// The width of Boundary IoU's bands as a share of the diagonal.
  public var boundaryRatio: Double
  /// The part of the images that this run does; `nil` for all.
  public var shard: Shard?
  /// The version of this program.
  public var version: String

  /// A description from its parts.
  public init(
    model: String, name: String, identity: String, outputStride: Int, rules: String, data: DataSet,
    classes: [String], extras: ImageCounts.Extras, boundaryRatio: Double, shard: Shard?,
    version: String
  ) {
    self.model = model
    self.name = name
    self.identity = identity
    self.outputStride = outputStride
    self.rules = rules
    self.data = data.root
    dataset = data.kind.name
    split = data.split
    fingerprint = data.fingerprint
    images = data.samples.count
    self.classes = classes
    ignoreIndex = data.ignoreIndex
    self.extras = extras.rawValue
    self.boundaryRatio = boundaryRatio
    self.shard = shard
    self.version = version
  }

  /// A hash of all that the numbers depend on, in hexadecimal digits: runs with the same key give the same counts.
  ///
  /// Where the files lie is left out, so a checkpoint or a data set may move between a run and its end.
  public var key: String {
    var parts = self
    (parts.model, parts.name, parts.data) = ("", "", "")
    return parts.hash
  }

  /// ``key`` without the shard: parts with the same one belong together.
  public var wholeKey: String {
    var whole = self
    whole.shard = nil
    return whole.key
  }

  /// Whether another run gives the same confusion matrices; what both count beside them is left aside.
  public func hasSameMatrix(as other: RunDescription) -> Bool {
    func matrixKey(_ run: RunDescription) -> String {
      var run = run
      (run.extras, run.boundaryRatio) = (0, 0)
      return run.key
    }
    return matrixKey(self) == matrixKey(other)
  }

  private var hash: String { FileDigest.hexadecimal(SHA256.hash(data: encoded)) }

  /// The description as JSON with sorted keys.
  var encoded: Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do { return try encoder.encode(self) } catch {
      preconditionFailure("a run's description cannot be encoded: \(error)")
    }
  }

  init(decoding data: Data) throws {
    self = try JSONDecoder().decode(RunDescription.self, from: data)
    guard 1...ImageCounts.classLimit ~= classes.count, 0...1_000_000_000 ~= images else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: [], debugDescription: "\(classes.count) classes, \(images) images"))
    }
  }
}
