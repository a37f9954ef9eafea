import Core
import Foundation
import TestSupport
import Testing
import Viz

@Suite("hfgd predict", .serialized)
struct PredictTests {
  private let program = Program()

  private func predict(_ arguments: String..., model: [String] = Program.model) throws
    -> Program.Outcome
  {
    try program.run(["predict"] + model + arguments + ["-o", "out"])
  }

  private func labels(_ name: String) throws -> LabelMap {
    try ImageFile.readLabels(at: program.path("out/\(name)"))
  }

  /// The values of a NumPy file with the header of `shape`.
  private func array(_ name: String, shape: [Int]) throws -> [Float] {
    let bytes = try FileBytes.read(program.path("out/\(name)"), maxBytes: 1 << 26)
    let count = shape.reduce(1, *)
    try #require(bytes.count == 128 + 4 * count)
    let values = [Float](unsafeUninitializedCapacity: count) { values, filled in
      values.withMemoryRebound(to: UInt8.self) { _ = $0.initialize(from: bytes[128...]) }
      filled = count
    }
    try #require(NPY.encode(values, shape: shape) == bytes)
    return values
  }

  /// All formats tell of one prediction: ids, palette indices and the largest logit at each pixel.
  @Test(
    arguments: [(40, 30), (33, 65), (1, 1), (1, 50), (70, 3)], [Program.model, Program.guided])
  func formatsAgree(size: (Int, Int), model: [String]) throws {
    let (width, height) = size
    let picture = try program.makePicture("a.png", width: width, height: height)
    let outcome = try predict(
      "a.png", "--format", "overlay,indexed,id,logits", "--opacity", "0.5", model: model)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      program.results(below: "out")
        == ["a.id.png", "a.indexed.png", "a.logits.npy", "a.overlay.png"])
    let ids = try labels("a.id.png")
    #expect(ids.width == width && ids.height == height)
    #expect(try labels("a.indexed.png") == ids)

