import Core
import Foundation
import Synchronization

/// What the slots have measured of the data set, in the store of results that `hfgd eval` keeps.
///
/// The store is opened when it is asked for; one that is not there yet is made only to write into.
final class Ledger: Sendable {
  private let dataSet: DataSet
  private let sources: [SlotSource]
  private let classes: [String]
  private let storePath: String
  private let entryOf: [String: Int]
  private let opened = Mutex<ResultsStore?>(nil)

  init(of dataSet: DataSet, _ sources: [SlotSource], classes: [String], storePath: String) {
    self.dataSet = dataSet
    self.sources = sources
    self.classes = classes
    self.storePath = storePath
    entryOf = Dictionary(
      dataSet.samples.enumerated().map { ($0.element.name, $0.offset) },
      uniquingKeysWith: { first, _ in first })
  }

  /// A run under way: what it measures, and the entries that it lacks.
  struct Work: Sendable {
    let slot: Int
    let run: Int64
    let description: RunDescription
    /// The checkpoint's file that the description tells of; `nil` where there is none.
    let stamp: FileStamp?
    var missing: [Int]
  }

  /// The latest counts of each image that any run of the slot has.
  func counts(of slot: Int) throws -> [(entry: Int, ConfusionMatrix)] {
    guard FileManager.default.fileExists(atPath: storePath) else { return [] }
    let store = try store()
    let wanted = try description(of: slot)
    // What was counted beside the confusion matrix, and in how many parts, does not matter here.
    let runs = try store.runs().filter { run in
      var whole = run.description
      whole.shard = nil
      return whole.hasSameMatrix(as: wanted)
    }
    var counts: [Int: ConfusionMatrix] = [:]
    for run in runs {
      try store.forEachImage(of: run.id) { image in
        if let entry = entryOf[image.name], counts[entry] == nil {
          counts[entry] = image.counts.confusion
        }
      }
    }
    return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The images that were marked.
  func marks() throws -> Set<String> {
    guard FileManager.default.fileExists(atPath: storePath) else { return [] }
    return try store().marks(of: dataSet.root.canonicalPath, split: dataSet.split)
  }

  /// Marks an image, or takes its mark away.
  func mark(_ name: String, _ isMarked: Bool) throws {
    try store().mark(name, of: dataSet.root.canonicalPath, split: dataSet.split, isMarked)
  }

  /// What a slot has still to measure, in a run that goes on or begins.
  func work(of slot: Int) throws -> Work {
    let store = try store()
    let stamp = sources[slot].stamp
    let description = try description(of: slot)
    guard sources[slot].stamp == stamp else { throw FileReplaced(path: sources[slot].path) }
    let run =
      try store.latest(like: description)
      ?? store.begin(description, images: dataSet.samples.count)
    let known = try store.names(of: run.id)
    let missing = dataSet.samples.indices.filter { !known.contains(dataSet.samples[$0].name) }
    return Work(
      slot: slot, run: run.id, description: description, stamp: stamp, missing: missing)
  }

  /// Keeps what was counted on an entry.
  func keep(_ counts: ImageCounts, of entry: Int, _ work: Work, milliseconds: Double) throws {
    let image = StoredImage(
      name: dataSet.samples[entry].name, counts: counts, milliseconds: milliseconds)
    try store().keep(image, of: work.run)
  }

  private func store() throws -> ResultsStore {
    try opened.withLock { opened in
      if let opened { return opened }
      let store = try ResultsStore(path: storePath)
      opened = store
      return store
    }
  }

  private func description(of slot: Int) throws -> RunDescription {
    let source = sources[slot]
    return RunDescription(
      model: source.path, name: source.slot.name, identity: try source.identity(),
      outputStride: source.slot.finestStride, rules: source.rules, data: dataSet, classes: classes,
      extras: [],
      boundaryRatio: 0.02, shard: nil, version: HFGD.version)
  }
}
