extension PixelFont {
  /// `text` in lines at most `width` pixels wide, broken at blanks; none for a text without words.
  ///
  /// Words that are wider than a line are broken where the line ends. No character is lost but
  /// blanks at breaks; a line holds at least one character, however narrow.
  public static func lines(of text: String, width: Int, scale: Int = 1) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, size(of: last + " " + word, scale: scale).width <= width {
        lines[lines.count - 1] += " " + word
        continue
      }
      lines.append("")
      for character in word {
        let longer = lines[lines.count - 1] + String(character)
        if longer.count == 1 || size(of: longer, scale: scale).width <= width {
          lines[lines.count - 1] = longer
        } else {
          lines.append(String(character))
        }
      }
    }
    return lines
  }

  /// `text`, or as much of its start as fits into `width` pixels with `…` after it.
  public static func shortened(_ text: String, width: Int, scale: Int = 1) -> String {
    var (kept, shown) = (text[...], text)
    while size(of: shown, scale: scale).width > width, !kept.isEmpty {
      kept = kept.dropLast()
      shown = kept + "…"
    }
    return shown
  }
}
