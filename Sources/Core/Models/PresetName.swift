/// The parts of a preset's name.
struct PresetName {
  let name: String
  let backbone: ModelConfiguration.BackboneKind
  var context = ModelConfiguration.ContextKind.none
  var upsampler = ModelConfiguration.UpsamplerKind.none
  var isGuided = false, isAxial = false, hasAuxiliary = false
  var decoder: ModelConfiguration.DecoderKind?
  var alternatives: Set<ModelConfiguration.Alternative> = []
  var outputStride: Int?
  var backboneStride: Int?
  var settings: [String: String] = [:]

  /// Reads a name; `nil` where a part is unknown or is there twice.
  init?(_ name: String) {
    var parts = name.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 2, let backbone = ModelConfiguration.BackboneKind(rawValue: parts[1])
    else { return nil }
    self.name = name
    self.backbone = backbone
    let words = parts.removeFirst().split(separator: "+", omittingEmptySubsequences: false)
    for word in words { guard take(word: String(word)) else { return nil } }
    for suffix in parts.dropFirst() { guard take(suffix: suffix) else { return nil } }
  }

  private mutating func take(word: String) -> Bool {
    if word == "hfgd" { return ["usfpn", "cae", "hfgm"].allSatisfy { take(word: $0) } }
    if let context = ModelConfiguration.ContextKind(rawValue: word), context != .none {
      return Self.set(&self.context, to: context, from: .none)
    }
    if let upsampler = ModelConfiguration.UpsamplerKind(rawValue: word), upsampler != .none {
      return Self.set(&self.upsampler, to: upsampler, from: .none)
    }
    if let decoder = ModelConfiguration.DecoderKind(rawValue: word) {
      return Self.set(&self.decoder, to: decoder, from: nil)
    }
    if let alternative = ModelConfiguration.Alternative(rawValue: word) {
      return alternatives.insert(alternative).inserted
    }
    if let equals = word.firstIndex(of: "=") {
      let (key, value) = (String(word[..<equals]), String(word[word.index(after: equals)...]))
      return settings.updateValue(value, forKey: key) == nil
    }
    switch word {
    case "guidance": return Self.set(&isGuided, to: true, from: false)
    case "axial": return Self.set(&isAxial, to: true, from: false)
    case "auxiliary": return Self.set(&hasAuxiliary, to: true, from: false)
    case "hfgm":
      return Self.set(&isGuided, to: true, from: false) && Self.set(&isAxial, to: true, from: false)
    default: return false
    }
  }

  private mutating func take(suffix: String) -> Bool {
    switch suffix {
    case "d8": Self.set(&backboneStride, to: 8, from: nil)
    case "d16": Self.set(&backboneStride, to: 16, from: nil)
    case "os2": Self.set(&outputStride, to: 2, from: nil)
    case "os4": Self.set(&outputStride, to: 4, from: nil)
    default: false
    }
  }

  private static func set<Part: Equatable>(
    _ part: inout Part, to value: Part, from free: Part
  ) -> Bool {
    guard part == free else { return false }
    part = value
    return true
  }

  /// The model, `nil` where the parts do not go together.
  var configuration: ModelConfiguration? {
    let isNarrow = backbone.row.hasNarrowHeads
    let classes =
      decoder != nil ? .ade20k : isNarrow ? .camVid : upsampler.row?.classes ?? .pascalContext
    let coarse = backboneStride ?? backbone.row.strides[0]
    var preset = ModelConfiguration(
      name: name, backbone: backbone, context: context, upsampler: upsampler,
      outputStride: outputStride ?? upsampler.row?.strides[0] ?? (decoder == nil ? coarse : 1),
      isAxial: isAxial,
      isGuided: isGuided, classes: classes.names, palette: classes.palette,
      ignoreIndex: classes.ignoreIndex, input: backbone.row.input)
    preset.backboneStride = coarse
    preset.hasAuxiliary = hasAuxiliary
    preset.alternatives = alternatives
    preset.decoder = decoder
    if isNarrow {
      preset.contextWide = 1024
      preset.contextWidth = 256
    }
    // The usual width follows from a context's, which may be set.
    for (key, value) in settings {
      guard preset.set(key, to: value) else { return nil }
    }
    if settings["width"] == nil { preset.width = preset.usualWidth }
    return preset.contradictions.isEmpty ? preset : nil
  }
}

extension ModelConfiguration {
  /// The width that a preset of these parts has.
  var usualWidth: Int {
    if decoder != nil, let width = backbone.row.plainWidth { return width / 2 }
    if let width = upsampler.row?.usualWidth { return width }
    // The tokens of these heads see their own output, as in CAR's code; below an upsampler it is narrowed.
    if context.row?.isAsWideAsItself == true && upsampler.row?.isAsWideAsItsContext != false {
      return contextWidth
    }
    return backbone.row.hasNarrowHeads ? 96 : 256
  }
}
