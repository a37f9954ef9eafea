import ArgumentParser
import Core
import Foundation

/// What to take of a data set and how its labels are stored; commands add the set itself as `--data` or an argument.
struct DataSetOptions: ParsableArguments {
  @OptionGroup var kind: DataSetKindOptions

  @Option(name: .long, help: "Which part of the data set (default: val).")
  var split: String?

  @Option(
    name: .long, help: "A folder of label maps with the images' names.", completion: .directory)
  var labels: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "New labels for old ones, as 0:0,255:1,7:ignore, in a file of such entries, or \(maps).",
      valueName: "map"),
    completion: .file())
  var labelMap: String?

  @Flag(
    name: .long, help: "Apply the label map before --reduce-zero-label, as mmsegmentation 0.x did.")
  var labelMapFirst = false

  private static var maps: String { LabelMapping.known.keys.sorted().joined(separator: " or ") }

  /// The data set at `path`, a folder or tar archive; `-` stands for a list of files on standard input.
  ///
  /// `classes` are those of a set that does not name its own: the model's.
  func open(_ path: String, classes: ClassTable? = nil, needsLabels: Bool = true) throws -> DataSet
  {
    let request = try request(classes: classes, needsLabels: needsLabels)
    do throws(DataSetFailure) { return try Self.open(path, request) } catch {
      throw CommandFailure(error)
    }
  }

  /// What the options ask for.
  func request(classes: ClassTable?, needsLabels: Bool) throws -> DataSetRequest {
    DataSetRequest(
      kind: kind.dataset, split: split, labels: labels,
      encoding: LabelEncoding.Changes(
        ignoreIndex: kind.ignoreIndex, reduceZeroLabel: kind.reduceZeroLabel,
        mapping: try mapping(),
        order: labelMapFirst ? .mapFirst : nil),
      classes: classes, needsLabels: needsLabels)
  }

  /// The data set at `path`, where `-` stands for a list on standard input.
  static func open(_ path: String, _ request: DataSetRequest) throws(DataSetFailure) -> DataSet {
    guard path == "-" else { return try DataSet(path: path, request) }
    let list = FileHandle.standardInput.readDataToEndOfFile()
    return try DataSet(PairList(String(decoding: list, as: UTF8.self)), request)
  }

  /// What `--label-map` says: a known name, the entries themselves, or a file of them.
  private func mapping() throws -> LabelMapping? {
    guard let labelMap else { return nil }
    var text = labelMap
    if LabelMapping.known[labelMap] == nil && FileManager.default.fileExists(atPath: labelMap) {
      do throws(FileFailure) {
        text = String(decoding: try FileBytes.read(labelMap, maxBytes: 1 << 20), as: UTF8.self)
      } catch {
        throw CommandFailure(.usage, error.description)
      }
    }
    do throws(LabelMappingFailure) { return try LabelMapping(parsing: text) } catch {
      throw CommandFailure(.usage, error.description)
    }
  }
}
