import Core

/// The colours of a figure around its pictures.
public struct FigureLook: Sendable, Hashable {
  /// Behind everything.
  public var background: RGB
  /// Title, captions and names.
  public var text: RGB
  /// Numbers, and what else may step back.
  public var secondaryText: RGB
  /// Hairlines around panels and swatches, so that none melts into the background.
  public var outline: RGB

  /// A look from its colours.
  public init(background: RGB, text: RGB, secondaryText: RGB, outline: RGB) {
    self.background = background
    self.text = text
    self.secondaryText = secondaryText
    self.outline = outline
  }

  /// Whether text is dark on it.
  public var isLight: Bool { background.ink == RGB(0, 0, 0) }

  /// Black on white, for paper.
  public static let light = FigureLook(
    background: RGB(255, 255, 255), text: RGB(28, 30, 34), secondaryText: RGB(112, 116, 124),
    outline: RGB(196, 199, 204))
  /// Light grey on near black, for slides and screens.
  public static let dark = FigureLook(
    background: RGB(22, 24, 28), text: RGB(232, 234, 238), secondaryText: RGB(148, 153, 162),
    outline: RGB(74, 78, 86))
}
