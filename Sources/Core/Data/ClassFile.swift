/// The file in a data set's folder that names its classes, in the order of the labels, and perhaps their colours.
///
/// - `classes.txt`: a name on each line.
/// - `labelmap.txt` as CVAT writes it: `name:red,green,blue:parts:actions`.
/// - `label_colors.txt` as CamVid has it: `red green blue name`; colours may also follow the name.
///
/// Lines that begin with # are comments. A class called void, unlabelled or ignore is no class: what it labels is
/// ignored, and the classes after it move down.
struct ClassFile: Sendable {
  /// The names that such a file may have.
  static let names = ["classes.txt", "labelmap.txt", "label_colors.txt"]

  /// The classes without those that mean "ignored".
  let classes: ClassTable
  /// How labels that number the file's lines become classes; the identity where nothing is left out.
  let mapping: LabelMapping?
  /// The number of each colour, `nil` where the file has none or uses one twice.
  let colours: LabelColours?

  /// A line of the file.
  private struct Row {
    let name: String
    let colour: RGB?
    var isVoid: Bool { ClassFile.voidNames.contains(name.lowercased()) }
  }

  private static let voidNames: Set<String> = [
    "void", "unlabelled", "unlabeled", "ignore", "ignored", "__ignore__",
  ]

  /// The classes in a file's `text`; `path` is for messages.
  init(_ text: String, path: String) throws(DataSetFailure) {
    let rows = text.split(whereSeparator: \.isNewline).compactMap(Self.row)
    let kept = rows.enumerated().filter { !$0.element.isVoid }
    guard !kept.isEmpty, rows.count <= 65535 else {
      throw .badClasses(path: path, found: rows.count)
    }
    classes = ClassTable(
      names: kept.map(\.element.name),
      palette: kept.enumerated().map { k, row in
        row.element.colour ?? ClassTable.vocColour(k + 1)
      },
      ignoreIndex: kept.count <= 255 ? 255 : 65535)
    mapping =
      kept.count == rows.count
      ? nil
      : LabelMapping(
        numbering: kept.map { UInt16($0.offset) }, ignoringUpTo: UInt16(rows.count - 1))
    let palette = rows.compactMap(\.colour)
    colours = palette.count == rows.count ? LabelColours(palette) : nil
  }

  private static func row(_ line: Substring) -> Row? {
    guard !line.drop(while: \.isWhitespace).hasPrefix("#") else { return nil }
    let fields = line.split(separator: ":", omittingEmptySubsequences: false)
    if fields.count > 1 {
      let colour = fields[1].split(separator: ",").map { number($0) }
      return Row(name: fields[0].singleSpaced, colour: rgb(colour[...]))
    }
    let words = line.split { $0.isWhitespace || $0 == "," }
    guard !words.isEmpty else { return nil }
    let numbers = words.map { number($0) }
    if words.count > 3 {
      if let colour = rgb(numbers.prefix(3)) {
        return Row(name: joined(words.dropFirst(3)), colour: colour)
      }
      if let colour = rgb(numbers.suffix(3)) {
        return Row(name: joined(words.dropLast(3)), colour: colour)
      }
    }
    return Row(name: line.singleSpaced, colour: nil)
  }

  private static func number(_ word: Substring) -> UInt8? { UInt8(word.singleSpaced) }

  private static func rgb(_ channels: ArraySlice<UInt8?>) -> RGB? {
    let channels = channels.compactMap { $0 }
    return channels.count == 3 ? RGB(channels[0], channels[1], channels[2]) : nil
  }

  private static func joined(_ words: ArraySlice<Substring>) -> String {
    words.joined(separator: " ")
  }
}

extension StringProtocol {
  /// The words of the text with one space between them, and none around.
  var singleSpaced: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
