import Core
import TestSupport
import Testing

@Suite("hfgd doctor")
struct DoctorTests {
  private let program = Program()

  /// CamVid's folders with pictures and labels of 4×1.
  private func make(_ values: [UInt16]..., split: String = "val") throws {
    for (i, values) in values.enumerated() {
      try program.makePicture("set/\(split)/0016E5_0\(i).png", width: values.count, height: 1)
      try Folder.create(program.path("set/\(split)annot"))
      try ImageFile.write(
        LabelMap(width: values.count, height: 1, values: values),
        to: program.path("set/\(split)annot/0016E5_0\(i).png"))
    }
  }

  @Test func aHealthySet() throws {
    try make([0, 1, 10, 11], [3, 3, 4, 5])
    let outcome = try program.run(["doctor", "set", "--values"])
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    #expect(outcome.output.hasPrefix("camvid  set val, 2 images, 2 labels read\n"))
    #expect(outcome.output.contains("labels  0–1, 3–5, 10–11, 11 classes, ignore 11\n"))
    #expect(outcome.output.contains("Building  12.50 %       1\n"))
    #expect(outcome.output.hasSuffix("\nhealthy\n"))
  }

  @Test func findingsEndWithFour() throws {
    try make([0, 1, 10, 77])
    let outcome = try program.run(["doctor", "set"])
    #expect(outcome.status == 4 && outcome.errors.isEmpty)
    #expect(
      outcome.output.hasSuffix(
        "\n77 (25.0 %, in 1 of 1 labels) is no class: those are 0 to 10, and 11 is ignored; "
          + "leave it out with --ignore-index 77\n"))
    #expect(try program.run(["doctor", "set", "--ignore-index", "77"]).status == 0)
    #expect(try program.run(["doctor", "set", "--label-map", "77:ignore"]).status == 0)
  }

  @Test func asJSON() throws {
    try make([0, 1, 10, 11], [255, 1, 1, 1])
    let outcome = try program.run(["doctor", "set", "--json"] + [Program.model[0]])
    let json = try outcome.json
    #expect(outcome.status == 4 && json["schema"]?.string == "hfgd.doctor/1")
    #expect(json["dataset"]?.string == "camvid" && json["labels_read"]?.int == 2)
    #expect(json["findings"]?.array?[0]["problem"]?.string == "stray")
    #expect(json["findings"]?.array?[0]["flags"]?.string == "--label-map 255:ignore")
    #expect(json["findings"]?.array?.count == 1, "the preset has CamVid's classes")
    #expect(json["values"]?.array?[3]["class"]?.string == "(ignored)")
    #expect(json["fingerprint"]?.string?.count == 16)
  }

  @Test func archivesAndLists() throws {
    try make([0, 1, 10, 11])
    let tar = try program.shell("tar -cf set.tar set && \"$HFGD\" doctor set.tar")
    #expect(tar.status == 0 && tar.output.contains("camvid  set.tar val, 1 image, 1 label read"))
    let list = try program.shell(
      "echo set/val/0016E5_00.png set/valannot/0016E5_00.png | \"$HFGD\" doctor - --dataset camvid")
    #expect(list.status == 0 && list.output.contains("camvid  - all, 1 image"))
  }

  @Test func whatCannotBeUsed() throws {
    try program.makePicture("photos/a.png")
    for (arguments, status, message) in [
      (["doctor", "none"], 4, "none is not a folder"),
      (["doctor", "photos", "--dataset", "ade"], 2, "--dataset is one of cityscapes"),
      (["doctor", "photos", "--label-map", "1"], 2, "OLD:NEW"),
      (["doctor", "photos", "--ignore-index=-1"], 2, "from 0 to 65535"),
      (["doctor", "photos", "none.safetensors"], 3, "none.safetensors"),
    ] {
      let outcome = try program.run(arguments)
      #expect(outcome.status == Int32(status) && outcome.errors.contains(message), "\(arguments)")
    }
    // Pictures without labels are found to have none.
    let outcome = try program.run(["doctor", "photos"])
    #expect(
      outcome.status == 4 && outcome.output.contains("1 of 1 images have no label, a for one"))
  }
}
