import Core
import Foundation
import TestSupport
import Testing

/// `hfgd convert` and `hfgd inspect` on files that PyTorch wrote.
@Suite struct ConvertTests {
  private let program = Program()
  private let folder = TemporaryFolder()
  private static let small = TestFiles.goldens + "/interop/small"

  @Test func aModelOfMMSegmentationBecomesOneOfOurs() throws {
    let source = try Skeleton("mmseg-fpn_r50").write(to: folder)
    let outcome = try program.run(["convert", source, "fpn.safetensors", "--json"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let fit = try #require(try JSON(outcome.output)["fit"])
    #expect(fit["family"]?.string == "mmsegmentation's Semantic FPN")
    #expect(fit["mapped"]?.array?.count == 328)
    #expect(fit["missing"]?.array?.isEmpty == true && fit["unexpected"]?.array?.isEmpty == true)
    #expect(outcome.errors.contains(#"the tensors stand under "state_dict""#))
    #expect(outcome.errors.contains("HistoryBuffer"), "objects that were left alone are named")

    // What is converted is the same model, and converting it again changes nothing.
    let difference = try program.run(["inspect", source, "--diff", "fpn.safetensors", "--json"])
    let report = try JSON(difference.output)
    #expect(report["equal_tensors"]?.int == 328)
    #expect(report["only_in_first"]?.array?.isEmpty == true)
    #expect(try program.run(["convert", "fpn.safetensors", "again.safetensors"]).status == 0)
    #expect(
      try FileDigest.sha256(of: program.path("again.safetensors"))
        == FileDigest.sha256(of: program.path("fpn.safetensors")))

    // Half precision is close, and every layer says how close.
    #expect(
      try program.run(["convert", source, "half.safetensors", "--dtype", "bf16"]).status == 0)
    let half = try JSON(
      program.run(["inspect", source, "--diff", "half.safetensors", "--json"]).output)
    let distances = try #require(half["layers"]?.array).compactMap { $0["relative_l2"]?.double }
    let largest = try #require(distances.max())
    #expect(0 < largest && largest < 0x1p-8, "half a unit in the last of eight bits")
  }

  @Test func backbonesAndUnknownFilesAreTold() throws {
    let source = try Skeleton("torchvision-mobilenet_v2").write(to: folder)
    let predicted = try program.run([
      "predict", source, TestFiles.package + "/samples/scenes/val", "-o", "out",
    ])
    #expect(predicted.status == 3)
    #expect(predicted.errors.contains("hfgd train --weights"))
    let outcome = try program.run(["convert", source, "backbone.safetensors"])
    #expect(outcome.status == 0 && outcome.output.contains("the backbone mobilenet_v2"))

    let state = Self.small + "/state.pth"
    let unknown = try program.run(["convert", state, "x.safetensors"])
    #expect(unknown.status == 3 && unknown.errors.contains("no model that is known here"))
    #expect(!FileManager.default.fileExists(atPath: program.path("x.safetensors")))
    let raw = try program.run(["convert", state, "x.safetensors", "--raw"])
    #expect(raw.status == 0)
    let kept = try TensorFile(path: program.path("x.safetensors"))
    let original = try TensorFile(path: state)
    #expect(Set(kept.tensors.map(\.name)) == Set(original.tensors.map(\.name)))
    for tensor in original.tensors where tensor.dtype.becomesFloat {
      let copy = try #require(kept[tensor.name])
      #expect(try copy.elements().floats == tensor.elements().floats)
    }
  }

  @Test func inspectLooksAtValuesOfAnyFile() throws {
    let sound = try program.run(["inspect", Self.small + "/state.pth", "--tensors"])
    #expect(sound.status == 0, "\(sound.errors)")
    #expect(sound.output.contains("PyTorch, "))
    #expect(sound.output.contains("stem.conv.weight"))

    var writer = SafeTensorsWriter()
    writer.append("a.weight", shape: [2, 2], values: [0, 0, 1, 2])
    writer.append("b.running_var", shape: [2], values: [-1, 1e-9])
    writer.append("c.bias", shape: [3], values: [.nan, 1, .infinity])
    try Data(writer.encoded()).write(to: URL(fileURLWithPath: program.path("bad.safetensors")))
    let bad = try program.run(["inspect", "bad.safetensors"])
    #expect(bad.status == 3)
    for finding in [
      "a.weight: 1 of 2 output channels are zero", "b: 1 running variances are negative",
      "c.bias: 2 of 3 values are NaN or infinite",
    ] {
      #expect(bad.output.contains(finding))
    }
  }

