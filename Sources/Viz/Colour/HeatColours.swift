/// The colours that values are drawn in.
public enum HeatColours: String, Sendable, CaseIterable {
  /// Each view's own.
  case usual = "each view's own"
  case viridis, cividis, turbo, grey

  /// The colour map, where the view's own is `own`.
  public func map(own: ColourMap) -> ColourMap {
    switch self {
    case .usual: own
    case .viridis: .viridis
    case .cividis: .cividis
    case .turbo: .turbo
    case .grey: .grey
    }
  }
}
