extension ModelConfiguration {
  /// The version of the configuration that we read and write.
  public static let format = 1
  /// How many classes a model may tell apart.
  public static let classRange = 1...4096

  /// Reads `hfgd.config`; returns what is wrong with it, all together, where it cannot be used.
  ///
  /// Unknown keys and values are wrong. `metrics` and `training` are allowed and left to the caller.
  static func read(_ json: JSON) -> Result<ModelConfiguration, ConfigurationProblems> {
    var reader = ConfigurationReader(json)
    // What is no object has no members: thirteen missing keys would only hide the one problem.
    guard json.object != nil else { return .failure(ConfigurationProblems(reader.problems)) }
    _ = reader.require("format", "\(format)") { $0.int == format ? format : nil }
    let name = reader.require("name", "a name on one line") { $0.name }
    let backbone = reader.require("backbone", as: BackboneKind.self)
    let context = reader.require("context", as: ContextKind.self)
    let upsampler = reader.require("upsampler", as: UpsamplerKind.self)
    let stride = reader.require("output_stride", "1, 2, 4, 8, 16 or 32") { $0.stride(1...32) }
    let isAxial = reader.require("axial", "true or false") { $0.bool }
    let isGuided = reader.require("guidance", "true or false") { $0.bool }
    let classes = reader.require("classes", "a list of 1 to \(classRange.upperBound) names") {
      json in
      json.array?.allMapped { $0.name }.flatMap { classRange ~= $0.count ? $0 : nil }
    }
    let palette = reader.require("palette", "a list of [red, green, blue], each 0…255") { json in
      json.array?.allMapped(RGB.init(json:))
    }
    let ignoreIndex = reader.require("ignore_index", "a label value, 0…65535") { json in
      json.int.flatMap { 0...65535 ~= $0 ? $0 : nil }
    }
    let input = reader.take("input").map { Normalisation.read($0, &reader) }
    if input == nil { reader.note("input is missing; expected an object with mean and std") }
    let backboneStride = reader.optional("backbone_stride", "8, 16 or 32") { $0.stride(8...32) }
    let multiGrid = reader.optional("multi_grid", "true or false") { $0.bool }
    let auxiliary = reader.optional("auxiliary", "fcn", default: false) { json in
      ["none": false, "fcn": true][json.string ?? ""]
    }
    let decoder = reader.optional(
      "decoder", "one of " + DecoderKind.allCases.map(\.rawValue).joined(separator: ", ")
    ) { $0.string.flatMap(DecoderKind.init(rawValue:)) }
    let alternatives: Set<Alternative> = reader.optional(
      "alternatives",
      "a list of " + Alternative.allCases.map(\.rawValue).joined(separator: ", "), default: []
    ) { json in
      json.array?.allMapped { $0.string.flatMap(Alternative.init(rawValue:)) }.map { Set($0) }
    }
    let hasOutputNorms = reader.optional("output_norm", "true or false", default: false) { $0.bool }
    let dimensions = Dimension.all.map { ($0, reader.number($0.key, of: Dimension.range)) }
    let refine = reader.optional("refine_stride", "2") { $0.int == 2 ? 2 : nil }
    _ = (reader.take("metrics"), reader.take("training"))
    reader.finish()

    guard let name, let backbone, let context, let upsampler, let stride, let isAxial, let isGuided,
      let classes, let palette, let ignoreIndex, let input = input ?? nil
    else { return .failure(ConfigurationProblems(reader.problems)) }
    var configuration = ModelConfiguration(
      name: name, backbone: backbone, context: context, upsampler: upsampler, outputStride: stride,
      isAxial: isAxial, isGuided: isGuided, classes: classes, palette: palette,
      ignoreIndex: ignoreIndex, input: input)
    configuration.backboneStride = backboneStride ?? configuration.backboneStride
    configuration.hasMultiGrid = multiGrid ?? configuration.hasMultiGrid
    configuration.hasOutputNorms = hasOutputNorms
    configuration.hasAuxiliary = auxiliary
    configuration.decoder = decoder
    configuration.alternatives = alternatives
    for case (let dimension, let number?) in dimensions {
      configuration[keyPath: dimension.path] = number
    }
    configuration.refineStride = refine
    let problems = reader.problems + configuration.contradictions
    return problems.isEmpty ? .success(configuration) : .failure(ConfigurationProblems(problems))
  }

