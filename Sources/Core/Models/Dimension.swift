extension ModelConfiguration {
  /// A size that a model of the same parts may have otherwise: a key of the checkpoint's configuration, and of a preset's name.
  struct Dimension: Sendable {
    /// `axial_heads`.
    let key: String
    let path: WritableKeyPath<ModelConfiguration, Int> & Sendable
    /// Whether the model depends on it.
    let matters: @Sendable (ModelConfiguration) -> Bool

    private init(
      _ key: String, _ path: WritableKeyPath<ModelConfiguration, Int> & Sendable,
      matters: @escaping @Sendable (ModelConfiguration) -> Bool
    ) {
      (self.key, self.path, self.matters) = (key, path, matters)
    }

    /// What sizes may be: few enough to be meant.
    static let range = 1...65536

    /// All of them.
    static let all = [
      Dimension("context_wide", \.contextWide) { $0.context.row?.hasWide == true },
      Dimension("context_width", \.contextWidth) {
        $0.context.row?.leastWidth != nil || $0.hasAuxiliary
      },
      Dimension("pyramid_width", \.pyramidWidth) { $0.upsampler.row?.hasPyramidWidth == true },
      Dimension("width", \.width) { _ in true },
      Dimension("axial_heads", \.axialHeads, matters: \.isAxial),
      Dimension("axial_width", \.axialWidth, matters: \.isAxial),
      Dimension("query_grid", \.queryGrid) { $0.decoder?.row.learnsPixels == true },
    ]
  }

  /// The keys of all sizes that a preset's name may set.
  public static let sizes = Dimension.all.map(\.key)

  /// Gives a key the value that a preset's name has for it; `false` where it has none such, or nothing depends on it.
  mutating func set(_ key: String, to text: String) -> Bool {
    switch key {
    case "multi_grid":
      guard backbone.row.multiGrid != nil, let flag = Bool(text) else { return false }
      hasMultiGrid = flag
    case "output_norm":
      guard backbone.row.mayEndInNorms, let flag = Bool(text) else { return false }
      hasOutputNorms = flag
    case "input":
      guard let input = Normalisation.named[text] else { return false }
      self.input = input
    default:
      guard let dimension = Dimension.all.first(where: { $0.key == key }), dimension.matters(self),
        let number = Int(text), Dimension.range ~= number, String(number) == text
      else { return false }
      self[keyPath: dimension.path] = number
    }
    return true
  }
}

extension ModelConfiguration.Normalisation {
  /// What the names of presets call them.
  static let named = ["symmetric": symmetric, "imagenet": imageNet]
}
