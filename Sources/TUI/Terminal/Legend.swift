import Core
import Viz

/// The classes that a label map holds, largest first: a swatch or a letter, the name, the share of the area.
struct Legend {
  /// A letter for each class, for terminals without colour.
  let letters: [Character]
  private let entries: [Entry]

  private struct Entry {
    let swatch, name, share: String

    /// A swatch of one cell and the texts, with blanks between them.
    var cells: Int { 3 + name.count + share.count }
  }

  /// The legend of `labels` in the colours of `configuration`.
  init(_ labels: LabelMap, _ configuration: ModelConfiguration, _ depth: ColourDepth) {
    let letters = classLetters(configuration.classes)
    self.letters = letters
    let areas = labels.areas(classes: configuration.classes.count)
    let total = Double(max(1, labels.width * labels.height))
    entries = areas.indices.filter { areas[$0] > 0 }.sorted { areas[$0] > areas[$1] }.map { k in
      let swatch =
        depth == .none
        ? String(letters[k])
        : depth.code(configuration.palette[k], isBackground: false) + "■\u{1B}[39m"
      return Entry(
        swatch: swatch, name: configuration.classes[k],
        share: Self.percentage(Double(areas[k]) / total))
    }
  }

  /// A share in [0, 1] as percent, finer where it is small.
  static func percentage(_ share: Double) -> String {
    if share < 0.0005 { return "<0.1%" }
    return (100 * share).formatted(decimals: share < 0.0995 ? 1 : 0) + "%"
  }

  /// The entries in lines of at most `width` cells, at least one entry a line; where `limit` lines do not hold all, as
  /// many as fit and how many are left out.
  func lines(width: Int, limit: Int = .max) -> [String] {
    var shown = entries.count
    while true {
      let rest = entries.count - shown
      let lines = lines(entries.prefix(shown), note: rest > 0 ? "+\(rest)" : nil, width: width)
      if lines.count <= limit || shown <= 1 { return lines }
      shown -= 1
    }
  }

  private func lines(_ entries: ArraySlice<Entry>, note: String?, width: Int) -> [String] {
    var items = entries.map { entry in
      (text: "\(entry.swatch) \(entry.name) \(entry.share)", cells: entry.cells)
    }
    if let note { items.append((note, note.count)) }
    var lines: [String] = []
    var used = 0
    for item in items {
      if lines.isEmpty || used + 3 + item.cells > width {
        lines.append(item.text)
        used = item.cells
      } else {
        lines[lines.count - 1] += "   " + item.text
        used += 3 + item.cells
      }
    }
    return lines
  }
}
