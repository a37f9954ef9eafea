import Foundation
import GRDB
import TestSupport
import Testing

@testable import Core

@Suite("Results store")
struct ResultsStoreTests {
  private let folder = TemporaryFolder()

  private func store(_ name: String = "results.sqlite") throws -> ResultsStore {
    try ResultsStore(path: folder.path(name))
  }

  /// Counts of an image with K classes whose cells are drawn at random.
  static func counts(_ seed: UInt64, classes: Int = 3, extras: ImageCounts.Extras = [])
    -> ImageCounts
  {
    var random = SeededRandom(seed: seed)
    func map() -> LabelMap {
      LabelMap(
        width: 9, height: 7,
        values: (0..<63).map { _ in UInt16(random.next() % UInt64(classes + 1)) })
    }
    return ImageCounts(
      prediction: map(), truth: map(), classes: classes, ignoreIndex: 255, extras: extras)
  }

  static func description(_ change: (inout RunDescription) -> Void = { _ in }) throws
    -> RunDescription
  {
    let data = DataSet(
      kind: .camVid, root: "data", split: "val", classes: nil, encoding: LabelEncoding(),
      samples: [])
    var description = RunDescription(
      model: "m.safetensors", name: "m", identity: "00ff", outputStride: 4, rules: "ours",
      data: data, classes: ["a", "b", "c"], extras: [], boundaryRatio: 0.02, shard: nil,
      version: "1")
    change(&description)
    return description
  }

  private func image(_ number: UInt64) -> StoredImage {
    StoredImage(
      name: "image-\(number)", counts: Self.counts(number, extras: [.boundary, .components]),
      milliseconds: Double(number))
  }

  @Test func whatIsKeptIsFoundByAnotherProcess() throws {
    let description = try Self.description()
    let id: Int64
    do {
      let store = try store("new/folder/results.sqlite")
      id = try store.begin(description, images: 3).id
      for number in 1...2 { try store.keep(image(UInt64(number)), of: id) }
    }
    let store = try store("new/folder/results.sqlite")
    let run = try #require(try store.latest(like: description))
    #expect(run.id == id && run.images == 3 && run.counted == 2 && !run.isComplete)
    #expect(run.description == description)
    #expect(try store.names(of: id) == ["image-1", "image-2"])
    #expect(try store.images(of: id) == [image(1), image(2)])
    // Once more changes nothing.
    try store.keep(
      StoredImage(name: "image-1", counts: Self.counts(9), milliseconds: 0), of: id)
    #expect(try store.images(of: id) == [image(1), image(2)])
    try store.keep(image(3), of: id)
    #expect(try store.run(id).isComplete)
  }

