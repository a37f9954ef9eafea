import Core

/// Where everything in a figure stands, in whole pixels.
struct FigureLayout {
  /// A rectangle of the panel or legend entry with this index.
  struct Box: Equatable {
    let index, x, y, width, height: Int
  }

  /// A line of text with its upper left corner.
  struct Text: Equatable {
    let text: String
    let x, y, scale: Int
    var isSecondary = false
  }

  /// Panels up to a quarter of this on both sides are enlarged even where all are small, pixels.
  static let smallestReference = 160

  private(set) var panels: [Box] = []
  private(set) var texts: [Text] = []
  private(set) var swatches: [Box] = []
  /// The figure's size.
  private(set) var width = 0
  private(set) var height = 0
  /// Thickness of outlines.
  let hairline: Int

  private let spacing: Spacing

  /// Distances, which grow with the text.
  private struct Spacing {
    let scale: Int
    var margin: Int { 12 * scale }
    var betweenPanels: Int { 6 * scale }
    var betweenCaptionedRows: Int { 10 * scale }
    var aroundCaption: Int { 4 * scale }
    var underTitle: Int { 8 * scale }
    var overLegend: Int { 12 * scale }
    var lineStep: Int { 12 * scale }
  }

  /// The layout of `sheet`.
  init(_ sheet: FigureSheet) {
    precondition(!sheet.panels.isEmpty, "a figure has at least one panel")
    precondition(sheet.columns > 0, "a figure has at least one column, not \(sheet.columns)")
    let sizes = Self.sizes(of: sheet.panels.map(\.picture), longestSide: sheet.longestSide)
    let scale = PixelFont.scale(beside: sizes.map(\.width).max() ?? 0)
    spacing = Spacing(scale: scale)
    hairline = max(1, scale / 2)

    let columns = min(sheet.columns, sizes.count)
    let columnWidths = (0..<columns).map { column in
      stride(from: column, to: sizes.count, by: columns).map { sizes[$0].width }.max() ?? 0
    }
    let gridWidth = columnWidths.reduce(0, +) + (columns - 1) * spacing.betweenPanels
    let contentWidth = max(gridWidth, Self.smallestReference * scale)
    width = contentWidth + 2 * spacing.margin

    height = spacing.margin
    if let title = sheet.title {
      addLines(of: title, x: spacing.margin, width: contentWidth, scale: scale + 1)
      height += spacing.underTitle
    }
    let gridStart = spacing.margin + (contentWidth - gridWidth) / 2
    addHeadings(sheet.headings.prefix(columns), columnWidths: columnWidths, x: gridStart)
    for first in stride(from: 0, to: sizes.count, by: columns) {
      let row = first..<min(first + columns, sizes.count)
      if first > 0 {
        let captioned = sheet.captions == .above ? row : (first - columns)..<first
        let isCaptioned = captioned.contains { !sheet.panels[$0].caption.isEmpty }
        height += isCaptioned ? spacing.betweenCaptionedRows : spacing.betweenPanels
      }
      addRow(row, of: sheet, sizes: sizes, columnWidths: columnWidths, x: gridStart)
    }
    if !sheet.legend.isEmpty {
      height += spacing.overLegend
      addLegend(sheet.legend, width: contentWidth)
    }
    height += spacing.margin
  }

  /// Adds what stands over the columns, their last lines side by side, at the current height.
  private mutating func addHeadings(
    _ headings: ArraySlice<String>, columnWidths: [Int], x gridStart: Int
  ) {
    let broken = zip(headings, columnWidths).map {
      PixelFont.lines(of: $0, width: $1, scale: spacing.scale)
    }
    let lines = broken.map(\.count).max() ?? 0
    guard lines > 0 else { return }
    var x = gridStart
    for (texts, width) in zip(broken, columnWidths) {
      for (line, text) in texts.enumerated() {
        add(
          text, x: x, y: height + (lines - texts.count + line) * spacing.lineStep, width: width,
          scale: spacing.scale)
      }
      x += width + spacing.betweenPanels
    }
    height +=
      (lines - 1) * spacing.lineStep + PixelFont.lineHeight * spacing.scale + spacing.aroundCaption
  }

