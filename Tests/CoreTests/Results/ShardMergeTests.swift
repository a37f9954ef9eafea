import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("Merging shards")
struct ShardMergeTests {
  private func image(_ number: Int, milliseconds: Double = 5) -> EncodedImage {
    EncodedImage(
      name: "image-\(number)", counts: ResultsStoreTests.counts(UInt64(number)).encoded(),
      milliseconds: milliseconds)
  }

  private func run(
    _ images: [EncodedImage], of all: Int, shard: Shard?,
    _ change: (inout RunDescription) -> Void = { _ in }
  ) throws -> RunContents {
    let description = try ResultsStoreTests.description {
      $0.images = all
      $0.shard = shard
      change(&$0)
    }
    return RunContents(
      description: description, started: Date(timeIntervalSince1970: 1000), images: images)
  }

  /// The complete parts of `images`, `count` of them.
  private func parts(_ images: [EncodedImage], count: Int) throws -> [RunContents] {
    try (1...count).compactMap { Shard($0, of: count) }.map {
      try run($0(images), of: images.count, shard: $0)
    }
  }

  private func failure(_ parts: [RunContents]) -> ShardMergeFailure? {
    do throws(ShardMergeFailure) {
      _ = try RunContents(merging: parts)
      return nil
    } catch {
      return error
    }
  }

  /// However an evaluation was cut, in whatever order and how often its parts come, the whole is the same.
  @Test func anyCutInAnyOrder() throws {
    var random = SeededRandom(seed: 11)
    for _ in 0..<200 {
      let images = (0..<Int.random(in: 0...12, using: &random)).map { image($0) }
      let whole = try run(images.sorted { $0.name < $1.name }, of: images.count, shard: nil)
      var parts = try parts(images, count: Int.random(in: 1...5, using: &random))
      // A part that stopped before it was run again, and one that was run twice.
      for part in parts where Bool.random(using: &random) {
        let some = part.images.filter { _ in Bool.random(using: &random) }
        parts.append(
          try run(some, of: images.count, shard: part.description.shard) { $0.model = "z" })
      }
      parts.append(try run([image(77)], of: images.count, shard: nil))
      parts.shuffle(using: &random)
      #expect(try RunContents(merging: parts) == whole)
    }
  }

  /// Names and times, which numbers do not depend on, do not depend on the order of the parts either.
  @Test func namesComeFromTheFirstPart() throws {
    let images = (0..<4).map { image($0) }
    var parts = try parts(images, count: 2)
    parts[1] = try run(parts[1].images, of: 4, shard: Shard(2, of: 2)) { $0.data = "b" }
    parts.append(
      try run([image(1, milliseconds: 3)], of: 4, shard: Shard(2, of: 2)) { $0.data = "c" })
    for parts in [parts, parts.reversed()] {
      let whole = try RunContents(merging: parts)
      #expect(whole.description.data == "data")
      #expect(whole.images.map(\.milliseconds) == [5, 3, 5, 5])
    }
  }

  @Test func gapsAreRefused() throws {
    let parts = try parts((0..<7).map { image($0) }, count: 4)
    #expect(failure([]) == .noParts)
    #expect(failure([parts[1], parts[3]]) == .missing(parts: [1, 3], of: 4))
    #expect("\(ShardMergeFailure.missing(parts: [3], of: 4))".contains("part 3 of 4 is missing"))
    let short = try run(
      Array(parts[1].images.dropLast()), of: 7, shard: parts[1].description.shard)
    let failure = failure([parts[0], short, parts[2], parts[3]])
    #expect(failure == .incomplete([.init(part: 2, counted: 1, of: 2)]))
    #expect("\(try #require(failure))".contains("part 2 has counted 1 of 2 images"))
  }

  @Test func overlapsAreRefused() throws {
    let parts = try parts((0..<4).map { image($0) }, count: 2)
    let twice = try run(
      parts[1].images + [image(0)], of: 4, shard: parts[1].description.shard)
    #expect(failure([parts[0], twice]) == .repeated(image: "image-0", parts: [1, 2]))
    let other = EncodedImage(
      name: "image-1", counts: ResultsStoreTests.counts(99).encoded(), milliseconds: 5)
    let again = try run([other], of: 4, shard: parts[1].description.shard)
    #expect(failure(parts + [again]) == .contradictory(image: "image-1", part: 2))
  }

  @Test func partsOfOtherRunsAreToldApart() throws {
    let parts = try parts((0..<4).map { image($0) }, count: 2)
    let changes: [((inout RunDescription) -> Void, String)] = [
      ({ $0.identity = "ffff" }, "model"), ({ $0.rules = "mmseg" }, "protocol (ours; mmseg)"),
      ({ $0.outputStride = 2 }, "output stride (4; 2)"),
      ({ $0.split = "test" }, "split (val; test)"),
      ({ $0.fingerprint = "1" }, "files of the data set"), ({ $0.version = "2" }, "version"),
      ({ $0.dataset = "voc" }, "kind of data set"), ({ $0.ignoreIndex = 0 }, "ignored label"),
      ({ $0.extras = 1 }, "metrics"), ({ $0.boundaryRatio = 0.1 }, "boundary ratio"),
      ({ $0.classes[1] = "z" }, "classes (a b c; a z c)"),
      ({ $0.shard = Shard(2, of: 3) }, "number of parts (2; 3)"),
      ({ $0.images = 5 }, "number of images (4; 5)"),
    ]
    for (change, words) in changes {
      let other = try run(parts[1].images, of: 4, shard: Shard(2, of: 2), change)
      let text = try #require(failure([parts[0], other])).description
      #expect(text.contains(words), "\(text)")
      #expect(text.components(separatedBy: "(").count == 2, "\(text)")
    }
  }

  /// What a store gives away is what it takes in.
  @Test func contentsPassThroughStores() throws {
    let folder = TemporaryFolder()
    let contents = try run((0..<3).map { image($0) }, of: 3, shard: nil)
    let store = try ResultsStore(path: folder.path("a.sqlite"))
    let run = try store.add(contents)
    #expect(run.isComplete && run.images == 3)
    #expect(try store.contents(of: run.id) == contents)
    #expect(try store.latest(like: contents.description)?.id == run.id)
    // Two images of one name: the run is not begun either.
    let wrong = try self.run([image(0), image(0)], of: 2, shard: nil)
    #expect(throws: StoreFailure.self) { try store.add(wrong) }
    #expect(try store.runs().count == 1)
  }

  @Test func partsThatCannotBeAreRefused() {
    for text in [#"{"index":5,"count":4}"#, #"{"index":0,"count":0}"#] {
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(Shard.self, from: Data(text.utf8))
      }
    }
  }

  @Test(arguments: [(0, 3), (1, 3), (7, 3), (101, 4)])
  func partsHaveTheImagesTheyAreToCount(images: Int, count: Int) throws {
    for part in try parts((0..<images).map { image($0) }, count: count) {
      #expect(part.description.imagesToCount == part.images.count)
    }
  }
}
