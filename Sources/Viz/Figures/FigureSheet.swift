import Core

/// A figure as in a paper: a title, pictures with captions in rows and columns, a legend.
///
/// Pictures keep their resolution: each column is as wide as its widest panel, each row as high as
/// its highest, smaller panels stand in the middle. Only tiny ones (both sides at most a quarter of
/// the largest panel's, or of 160 pixels) are enlarged, by a whole number without smoothing, and
/// only those longer than `longestSide` are scaled down. Texts that are too wide are broken into
/// lines. Everything stands on whole pixels, and text and margins grow with the panels.
public struct FigureSheet: Sendable {
  /// A picture with a caption.
  public struct Panel: Sendable {
    /// What is shown, at least one pixel.
    public var picture: Picture
    /// What it shows; empty for none.
    public var caption: String

    /// A panel of a picture and its caption.
    public init(_ picture: Picture, caption: String = "") {
      self.picture = picture
      self.caption = caption
    }
  }

  /// What a colour means.
  public struct LegendEntry: Sendable, Hashable {
    /// The colour, for instance of a class.
    public var colour: RGB
    /// What it stands for.
    public var name: String
    /// A number with its unit, for instance a share of the area, `31 %`.
    public var number: String?

    /// An entry of a colour, its name and perhaps a number.
    public init(_ colour: RGB, _ name: String, number: String? = nil) {
      self.colour = colour
      self.name = name
      self.number = number
    }
  }

  /// Where captions stand.
  public enum CaptionPlace: Sendable {
    /// Over the panels, as headings of columns.
    case above
    /// Under the panels.
    case below
  }

  /// The line over everything; `nil` for none.
  public var title: String?
  /// The pictures, in rows from the upper left.
  public var panels: [Panel]
  /// Panels in a row.
  public var columns: Int
  /// What the columns show, over the first row, from the left; empty for none.
  public var headings: [String]
  /// Where captions stand.
  public var captions: CaptionPlace
  /// What the colours mean, under the panels; empty for none.
  public var legend: [LegendEntry]
  /// The colours around the pictures.
  public var look: FigureLook
  /// The longest side of a panel in pixels, to which longer ones are scaled down; `nil` for any.
  ///
  /// Pixels become the mean light of areas. Means mix colours: scale label maps by majority, before they are coloured, where that matters.
  public var longestSide: Int?

  /// A figure of at least one panel.
  ///
  /// Without `columns`, up to three panels stand in one row, more in about a square.
  public init(
    title: String? = nil, panels: [Panel], columns: Int? = nil, headings: [String] = [],
    captions: CaptionPlace = .below, legend: [LegendEntry] = [],
    look: FigureLook = .light, longestSide: Int? = nil
  ) {
    self.title = title
    self.panels = panels
    self.columns = columns ?? Self.columns(for: panels.count)
    self.headings = headings
    self.captions = captions
    self.legend = legend
    self.look = look
    self.longestSide = longestSide
  }

  /// The figure, drawn.
  public func picture() -> Picture {
    let layout = FigureLayout(self)
    var picture = Picture(width: layout.width, height: layout.height, filled: look.background)
    for panel in layout.panels {
      picture.outline(
        look.outline, x: panel.x, y: panel.y, width: panel.width, height: panel.height,
        thickness: layout.hairline)
      picture.draw(
        panels[panel.index].picture.fitted(width: panel.width, height: panel.height),
        x: panel.x, y: panel.y)
    }
    for text in layout.texts {
      let colour = text.isSecondary ? look.secondaryText : look.text
      picture.draw(text.text, x: text.x, y: text.y, colour: colour, scale: text.scale)
    }
    for swatch in layout.swatches {
      picture.outline(
        look.outline, x: swatch.x, y: swatch.y, width: swatch.width, height: swatch.height,
        thickness: layout.hairline)
      picture.fill(
        legend[swatch.index].colour, x: swatch.x, y: swatch.y, width: swatch.width,
        height: swatch.height)
    }
    return picture
  }

  /// Width and height of the figure in pixels, known without drawing it.
  public var size: (width: Int, height: Int) {
    let layout = FigureLayout(self)
    return (layout.width, layout.height)
  }

  private static func columns(for count: Int) -> Int {
    count <= 3 ? max(1, count) : Int(Double(count).squareRoot().rounded(.up))
  }
}

extension Picture {
  /// The picture at a size that `FigureLayout` chose: larger by a whole number, or smaller.
  fileprivate func fitted(width fitted: Int, height fittedHeight: Int) -> Picture {
    if fitted == width && fittedHeight == height { return self }
    if fitted > width { return enlarged(by: fitted / width) }
    return areaScaled(width: fitted, height: fittedHeight)
  }

  /// Fills the frame of `thickness` pixels around a rectangle, and the rectangle.
  fileprivate mutating func outline(
    _ colour: RGB, x: Int, y: Int, width: Int, height: Int, thickness: Int
  ) {
    fill(
      colour, x: x - thickness, y: y - thickness, width: width + 2 * thickness,
      height: height + 2 * thickness)
  }
}
