import Dispatch
import Foundation
import TestSupport
import Testing

@testable import Core
@testable import TUI

/// What the engine does beside the screen, without one.
@Suite("Explorer engine")
struct ExplorerEngineTests {
  private let folder = TemporaryFolder()

  /// The engine's mail, and a bell that rings with each letter.
  private struct Post {
    let mailbox: Mailbox
    private let bell: DispatchSemaphore

    init() {
      let bell = DispatchSemaphore(value: 0)
      self.bell = bell
      mailbox = Mailbox(wake: { bell.signal() })
    }

    /// The events up to the one that is waited for.
    func events(until isLast: (ExplorerEvent) -> Bool) -> [ExplorerEvent] {
      var events: [ExplorerEvent] = []
      while !events.contains(where: isLast), bell.wait(timeout: .now() + 60) == .success {
        events += mailbox.collect()
      }
      return events
    }
  }

  private func engine(
    _ post: Post, entries: [Sample] = [], sources: [SlotSource]? = nil,
    classes: ClassList = ExplorerFixture.classes, ledger: Ledger? = nil
  ) -> ExplorerEngine {
    ExplorerEngine(
      entries: entries, sources: sources ?? [.folder(path: folder.path(), name: "out")],
      classes: classes, threads: Threads(1), cacheBytes: 1 << 20, mailbox: post.mailbox,
      ledger: ledger)
  }

  private func isRest(_ event: ExplorerEvent) -> Bool {
    if case .activity(.none) = event { true } else { false }
  }

  private func dataSet(_ samples: [Sample]) -> DataSet {
    DataSet(
      kind: .folders, root: folder.path(), split: DataSet.undivided, classes: nil,
      encoding: LabelEncoding(), samples: samples)
  }

  /// Marks are kept while the counts of the past are still being read, and however soon one leaves.
  @Test func marksAreKeptAtTheEnd() throws {
    let sources = [SlotSource.folder(path: folder.path(), name: "out")]
    let ledger = Ledger(
      of: dataSet([ExplorerFixture.sample("a0"), ExplorerFixture.sample("a1")]), sources,
      classes: ExplorerFixture.classes.names, storePath: folder.path("results.sqlite"))
    let leaving = engine(Post(), sources: sources, ledger: ledger)
    let counting = DispatchSemaphore(value: 0)
    leaving.storeQueue.async { counting.wait() }
    leaving.mark("a1", true)
    leaving.finish()
    #expect(try ledger.marks() == ["a1"])
    counting.signal()
  }

  @Test func whatIsWatchedIsNotCounted() {
    let post = Post()
    engine(post).evaluate()
    guard case .evaluated(let progress, let message)? = post.mailbox.collect().first else {
      Issue.record("nothing is told")
      return
    }
    #expect(progress == nil)
    #expect(message?.contains("--watch") == true)
  }

  /// An image that cannot be read is told, and then the engine rests, under a corruption as without.
  @Test func unreadableImagesEnd() {
    let entries = [ExplorerFixture.sample(folder.path("missing"))]
    for alteration in [Alteration(), Alteration(corruption: Corruption(.fog, severity: 3))] {
      let post = Post()
      let working = engine(post, entries: entries)
      working.show(entry: 0, extras: [], alteration)
      let events = post.events(until: isRest)
      #expect(events.contains(where: isRest))
      #expect(events.contains { if case .failed = $0 { true } else { false } })
      let part = Reinference(
        entry: 0, region: PixelRegion(x: 0..<4, y: 0..<4), scale: 1, strides: [0],
        alteration: alteration)
      working.reinfer(part)
      let ends = post.events { if case .reinferenceFailed = $0 { true } else { false } }
      #expect(ends.contains { if case .reinferenceFailed = $0 { true } else { false } })
    }
  }