  /// A file that says which model it is must be that model, whole.
  @Test func inspectHoldsAModelAgainstItsConfiguration() throws {
    let sample = TestFiles.package + "/samples/models/sfpn-mobilenet_v2-camvid.safetensors"
    let whole = try TensorFile(path: sample)
    let key = Checkpoint.configurationKey
    var writer = SafeTensorsWriter(metadata: [key: try #require(whole.texts[key])])
    for tensor in whole.tensors where tensor.name != "tokens.bias" {
      writer.append(tensor.name, shape: tensor.shape, values: try tensor.elements().floats)
    }
    writer.append("extra", shape: [1], values: [1])
    try Data(writer.encoded()).write(to: URL(fileURLWithPath: program.path("part.safetensors")))
    let outcome = try program.run(["inspect", "part.safetensors"])
    #expect(outcome.status == 3)
    #expect(outcome.output.contains("1 missing, 1 unexpected"))
    #expect(outcome.errors.contains("tokens.bias") && outcome.errors.contains("extra"))
  }

  @Test func whatDoesNotFitHalfPrecisionIsRefused() throws {
    var writer = SafeTensorsWriter()
    writer.append("a.weight", shape: [1, 2], values: [1, 70_000])
    try Data(writer.encoded()).write(to: URL(fileURLWithPath: program.path("large.safetensors")))
    let half = try program.run([
      "convert", "large.safetensors", "half.safetensors", "--raw", "--dtype", "f16",
    ])
    #expect(half.status == 3 && half.errors.contains("70000") && half.errors.contains("--dtype"))
    #expect(!FileManager.default.fileExists(atPath: program.path("half.safetensors")))
    #expect(
      try program.run([
        "convert", "large.safetensors", "half.safetensors", "--raw", "--dtype", "bf16",
      ]).status == 0)
  }

  /// A preset's name stands for its shapes; how many classes there are is seen from the tokens.
  @Test func classesAreCountedWhereAPresetIsNamed() throws {
    let sample = TestFiles.package + "/samples/models/sfpn-mobilenet_v2-camvid.safetensors"
    let whole = try TensorFile(path: sample)
    var writer = SafeTensorsWriter()
    for tensor in whole.tensors {
      writer.append(tensor.name, shape: tensor.shape, values: try tensor.elements().floats)
    }
    try Data(writer.encoded()).write(to: URL(fileURLWithPath: program.path("bare.safetensors")))
    let named = try program.run([
      "convert", "bare.safetensors", "out.safetensors", "--as", "sfpn-mobilenet_v2",
    ])
    #expect(named.status == 0, "\(named.errors)")
    let checkpoint = try Checkpoint(path: program.path("out.safetensors"))
    #expect(
      checkpoint.configuration.classes == (try Checkpoint(path: sample)).configuration.classes)
    for wrong in [["--as", "nosuch"], ["--as", "sfpn-mobilenet_v2", "--classes", "nosuch"]] {
      let outcome = try program.run(["convert", "bare.safetensors", "no.safetensors"] + wrong)
      #expect(outcome.status == 2 && outcome.errors.contains("nosuch"))
    }
  }

  @Test func fullDisksAndHostileFilesLeaveNothing() throws {
    let state = Self.small + "/state.pth"
    let full = try program.run(["convert", state, "/dev/full", "--raw"])
    #expect(full.status == 1 && full.errors.contains("/dev/full"))
    let program2 = Array("cos\nsystem\n".utf8)
    try Data([0x80, 2] + program2 + [0x2E]).write(
      to: URL(fileURLWithPath: program.path("evil.pth")))
    let evil = try program.run(["convert", "evil.pth", "x.safetensors", "--raw"])
    #expect(evil.status == 3 && evil.errors.contains("evil.pth"))
    #expect(!FileManager.default.fileExists(atPath: program.path("x.safetensors")))
  }
}
