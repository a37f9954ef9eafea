extension ModelConfiguration {
  /// The name of the preset of the same parts and sizes, whatever its classes and its second student; `nil` where none has its
  /// normalisation.
  public var presetName: String? {
    var words = [upsampler.rawValue, context.rawValue].filter { $0 != "none" }
    if isGuided && isAxial {
      words.append("hfgm")
    } else {
      words += (isGuided ? ["guidance"] : []) + (isAxial ? ["axial"] : [])
    }
    if words == ["usfpn", "cae", "hfgm"] { words = ["hfgd"] }
    words += [decoder?.rawValue, hasAuxiliary ? "auxiliary" : nil].compactMap { $0 }
    words += Alternative.allCases.filter(alternatives.contains).map(\.rawValue)
    var suffixes = [backbone.rawValue]
    if backboneStride != backbone.row.strides[0] { suffixes.append("d\(backboneStride)") }
    if let usual = upsampler.row?.strides[0], outputStride != usual {
      suffixes.append("os\(outputStride)")
    }
    func name(_ words: [String]) -> String {
      ([words.joined(separator: "+")] + suffixes).joined(separator: "-")
    }
    guard let settings = Self.preset(named: name(words)).flatMap(settings) else { return nil }
    return name(words + settings)
  }

  /// What has to be set in `usual`, a preset of the same parts, to make the sizes alike.
  private func settings(over usual: ModelConfiguration) -> [String]? {
    let inner = usual.contextWidth
    var usual = usual
    // The usual width follows from a context's, that of queries from the width.
    usual.contextWidth = contextWidth
    usual.width = usual.usualWidth
    let isWidthNamed = width != usual.width
    usual.width = width
    var settings = Dimension.all.filter { dimension in
      switch dimension.key {
      case "width": isWidthNamed
      case "context_width": dimension.matters(self) && contextWidth != inner
      default:
        dimension.matters(self) && self[keyPath: dimension.path] != usual[keyPath: dimension.path]
      }
    }.map { "\($0.key)=\(self[keyPath: $0.path])" }
    if hasMultiGrid != usual.hasMultiGrid { settings.append("multi_grid=\(hasMultiGrid)") }
    if hasOutputNorms { settings.append("output_norm=true") }
    if input != usual.input {
      guard let name = Normalisation.named.first(where: { $0.value == input })?.key else {
        return nil
      }
      settings.append("input=\(name)")
    }
    return settings
  }
}