  /// Past the end of the memory the system would end the program without a word.
  @Test func tooLargePicturesAreRefused() throws {
    let preset = try #require(ModelConfiguration.preset(named: "fcn-mobilenet_v2"))
    let source = SlotSource.model(preset, ModelReference(name: "fcn-mobilenet_v2", seed: 1))
    var runner = SlotRunner(
      source, threads: Threads(1), learnt: { _, _ in }, available: { 1000 })
    let picture = Picture(width: 40, height: 30)
    func remedy(_ body: () throws -> Void) throws -> String {
      do {
        try body()
      } catch let failure as TooLittleMemory {
        return failure.remedy ?? ""
      }
      return "none"
    }
    let whole = try remedy {
      try runner.predict(
        "a", picture, nil, ExplorerFixture.classes, known: [:], extras: [], begin: { _ in },
        isStale: { false }, answer: { _ in })
    }
    #expect(whole.contains("--threads"))
    let features = try remedy { _ = try runner.features(of: picture, isStale: { false }) }
    #expect(features.contains("--threads"))
    let part = try remedy {
      _ = try runner.labels(
        of: picture, in: PixelRegion(x: 0..<20, y: 0..<20), scale: 2, outputStride: 32,
        without: [], isStale: { false })
    }
    #expect(part.contains("zoom in"))
  }

  // MARK: - Files that are replaced

  private static let sample =
    TestFiles.package + "/samples/models/sfpn-mobilenet_v2-camvid.safetensors"

  /// Writes the sample's bytes into a new file of the name.
  private func replace(_ path: String) throws {
    try AtomicFile.write(FileBytes.read(Self.sample, maxBytes: 1 << 30), to: path)
  }

  @Test func tokensAreNotSavedIntoAnotherCheckpoint() throws {
    let path = folder.path("model.safetensors")
    try replace(path)
    let reference = ModelReference(name: path, seed: nil)
    let configuration = try reference.source().configuration
    let source = SlotSource.model(configuration, reference)
    let (count, width) = (configuration.classes.count, configuration.width)
    let request = TokenSaving(
      path: folder.path("edited.safetensors"), slot: 0, file: source.stamp,
      tokens: ClassTokens(
        names: configuration.classes, width: width,
        weights: [Float](repeating: 0, count: count * width),
        bias: [Float](repeating: 0, count: count)),
      edit: TokenEdit(count: count), other: nil)
    #expect(try request.write(source).hasPrefix("written to "))
    try replace(path)
    #expect(throws: FileReplaced(path: path)) { try request.write(source) }
  }

  /// What weights in memory count does not go under the name of those that lie in the file by now.
  @Test func countsOfOtherWeightsAreNotKept() throws {
    let path = folder.path("model.safetensors")
    try replace(path)
    let reference = ModelReference(name: path, seed: nil)
    let configuration = try reference.source().configuration
    let sources = [SlotSource.model(configuration, reference)]
    try ImageFile.write(Picture(width: 40, height: 30), to: folder.path("a.png"))
    try ImageFile.write(
      LabelMap(width: 40, height: 30, values: [UInt16](repeating: 3, count: 1200)),
      to: folder.path("a_l.png"))
    let samples = [ExplorerFixture.sample(folder.path("a"), hasLabel: true)]
    let ledger = Ledger(
      of: dataSet(samples), sources, classes: configuration.classes,
      storePath: folder.path("results.sqlite"))
    let post = Post()
    let classes = ClassList(
      names: configuration.classes, palette: configuration.palette,
      ignoreIndex: configuration.ignoreIndex)
    let counting = engine(
      post, entries: samples, sources: sources, classes: classes, ledger: ledger)
    counting.show(entry: 0, neighbours: [])
    #expect(post.events(until: isRest).contains(where: isRest))
    try replace(path)
    counting.evaluate()
    let ends = post.events { if case .evaluated(.none, _) = $0 { true } else { false } }
    guard case .evaluated(_, let message)? = ends.last else {
      Issue.record("the evaluation does not end")
      return
    }
    #expect(message == FileReplaced(path: path).description)
    #expect(try ledger.counts(of: 0).isEmpty)
  }
}
