import Testing

@testable import Core

@Suite("Checkpoint configuration")
struct ConfigurationTests {
  /// A guided model with a member for every key.
  private static let complete: [(key: String, value: String)] = [
    ("format", "1"), ("name", #""street""#), ("backbone", #""swin_tiny""#),
    ("backbone_stride", "32"), ("multi_grid", "false"), ("output_norm", "true"),
    ("context", #""cae""#), ("context_wide", "64"), ("context_width", "32"),
    ("upsampler", #""usfpn""#), ("pyramid_width", "8"), ("output_stride", "4"), ("width", "16"),
    ("axial", "true"), ("axial_heads", "2"), ("axial_width", "6"),
    ("guidance", "true"), ("refine_stride", "2"),
    ("auxiliary", #""none""#), ("alternatives", #"["end_3x3", "axial_alone"]"#),
    ("classes", #"["a", "b"]"#), ("palette", "[[0, 1, 2], [3, 4, 255]]"),
    ("ignore_index", "255"), ("input", #"{"mean": [1, 2, 3], "std": [4, 5, 6.5]}"#),
    ("metrics", #"{"mIoU": 50}"#), ("training", #"{"note": [1]}"#),
  ]

  /// The problems of the complete configuration with some members replaced, or left out where empty.
  private func problems(_ changes: [String: String], adding: String = "") throws -> [String] {
    var members = Self.complete.compactMap { key, value -> String? in
      let value = changes[key] ?? value
      return value.isEmpty ? nil : "\"\(key)\": \(value)"
    }
    if !adding.isEmpty { members.append(adding) }
    switch ModelConfiguration.read(try JSON("{\(members.joined(separator: ", "))}")) {
    case .success: return []
    case .failure(let problems): return problems.sentences
    }
  }

  @Test(arguments: ModelConfiguration.presets)
  func presetsSurviveTheRoundTrip(preset: ModelConfiguration) throws {
    let text = preset.json.text
    #expect(try ModelConfiguration.read(JSON(text)).get() == preset)
  }

  /// A size that is set to what is usual is not written, and makes the same model.
  @Test func usualSizesAreEqual() throws {
    let usual = try #require(ModelConfiguration.preset(named: "hfgd-mobilenet_v2"))
    var set = usual
    set.axialWidth = usual.width
    #expect(set == usual)
    set.axialWidth = 48
    #expect(set != usual)
    #expect(try ModelConfiguration.read(set.json).get() == set)
  }

  @Test func everyKeyIsRead() throws {
    #expect(try problems([:]) == [])
    let text = Self.complete.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ",")
    let read = try ModelConfiguration.read(JSON("{\(text)}")).get()
    #expect(read.contextWide == 64 && read.contextWidth == 32 && read.width == 16)
    #expect(read.pyramidWidth == 8)
    #expect(read.backbone == .swinTiny && read.hasOutputNorms)
    #expect(read.axialWidth == 6)
    #expect(read.axialHeads == 2 && read.refineStride == 2 && read.outputStrides == [32, 4, 2])
    #expect(read.palette == [RGB(0, 1, 2), RGB(3, 4, 255)])
    #expect(read.input.std == [4, 5, 6.5])
    #expect(read.alternatives == [.end3x3, .axialAlone])
    #expect(try ModelConfiguration.read(read.json).get() == read)
  }

  @Test func widthsHaveDefaults() throws {
    let optional = [
      "backbone_stride", "multi_grid", "auxiliary", "alternatives", "output_norm", "context_wide",
      "context_width",
      "pyramid_width", "width", "axial_heads", "axial_width",
      "refine_stride",
    ]
    let members = Self.complete.filter { !optional.contains($0.key) }
    let text = members.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ",")
    let read = try ModelConfiguration.read(JSON("{\(text)}")).get()
    #expect(read.contextWide == 2048 && read.contextWidth == 512 && read.pyramidWidth == 256)
    #expect(read.width == 256 && read.axialHeads == 4 && read.axialWidth == 256)
    #expect(read.refineStride == nil)
    #expect(!read.hasOutputNorms)
  }

  @Test(arguments: [
    "format", "name", "backbone", "context", "upsampler", "output_stride", "axial", "guidance",
    "classes", "palette", "ignore_index", "input",
  ])
  func missingKeysAreNamed(key: String) throws {
    let problems = try problems([key: ""])
    #expect(problems.count == 1)
    #expect(problems.first?.hasPrefix("\(key) is missing; expected ") == true)
  }

  @Test(arguments: [
    ("format", "2"), ("format", "1.0"), ("name", "3"), ("name", #""a\u001b[2J""#),
    ("backbone", #""resnet51""#), ("context", #""CAE""#), ("upsampler", "null"),
    ("output_stride", "3"), ("output_stride", "4.0"), ("axial", "1"), ("guidance", #""true""#),
    ("classes", "[]"), ("classes", #"["a", 1]"#), ("classes", #"["a", "b\n"]"#),
    ("palette", "[[0, 1, 2], [3, 4, 256]]"), ("palette", "[[0, 1], [3, 4, 5]]"),
    ("ignore_index", "-1"), ("ignore_index", "65536"), ("input", "[]"), ("width", "0"),
    ("context_wide", "65537"), ("context_width", "true"), ("axial_heads", "-4"),
    ("refine_stride", "4"), ("pyramid_width", "0"), ("output_norm", "1"), ("axial_width", "1.5"),
    ("backbone_stride", "12"), ("backbone_stride", "null"), ("multi_grid", "1"),
    ("auxiliary", "true"), ("alternatives", #"["end_5x5"]"#), ("alternatives", #""end_3x3""#),
  ])
  func unknownValuesAreNamed(key: String, value: String) throws {
    let problems = try problems([key: value])
    #expect(problems.contains { $0.hasPrefix("\(key) is ") }, "\(problems)")
  }

  @Test func unknownKeysAreNamed() throws {
    #expect(
      try problems([:], adding: #""dropout": 0.1"#)
        == ["dropout is not a key of the configuration"])
    #expect(
      try problems(["input": #"{"mean": [1, 2, 3], "std": [1, 2, 3], "gamma": 1}"#])
        == ["input.gamma is not a key of the configuration"])
  }

  @Test func inputsMustNormalise() throws {
    #expect(
      try problems(["input": #"{"mean": [1, 2], "std": [1, 0, 2]}"#]) == [
        "input.mean is a list; expected three numbers",
        "input.std is a list; expected three positive numbers",
      ])
    #expect(
      try problems(["input": #"{"std": [1, 1, 1]}"#])
        == ["input.mean is missing; expected three numbers"])
  }

  @Test func contradictionsAreNamed() throws {
    let none = #""none""#
    let cases: [([String: String], [String])] = [
      (["palette": "[[0, 0, 0]]"], ["palette has 1 colours for 2 classes"]),
      (["backbone": #""resnet50""#], ["output_norm is true; resnet50 has no norms"]),
      (["backbone_stride": "8"], ["backbone_stride is 8; of swin_tiny it is 32"]),
      (["multi_grid": "true"], ["multi_grid is true; swin_tiny has no last stage"]),
      (["auxiliary": #""fcn""#], ["auxiliary is fcn; it stands beside"]),
      (
        ["alternatives": #"["p5_from_c5", "p5_convolved"]"#],
        ["alternatives has p5_convolved; it needs upsampler sfpn or usfpn on a context, without"]
      ),
      (
        ["alternatives": #"["top_3x3", "lateral_added", "level_convolved"]"#],
        [
          "alternatives has lateral_added; it needs upsampler usfpn, without level_convolved",
          "alternatives has top_3x3; it needs upsampler sfpn or usfpn without a context, or with",
        ]
      ),
      (
        [
          "alternatives": #"["lateral_added", "cae_3x3"]"#, "upsampler": #""sfpn""#,
          "context": #""sa""#,
        ],
        [
          "alternatives has lateral_added; it needs upsampler usfpn",
          "alternatives has cae_3x3; it needs context cae",
        ]
      ),
      (["axial_heads": "3"], ["width is 16, not a multiple of axial_heads, 3"]),
      (["axial_width": "5"], ["axial_width is 5, not a multiple of axial_heads, 2"]),
      (["output_stride": "2"], ["refine_stride is given"]),
      (["guidance": "false"], ["refine_stride is given"]),
      (["context": none], ["guidance is true"]),
      (
        ["output_stride": "32", "refine_stride": ""],
        ["output_stride is 32; with upsampler usfpn it is 4 or 2"]
      ),
      (
        ["upsampler": none, "refine_stride": ""],
        ["output_stride is 4; without", "axial is true; without", "guidance is true"]
      ),
      (
        [
          "upsampler": none, "context": none, "guidance": "false", "axial": "false",
          "output_stride": "32", "refine_stride": "",
        ], ["context is none; without"]
      ),
      (
        ["upsampler": #""mmseg_fpn""#, "output_stride": "2", "refine_stride": ""],
        [
          "output_stride is 2; with upsampler mmseg_fpn", "context is cae; upsampler mmseg_fpn",
          "axial is true; nothing", "guidance is true; upsampler mmseg_fpn",
        ]
      ),
      (["upsampler": #""fapn""#], ["refine_stride is given; it needs"]),
      (
        ["upsampler": #""uper""#, "context": none, "guidance": "false", "refine_stride": ""],
        ["context is none; upsampler uper stands on a context's feature"]
      ),
    ]
    for (changes, expected) in cases {
      // Only where they are what contradicts.
      let changes = changes.merging(["alternatives": ""]) { given, _ in given }
      let problems = try problems(changes)
      #expect(problems.count == expected.count, "\(problems)")
      for (problem, start) in zip(problems, expected) { #expect(problem.hasPrefix(start)) }
    }
  }

  @Test func allProblemsAreToldTogether() throws {
    let problems = try problems(
      ["backbone": #""vgg""#, "name": "", "width": #""wide""#], adding: #""extra": {}"#)
    #expect(
      problems == [
        "name is missing; expected a name on one line",
        #"backbone is "vgg"; expected one of "#
          + ModelConfiguration.BackboneKind.allCases.map(\.rawValue).joined(separator: ", "),
        #"width is "wide"; expected a number from 1 to 65536"#,
        "extra is not a key of the configuration",
      ])
  }

  @Test(arguments: ["[]", "null", "3"])
  func whatIsNoObjectIsOneProblem(text: String) throws {
    guard case .failure(let problems) = ModelConfiguration.read(try JSON(text)) else {
      Issue.record("\(text) was read")
      return
    }
    #expect(problems.sentences.count == 1)
  }
}