    let classes = ClassTable.camVid
    let logits = try array("a.logits.npy", shape: [classes.names.count, height, width])
    for pixel in 0..<(width * height) {
      let scores = classes.names.indices.map { logits[$0 * width * height + pixel] }
      #expect(scores.firstIndex(of: scores.max() ?? .nan) == Int(ids.values[pixel]))
    }
    let overlay = try ImageFile.readPicture(at: program.path("out/a.overlay.png"))
    #expect(overlay == picture.overlaid(with: ids, palette: classes.palette, opacity: 0.5))
    let coloured = try ImageFile.readPicture(at: program.path("out/a.indexed.png"))
    #expect(coloured == ids.coloured(classes.palette))
  }

  @Test func foldersAreMirrored() throws {
    for name in ["in/a.png", "in/sub/a.jpg", "in/sub/deep er/b.c.JPEG"] {
      try program.makePicture(name)
    }
    let outcome = try predict("in", "--format", "id", "--quiet")
    #expect(outcome.status == 0)
    #expect(outcome.output == "" && outcome.errors == "")
    let expected = ["a.id.png", "sub/a.id.png", "sub/deep er/b.c.id.png"]
    #expect(program.results(below: "out") == expected)
  }

  @Test func overlaysCanBeJPEG() throws {
    try program.makePicture("a.png")
    #expect(try predict("a.png", "--overlay-type", "jpg").status == 0)
    #expect(program.results(below: "out") == ["a.overlay.jpg"])
    let bytes = try FileBytes.read(program.path("out/a.overlay.jpg"), maxBytes: 1 << 20)
    #expect(ImageFormat(contents: bytes) == .jpeg)
  }

  /// Grey and palette pictures are pictures too: each is read as the colours that it shows.
  @Test func greyAndPalettePicturesAreRead() throws {
    let values = LabelMap(width: 12, height: 9, values: (0..<108).map { UInt16($0 * 2) })
    let grey = (0...255).map { RGB(UInt8($0), UInt8($0), UInt8($0)) }
    try ImageFile.write(values, to: program.path("grey.png"))
    try ImageFile.write(values, palette: grey, to: program.path("palette.png"))
    try ImageFile.write(values.coloured(grey), to: program.path("rgb.png"))
    let outcome = try predict("grey.png", "palette.png", "rgb.png", "--format", "overlay,logits")
    #expect(outcome.status == 0)
    for suffix in ["overlay.png", "logits.npy"] {
      let files = try ["grey", "palette", "rgb"].map {
        try FileBytes.read(program.path("out/\($0).\(suffix)"), maxBytes: 1 << 20)
      }
      #expect(files[0] == files[2] && files[1] == files[2])
    }
  }

  @Test func picturesWithTransparencyAreRead() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: TestFiles.goldens + "/images")
      .filter { $0.hasSuffix(".png") && $0.contains("alpha") }
    #expect(!files.isEmpty)
    for file in files {
      let outcome = try predict(TestFiles.goldens + "/images/" + file, "--format", "id")
      #expect(outcome.status == 0, "\(file)")
    }
  }

  @Test func reportsEachPictureAsJSON() throws {
    try program.makePicture("in/a.png")
    try AtomicFile.write([1, 2, 3], to: program.path("in/b\n\u{1B}[2J.png"))
    let outcome = try predict("in", "--json", "--format", "id,overlay")
    #expect(outcome.status == 1)
    #expect(!outcome.errors.contains("\u{1B}"))
    let report = try outcome.json
    #expect(report["schema"]?.string == "hfgd.predict/1")
    #expect(report["output_stride"]?.int == 32)
    let image = try #require(report["images"]?.array?.first)
    #expect(report["images"]?.array?.count == 1)
    #expect(image["input"]?.string == "in/a.png")
    #expect(image["width"]?.int == 40 && image["height"]?.int == 30)
    #expect(image["files"]?["id"]?.string == "out/a.id.png")
    #expect(image["files"]?["overlay"]?.string == "out/a.overlay.png")
    let failed = try #require(report["failed"]?.array?.first)
    #expect(failed["input"]?.string == "in/b\n\u{1B}[2J.png")
    #expect(failed["error"]?.string?.contains("expected a PNG or JPEG picture") == true)
  }

  /// The same bytes again, whatever the number of threads; and a second run replaces the first.
  @Test func resultsDoNotDependOnThreads() throws {
    try program.makePicture("a.png", width: 90, height: 70)
    var files: [[UInt8]] = []
    for threads in ["1", "2", "7"] {
      let outcome = try predict(
        "a.png", "--format", "logits", "--threads", threads, model: Program.guided)
      #expect(outcome.status == 0)
      files.append(try FileBytes.read(program.path("out/a.logits.npy"), maxBytes: 1 << 24))
    }
    #expect(files[0] == files[1] && files[1] == files[2])
  }

  @Test func theTeacherIsAnotherPrediction() throws {
    try program.makePicture("a.png", width: 90, height: 70)
    let read = { try FileBytes.read(program.path("out/a.logits.npy"), maxBytes: 1 << 24) }
    #expect(try predict("a.png", "--format", "logits", model: Program.guided).status == 0)
    let student = try read()
    let outcome = try predict("a.png", "--format", "logits", "--os", "32", model: Program.guided)
    #expect(outcome.status == 0)
    #expect(try read() != student)
  }

  @Test func picturesAboveTheLimitAreRefused() throws {
    try program.makePicture("a.png", width: 1001, height: 1000)
    try program.makePicture("b.png")
    let outcome = try predict("a.png", "b.png", "--max-megapixels", "1")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("a.png: "))
    #expect(program.results(below: "out") == ["b.overlay.png"])
  }

  /// Names of a single letter, names of the command line, and names that hold anything.
  @Test(arguments: ["a", "-o.png", "ä\n😀 \u{1B}[31m.png", "x..png", ".png"])
  func namesMayBeAnything(name: String) throws {
    try program.makePicture("plain.png")
    try FileManager.default.moveItem(
      atPath: program.path("plain.png"), toPath: program.path(name))
    let outcome = try program.run(["predict"] + Program.model + ["-o", "o", "--", name])
    #expect(outcome.status == 0)
    #expect(!outcome.errors.contains("\u{1B}"))
    #expect(program.results(below: "o") == [name.withoutExtension + ".overlay.png"])
  }

  /// Ids for the servers: the same labels under other numbers.
  @Test func submissionFormats() throws {
    try program.makePicture("in/ä_1.png", width: 50, height: 41)
    let outcome = try predict("in", "--format", "id,submission")
    #expect(outcome.status == 0)
    #expect(program.results(below: "out") == ["ä_1.id.png", "ä_1.png"])
    let ids = try labels("ä_1.id.png")
    #expect(try labels("ä_1.png").values == ids.values.map { $0 + 1 })
    let refused = try predict("in", "--format", "labelIds")
    #expect(refused.status == 2)
    #expect(refused.errors.contains("Cityscapes' 19 classes, the model has 11; give --format id"))
  }

  /// A submission has its picture's name: it must not take its place, however the folder is called.
  @Test func picturesAreNotReplaced() throws {
    try program.makePicture("in/a.png")
    try program.makePicture("in/a.overlay.png", width: 10, height: 10)
    for (output, format) in [
      ("in", "submission"), ("in/../in/", "id,submission"), ("in", "overlay"),
    ] {
      let outcome = try program.run(
        ["predict"] + Program.model + ["in/a.png", "in/a.overlay.png", "-o", output]
          + ["--format", format])
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("would replace the picture"), "\(outcome.errors)")
      #expect(program.files(below: "in") == ["a.overlay.png", "a.png"])
    }
  }

  /// Borders on the picture; and the verdict on each pixel, where the labels are there and fit.
  @Test func contoursAndErrors() throws {
    let picture = try program.makePicture("in/sub/a.png", width: 48, height: 40)
    let second = try program.makePicture("in/b.png", width: 30, height: 30)
    var truth = LabelMap(
      width: 48, height: 40, values: (0..<(48 * 40)).map { UInt16($0 / 48 % 12) })
    truth[3, 3] = 11
    try Folder.create(program.path("truth/sub"))
    try ImageFile.write(truth, to: program.path("truth/sub/a.png"))
    try ImageFile.write(truth, to: program.path("truth/b.png"))
    let outcome = try predict("in", "--format", "contour,errors,id", "--labels", "truth")
    #expect(outcome.status == 1)
    #expect(
      outcome.errors.contains("expected labels of 30×30 like the picture, found 48×40"))
    #expect(
      program.results(below: "out") == ["sub/a.contour.png", "sub/a.errors.png", "sub/a.id.png"])
    let ids = try labels("sub/a.id.png")
    let errors = try ImageFile.readPicture(at: program.path("out/sub/a.errors.png"))
    #expect(
      errors == picture.judged(Judgement.errors(ids, truth: truth, ignoreIndex: 11)))
    let contour = try ImageFile.readPicture(at: program.path("out/sub/a.contour.png"))
    #expect(contour == picture.contoured(with: ids, colours: ClassTable.camVid.palette))
    #expect(second.width == 30)
  }

  /// Each option of the protocol changes the logits, and the report says which protocol it was.
  @Test func protocolsAreFollowed() throws {
    let picture = try program.makePicture("a.png", width: 75, height: 50)
    var results: Set<[Float]> = []
    let options: [([String], InferenceProtocol)] = [
      ([], .ours),
      (["--flip"], .ours { $0.isFlipped = true }),
      (["--scales", "0.5,1"], .ours { $0.scales = [0.5, 1] }),
      (
        ["--slide", "33x40@20x13"],
        .ours {
          $0.window = SlidingWindow(
            width: 33, height: 40, horizontalStride: 20, verticalStride: 13)
        }
      ),
      (["--slide", "33X40"], .ours { $0.window = SlidingWindow(width: 33, height: 40) }),
      (["--pad", "/64"], .ours { $0.padding = .multiple(of: 64) }),
      (["--protocol", "authors"], .authors), (["--protocol", "mmseg"], .mmseg),
    ]
    let configuration = try #require(ModelConfiguration.preset(named: "fcn-mobilenet_v2"))
    let segmenter = Segmenter(
      SegmentationModel(configuration, Weights(RandomWeights(seed: 1))), threads: Threads(2))
    for (words, rules) in options {
      let outcome = try program.run(
        ["predict"] + Program.model + ["a.png", "-o", "out", "--format", "logits", "--json"] + words
      )
      #expect(outcome.status == 0, "\(words) \(outcome.errors)")
      #expect(try outcome.json["protocol"]?.string == "\(rules)")
      let logits = try array("a.logits.npy", shape: [11, 50, 75])
      let expected = try segmenter.segment(picture, rules: rules, including: [.logits]).logits
      let planes = try #require(expected).channelsFirst
      #expect(disagreement(logits, planes) < directTolerance, "\(rules)")
      results.insert(logits)
    }
    #expect(results.count == options.count)
  }
}

extension InferenceProtocol {
  /// The program's own protocol, changed.
  fileprivate static func ours(_ change: (inout InferenceProtocol) -> Void) -> InferenceProtocol {
    var rules = InferenceProtocol.ours
    change(&rules)
    return rules
  }
}

extension Tensor {
  /// The values of the first image, `[channels, height, width]`.
  fileprivate var channelsFirst: [Float] {
    (0..<shape.c).flatMap { c in (0..<(shape.h * shape.w)).map { values[$0 * shape.c + c] } }
  }
}
