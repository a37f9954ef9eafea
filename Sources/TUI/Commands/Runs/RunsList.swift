import ArgumentParser
import Core
import Foundation

/// `hfgd runs list`: a line for each run.
struct RunsList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the runs, the latest first.",
    discussion: """
      The protocol is told by what differs from its preset. A run that was
      stopped has no mIoU; hfgd eval --resume goes on with it.

      EXAMPLE
        hfgd runs list --store results.sqlite
      """)

  @OptionGroup var storeOptions: StoreOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let store = try storeOptions.openExisting()
    let list: RunList
    do throws(StoreFailure) { list = try RunList(of: store) } catch { throw CommandFailure(error) }
    try StandardOutput.print(report.json ? list.json.text : list.text)
  }
}

/// All runs of a store.
struct RunList {
  /// A run; only a complete one has a mIoU, a share in [0, 1].
  struct Entry {
    let run: StoredRun
    let meanIoU: Double?
  }

  let path: String
  let entries: [Entry]

  init(of store: ResultsStore) throws(StoreFailure) {
    path = store.path
    var entries: [Entry] = []
    for run in try store.runs() {
      var total: ConfusionMatrix?
      if run.isComplete {
        var sum = ConfusionMatrix(classes: run.description.classes.count)
        try store.forEachImage(of: run.id) { sum.add($0.counts.confusion) }
        total = sum
      }
      entries.append(Entry(run: run, meanIoU: total?.meanIoU))
    }
    self.entries = entries
  }

  /// The table; its columns are as wide as they need to be.
  var text: String {
    guard !entries.isEmpty else {
      return "\(path.printable) has no runs yet; hfgd eval makes them"
    }
    let hasParts = entries.contains { $0.run.description.shard != nil }
    let clock = DateFormatter()
    clock.locale = Locale(identifier: "en_US_POSIX")
    clock.dateFormat = "yyyy-MM-dd HH:mm"
    var table = TextTable(
      ["id", "started", "model", "data", "protocol", "images"] + (hasParts ? ["part"] : [])
        + ["mIoU"], columnsOfWords: [0, 1, 2, 3, 4])
    for entry in entries {
      let run = entry.run
      let description = run.description
      let images = run.isComplete ? "\(run.counted)" : "\(run.counted)/\(run.images)"
      table.add(
        [
          "\(run.id)", clock.string(from: run.started), description.title.printable,
          "\(description.data.fileName) \(description.split)".printable,
          description.shortRules.printable, images,
        ] + (hasParts ? [description.shard.map { "\($0)" } ?? ""] : [])
          + [entry.meanIoU.map { (100 * $0).formatted(decimals: 2) } ?? "–"])
    }
    return table.text
  }

  var json: JSON {
    .report(
      "runs",
      [
        JSON.Member("store", .string(path)),
        JSON.Member("runs", .array(entries.map(Self.object))),
      ])
  }

  private static func object(_ entry: Entry) -> JSON {
    let description = entry.run.description
    let run = [
      JSON.Member("id", .number("\(entry.run.id)")),
      JSON.Member("started", .string(entry.run.started.formatted(.iso8601))),
    ]
    let counted = [
      JSON.Member("shard", description.shard.map { .string("\($0)") } ?? .null),
      JSON.Member("images", .number("\(entry.run.images)")),
      JSON.Member("counted", .number("\(entry.run.counted)")),
      JSON.Member("mIoU", entry.meanIoU.map { .number(100 * $0, decimals: 4) } ?? .null),
    ]
    return .object(run + description.identification + counted)
  }
}

extension RunDescription {
  /// What the model is called, a checkpoint by its file, and its output stride.
  var title: String {
    let file = model.fileName.isEmpty ? model : model.fileName
    let name = file.hasSuffix(".safetensors") ? file.withoutExtension : file
    return outputStride > 0 ? "\(name) OS \(outputStride)" : name
  }

  /// The protocol's name and what differs from the preset of that name: "mmseg flip=yes".
  var shortRules: String {
    let words = rules.split(separator: " ")
    guard let first = words.first,
      let convention = InferenceProtocol.Convention(rawValue: String(first))
    else { return rules }
    let usual = Set(InferenceProtocol.preset(convention).description.split(separator: " "))
    return ([first] + words.dropFirst().filter { !usual.contains($0) }).joined(separator: " ")
  }
}
