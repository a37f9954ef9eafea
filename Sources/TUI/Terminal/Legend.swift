import Core
import Viz

/// The classes that a label map holds, largest first: a swatch or a letter, the name, the share of the area.
struct Legend {
  /// A letter for each class, for terminals without colour.
  let letters: [Character]
  private let entries: [(swatch: String, name: String, share: Double)]

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
      return (swatch, configuration.classes[k], Double(areas[k]) / total)
    }
  }

  /// The entries in lines of at most `width` cells, at least one entry a line.
  func lines(width: Int) -> [String] {
    var lines: [String] = []
    var used = 0
    for entry in entries {
      let share = (100 * entry.share).formatted(decimals: entry.share < 0.0995 ? 1 : 0) + "%"
      let cells = entry.name.count + share.count + 3
      if lines.isEmpty || used + 3 + cells > width {
        lines.append("")
        used = 0
      } else {
        lines[lines.count - 1] += "   "
        used += 3
      }
      lines[lines.count - 1] += "\(entry.swatch) \(entry.name) \(share)"
      used += cells
    }
    return lines
  }
}
