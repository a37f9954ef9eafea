import Core

/// The colours of text and frames; pictures keep their own.
struct Theme: Sendable, Equatable {
  let name: String
  /// Text that matters less; frames; what has the focus; what went wrong.
  let faint, frame, accent, warning: RGB
  /// Behind a selected line, and its text.
  let selection, selectedText: RGB
  /// Behind the header and dialogs.
  let bar: RGB
  /// Text on bars.
  let text: RGB

  static let dark = Theme(
    name: "dark", faint: RGB(130, 138, 150), frame: RGB(74, 82, 94), accent: RGB(120, 190, 255),
    warning: RGB(255, 138, 120), selection: RGB(44, 66, 96), selectedText: RGB(235, 243, 255),
    bar: RGB(30, 35, 43), text: RGB(214, 220, 228))

  static let light = Theme(
    name: "light", faint: RGB(105, 112, 122), frame: RGB(178, 186, 196), accent: RGB(0, 92, 185),
    warning: RGB(190, 40, 20), selection: RGB(205, 224, 247), selectedText: RGB(10, 24, 44),
    bar: RGB(232, 236, 241), text: RGB(32, 38, 46))
}

/// Which theme the user wants.
enum ThemeChoice: String, Sendable, CaseIterable {
  /// The one that goes with the terminal's background.
  case auto
  case dark, light

  /// The theme on a terminal whose own background is light or dark.
  func theme(isLight: Bool) -> Theme {
    switch self {
    case .auto: isLight ? .light : .dark
    case .dark: .dark
    case .light: .light
    }
  }
}
