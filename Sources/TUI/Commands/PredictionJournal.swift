import Core
import Foundation

/// What `hfgd predict` has finished below its output folder, and with which arguments: `predict.jsonl`.
///
/// Each line is a JSON array of strings: first the arguments, then one `["STEM", "IMAGE"]` for each picture all of whose
/// files have their names. A file without such a line may be of an earlier run and counts for nothing.
struct PredictionJournal {
  private let journal: Journal
  private var imageOf: [String: String] = [:]

  /// The name of the file.
  static let fileName = "predict.jsonl"

  /// Begins the journal of `output` anew, or goes on with it if `isResumed`: then `arguments` must be the same.
  init(output: String, arguments: [String], isResumed: Bool) throws {
    let path = output.appendingPath(Self.fileName)
    do throws(FileFailure) {
      let beginning = Self.line(Array(arguments.prefix(1))).dropLast()
      journal = try Journal(path: path, beginning: String(beginning))
      if !isResumed { try journal.clear() }
      if journal.lines.isEmpty { try journal.append(Self.line(arguments)) }
    } catch {
      throw CommandFailure(.someInputsFailed, error.description)
    }
    let entries = journal.lines.map(Self.entry)
    guard let begun = entries.first ?? nil, begun.first == arguments.first else {
      throw CommandFailure(
        .usage,
        "\(path) does not tell what was predicted; remove it, or give another folder with -o")
    }
    if begun != arguments {
      let (old, new) = Self.difference(begun, arguments)
      throw CommandFailure(
        .usage,
        "\(output) was begun with \(old), not \(new); give the same arguments, another folder with -o, "
          + "or leave out --resume to begin anew"
      )
    }
    for case let entry? in entries.dropFirst() where entry.count == 2 {
      imageOf[entry[0]] = entry[1]
    }
  }

  /// Whether the results of `item`, which are called `files`, are there.
  func holds(_ item: PredictionInputs.Item, files: [String]) -> Bool {
    imageOf[item.stem] == item.image && files.allSatisfy(FileManager.default.fileExists)
  }

  /// Notes that all results of `item` are there.
  func note(_ item: PredictionInputs.Item) throws(FileFailure) {
    try journal.append(Self.line([item.stem, item.image]))
  }

  private static func line(_ words: [String]) -> String {
    JSON.array(words.map { .string($0) }).text
  }

  private static func entry(_ line: String) -> [String]? {
    (try? JSON(line))?.array?.compactMap(\.string)
  }

  /// The arguments that only the first and only the second list has.
  private static func difference(_ old: [String], _ new: [String]) -> (String, String) {
    func missing(_ list: [String], in other: [String]) -> String {
      list.filter { !other.contains($0) }.joined(separator: " ")
    }
    return (missing(old, in: new), missing(new, in: old))
  }
}