  /// Adds panels and captions of one row at the current height.
  private mutating func addRow(
    _ row: Range<Int>, of sheet: FigureSheet, sizes: [(width: Int, height: Int)],
    columnWidths: [Int], x gridStart: Int
  ) {
    let captions = row.enumerated().map { column, index in
      PixelFont.lines(
        of: sheet.panels[index].caption, width: columnWidths[column], scale: spacing.scale)
    }
    let captionLines = captions.map(\.count).max() ?? 0
    let captionHeight =
      captionLines == 0
      ? 0
      : (captionLines - 1) * spacing.lineStep + PixelFont.lineHeight * spacing.scale
        + spacing.aroundCaption
    let rowHeight = sizes[row].map(\.height).max() ?? 0
    let picturesTop = sheet.captions == .above ? height + captionHeight : height
    var x = gridStart
    for (column, index) in row.enumerated() {
      let size = sizes[index]
      panels.append(
        Box(
          index: index, x: x + (columnWidths[column] - size.width) / 2,
          y: picturesTop + (rowHeight - size.height) / 2, width: size.width, height: size.height))
      // Captions keep to their panels: over a row they end in one line, under it they begin in one.
      let captionTop =
        sheet.captions == .above
        ? height + (captionLines - captions[column].count) * spacing.lineStep
        : height + rowHeight + spacing.aroundCaption
      for (line, text) in captions[column].enumerated() {
        add(
          text, x: x, y: captionTop + line * spacing.lineStep, width: columnWidths[column],
          scale: spacing.scale)
      }
      x += columnWidths[column] + spacing.betweenPanels
    }
    height += rowHeight + captionHeight
  }

  /// Adds the legend at the current height, in the middle of `width`.
  private mutating func addLegend(_ entries: [FigureSheet.LegendEntry], width: Int) {
    let grid = LegendGrid(entries, width: width, scale: spacing.scale)
    let left = spacing.margin + (width - grid.width) / 2
    for cell in grid.cells {
      let (x, y) = (left + cell.x, height + cell.y)
      swatches.append(
        Box(
          index: cell.index, x: x, y: y, width: grid.swatchWidth,
          height: PixelFont.capitalHeight * spacing.scale))
      texts.append(Text(text: cell.name, x: left + cell.nameX, y: y, scale: spacing.scale))
      if let number = cell.number {
        texts.append(
          Text(
            text: number, x: left + cell.numberX, y: y, scale: spacing.scale, isSecondary: true))
      }
    }
    height += grid.height
  }

  /// Adds `text` at the current height in as many lines as it needs.
  private mutating func addLines(of text: String, x: Int, width: Int, scale: Int) {
    let lines = PixelFont.lines(of: text, width: width, scale: scale)
    for line in lines {
      add(line, x: x, y: height, width: width, scale: scale)
      height += PixelFont.lineHeight * scale
    }
  }

  /// Adds a line in the middle of `width`.
  private mutating func add(_ text: String, x: Int, y: Int, width: Int, scale: Int) {
    let textWidth = PixelFont.size(of: text, scale: scale).width
    texts.append(Text(text: text, x: x + (width - textWidth) / 2, y: y, scale: scale))
  }

  /// The sizes at which pictures are shown.
  private static func sizes(
    of pictures: [Picture], longestSide: Int?
  ) -> [(width: Int, height: Int)] {
    let limited = pictures.map { picture -> (width: Int, height: Int) in
      precondition(
        picture.width > 0 && picture.height > 0,
        "a panel has at least one pixel, not \(picture.width)×\(picture.height)")
      let side = max(picture.width, picture.height)
      guard let longestSide, side > longestSide else { return (picture.width, picture.height) }
      precondition(longestSide > 0, "a panel has at least one pixel, not \(longestSide)")
      return (
        max(1, (picture.width * longestSide + side / 2) / side),
        max(1, (picture.height * longestSide + side / 2) / side)
      )
    }
    let referenceWidth = max(limited.map(\.width).max() ?? 0, smallestReference)
    let referenceHeight = max(limited.map(\.height).max() ?? 0, smallestReference)
    return limited.map { size in
      let factor = min(referenceWidth / size.width, referenceHeight / size.height)
      return factor >= 4 ? (size.width * factor, size.height * factor) : size
    }
  }
}