  /// The configuration as it stands in a checkpoint.
  public var json: JSON {
    var members: [JSON.Member] = [
      JSON.Member("format", .int(Self.format)), JSON.Member("name", .string(name)),
      JSON.Member("backbone", .string(backbone.rawValue)),
      JSON.Member("context", .string(context.rawValue)),
      JSON.Member("context_wide", .int(contextWide)),
      JSON.Member("context_width", .int(contextWidth)),
      JSON.Member("upsampler", .string(upsampler.rawValue)),
      JSON.Member("pyramid_width", .int(pyramidWidth)),
      JSON.Member("output_stride", .int(outputStride)), JSON.Member("width", .int(width)),
      JSON.Member("axial", .bool(isAxial)), JSON.Member("axial_heads", .int(axialHeads)),
      JSON.Member("guidance", .bool(isGuided)),
    ]
    // Later keys stand in the file only where they say something, so that older programs read what they can.
    if axialWidth != width { members.append(JSON.Member("axial_width", .int(axialWidth))) }
    if backboneStride != 32 { members.append(JSON.Member("backbone_stride", .int(backboneStride))) }
    if let usual = backbone.row.multiGrid, hasMultiGrid != usual {
      members.append(JSON.Member("multi_grid", .bool(hasMultiGrid)))
    }
    if let decoder { members.append(JSON.Member("decoder", .string(decoder.rawValue))) }
    if decoder?.row.learnsPixels == true {
      members.append(JSON.Member("query_grid", .int(queryGrid)))
    }
    if hasAuxiliary { members.append(JSON.Member("auxiliary", .string("fcn"))) }
    if hasOutputNorms { members.append(JSON.Member("output_norm", .bool(true))) }
    if !alternatives.isEmpty {
      let names = Alternative.allCases.filter(alternatives.contains).map(\.rawValue)
      members.append(JSON.Member("alternatives", .array(names.map { .string($0) })))
    }
    if let refineStride { members.append(JSON.Member("refine_stride", .int(refineStride))) }
    members += [
      JSON.Member("classes", .array(classes.map { .string($0) })),
      JSON.Member("palette", .array(palette.map(\.json))),
      JSON.Member("ignore_index", .int(ignoreIndex)),
      JSON.Member(
        "input",
        .object([
          JSON.Member("mean", .array(input.mean.map { .number("\($0)") })),
          JSON.Member("std", .array(input.std.map { .number("\($0)") })),
        ])),
    ]
    return .object(members)
  }
}

extension ModelConfiguration: Equatable {
  /// Whether both are written alike: a size that is set to what is usual is as if it were not set.
  public static func == (first: Self, second: Self) -> Bool { first.json == second.json }
}

/// All that is wrong with a configuration, a sentence each.
struct ConfigurationProblems: Error, Equatable {
  let sentences: [String]
  init(_ sentences: [String]) { self.sentences = sentences }
}

extension ConfigurationReader {
  /// A whole number of a range; `nil` where there is none.
  fileprivate mutating func number(_ key: String, of range: ClosedRange<Int>) -> Int? {
    optional(key, "a number from \(range.lowerBound) to \(range.upperBound)") {
      $0.int.flatMap { range ~= $0 ? $0 : nil }
    }
  }
}

extension ModelConfiguration.Normalisation {
  fileprivate static func read(_ json: JSON, _ parent: inout ConfigurationReader) -> Self? {
    var reader = ConfigurationReader(json, path: "input")
    let mean = reader.require("mean", "three numbers") { $0.array?.threeFloats }
    let std = reader.require("std", "three positive numbers") { json in
      json.array?.threeFloats.flatMap { $0.allSatisfy { $0 > 0 } ? $0 : nil }
    }
    reader.finish()
    parent.adopt(reader)
    guard let mean, let std else { return nil }
    return Self(mean: mean, std: std)
  }
}

extension RGB {
  fileprivate init?(json: JSON) {
    guard let channels = json.array?.allMapped({ $0.int.flatMap(UInt8.init(exactly:)) }),
      channels.count == 3
    else { return nil }
    self.init(channels[0], channels[1], channels[2])
  }

  fileprivate var json: JSON { .array([red, green, blue].map { .int(Int($0)) }) }
}

extension JSON {
  /// A string that is a name.
  fileprivate var name: String? { string.flatMap { $0.isName ? $0 : nil } }

  /// A power of two in `range`.
  fileprivate func stride(_ range: ClosedRange<Int>) -> Int? {
    int.flatMap { range ~= $0 && $0.nonzeroBitCount == 1 ? $0 : nil }
  }

  /// A number without fraction.
  static func int(_ value: Int) -> JSON { .number(String(value)) }
}

extension String {
  /// Whether the text has no control characters, which could move a terminal's cursor or end a line.
  var isName: Bool {
    !unicodeScalars.contains { $0.properties.generalCategory == .control }
  }
}

extension [JSON] {
  /// The elements mapped, `nil` where one of them has no image.
  fileprivate func allMapped<Result>(_ map: (JSON) -> Result?) -> [Result]? {
    let mapped = compactMap(map)
    return mapped.count == count ? mapped : nil
  }

  fileprivate var threeFloats: [Float]? {
    count == 3 ? allMapped { $0.double.map { Float($0) }.flatMap { $0.isFinite ? $0 : nil } } : nil
  }
}