  @Test func runsAreListedAndDeleted() throws {
    let store = try store()
    let first = try store.begin(Self.description(), images: 1)
    let second = try store.begin(Self.description { $0.outputStride = 2 }, images: 1)
    try store.keep(image(1), of: first.id)
    #expect(try store.runs().map(\.id) == [second.id, first.id])
    try store.delete(first.id)
    #expect(try store.runs().map(\.id) == [second.id])
    #expect(throws: StoreFailure.noRun(id: first.id, path: store.path)) {
      try store.run(first.id)
    }
    #expect(throws: StoreFailure.noRun(id: first.id, path: store.path)) {
      try store.delete(first.id)
    }
    #expect(try store.images(of: first.id).isEmpty)
    // Numbers are not given again.
    #expect(try store.begin(Self.description(), images: 1).id > second.id)
  }

  /// A store that was tampered with is refused, not summed.
  @Test func countsOfOtherClassesAreRefused() throws {
    let store = try store()
    let run = try store.begin(Self.description(), images: 1)
    try store.keep(
      StoredImage(name: "a", counts: Self.counts(1, classes: 5), milliseconds: 1), of: run.id)
    #expect(throws: StoreFailure.self) { try store.images(of: run.id) }
  }

  @Test func marks() throws {
    let store = try store()
    for name in ["b", "a"] { try store.mark(name, of: "/data", split: "val", true) }
    try store.mark("a", of: "/data", split: "val", true)
    try store.mark("c", of: "/data", split: "train", true)
    #expect(try store.marks(of: "/data", split: "val") == ["a", "b"])
    try store.mark("a", of: "/data", split: "val", false)
    #expect(try store.marks(of: "/data", split: "val") == ["b"])
    #expect(try store.marks(of: "/other", split: "val").isEmpty)
  }

  /// Where files lie does not matter to what is measured; everything else does.
  @Test func keys() throws {
    let key = try Self.description().key
    #expect(
      try Self.description {
        $0.model = "elsewhere/m"
        $0.data = "/data"
      }.key == key)
    let changes: [(inout RunDescription) -> Void] = [
      { $0.identity = "1" }, { $0.outputStride = 2 }, { $0.rules = "mmseg" },
      { $0.split = "train" }, { $0.fingerprint = "0" }, { $0.classes[0] = "z" },
      { $0.ignoreIndex = 0 }, { $0.extras = 1 }, { $0.boundaryRatio = 0.005 },
      { $0.version = "2" }, { $0.shard = Shard(1, of: 2) },
    ]
    let keys = try Set(changes.map { try Self.description($0).key })
    #expect(keys.count == changes.count && !keys.contains(key))
    #expect(try Self.description { $0.shard = Shard(1, of: 2) }.wholeKey == key)
  }

  @Test func otherFilesAreRefused() throws {
    try Data("no database at all, but long enough to be read as one".utf8).write(
      to: URL(fileURLWithPath: folder.path("text.sqlite")))
    #expect(throws: StoreFailure.self) { try store("text.sqlite") }
    try FileManager.default.createDirectory(
      atPath: folder.path("folder.sqlite"), withIntermediateDirectories: true)
    #expect(throws: StoreFailure.self) { try store("folder.sqlite") }
  }

  /// A database of another program is not touched.
  @Test func otherProgramsDatabasesStay() throws {
    let path = folder.path("other.sqlite")
    let other = try DatabaseQueue(path: path)
    try other.write { try $0.execute(sql: "CREATE TABLE bookmark (name TEXT)") }
    try other.close()
    let before = try FileBytes.read(path, maxBytes: 1 << 20)
    #expect(throws: StoreFailure.self) { try store("other.sqlite") }
    #expect(try FileBytes.read(path, maxBytes: 1 << 20) == before)
  }

  /// Several processes write into one run at once; here they are connections.
  @Test func manyWritersAtOnce() async throws {
    let run = try store().begin(Self.description(), images: 80)
    let path = folder.path("results.sqlite")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          let store = try ResultsStore(path: path)
          // Every image is offered by two writers.
          for number in 0..<40 {
            let image = StoredImage(
              name: "\((20 * writer + number) % 80)",
              counts: Self.counts(UInt64((20 * writer + number) % 80)), milliseconds: 1)
            try store.keep(image, of: run.id)
          }
        }
      }
      try await group.waitForAll()
    }
    let images = try store().images(of: run.id)
    #expect(images.count == 80)
    for image in images {
      #expect(image.counts == Self.counts(UInt64(image.name) ?? 999))
    }
  }

  /// What 19 classes take on a busy street scene stays below 20 kB an image, with everything counted.
  @Test func sizeOfAnImage() throws {
    let store = try store()
    let run = try store.begin(Self.description(), images: 20)
    for number in 0..<20 {
      try store.keep(
        StoredImage(
          name: "frankfurt_000000_\(number)_leftImg8bit",
          counts: Self.counts(
            UInt64(number), classes: 19, extras: [.boundary, .bands, .components]),
          milliseconds: 1), of: run.id)
    }
    try store.database.writeWithoutTransaction {
      try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
    }
    let size = try #require(
      try FileManager.default.attributesOfItem(atPath: store.path)[.size] as? Int)
    #expect(size < 20 * 20_000)
  }

  @Test func shardsAreAPartition() {
    for images in [0, 1, 2, 7, 101] {
      for count in [1, 2, 3, 8] {
        let parts = (1...count).compactMap { Shard($0, of: count)?(Array(0..<images)) }
        #expect(parts.count == count)
        #expect(parts.joined().sorted() == Array(0..<images))
        #expect((parts.map(\.count).max() ?? 0) - (parts.map(\.count).min() ?? 0) <= 1)
      }
    }
    #expect(Shard(0, of: 2) == nil && Shard(3, of: 2) == nil && Shard(1, of: 0) == nil)
  }
}
