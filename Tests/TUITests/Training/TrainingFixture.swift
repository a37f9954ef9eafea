import Core
import Foundation
import TestSupport

/// A program with a folder `set` of small pictures, and the arguments of trainings on it that take seconds.
struct TrainingFixture {
  let program = Program()

  /// Four pictures to train on and two to judge by, each of two colours: the classes.
  init() throws {
    var random = SeededRandom(seed: 5)
    for (split, count) in [("train", 4), ("val", 2)] {
      for i in 0..<count {
        let edge = Int.random(in: 20...45, using: &random)
        var picture = Picture(width: 65, height: 65, filled: RGB(60, 90, 200))
        var labels = LabelMap(width: 65, height: 65, values: [UInt16](repeating: 0, count: 65 * 65))
        for y in 0..<65 {
          for x in edge..<65 {
            picture[x, y] = RGB(190, 120, 40)
            labels[x, y] = 1
          }
        }
        try Folder.create(program.path("set/\(split)"))
        try Folder.create(program.path("set/\(split)annot"))
        try ImageFile.write(picture, to: program.path("set/\(split)/\(i).png"))
        try ImageFile.write(labels, to: program.path("set/\(split)annot/\(i).png"))
      }
    }
    try AtomicFile.write(Array("sky\nearth\n".utf8), to: program.path("set/classes.txt"))
  }

  /// The arguments of a run of `steps` steps into `folder`.
  func arguments(into folder: String = "run", steps: Int = 6, _ more: [String] = []) -> [String] {
    [
      "train", "--data", "set", "-o", folder, "--preset", "sfpn-mobilenet_v2", "--steps",
      "\(steps)",
      "--batch", "2", "--crop", "65x65", "--validate-every", "4", "--checkpoint-every", "1",
      "--set", "brightness=0",
    ] + more
  }

  /// The bytes of the files that must not depend on how often a run was interrupted.
  func results(_ folder: String) throws -> [[UInt8]] {
    try ["last.safetensors", "best.safetensors", "model.safetensors"].map {
      try FileBytes.read(program.path("\(folder)/\($0)"), maxBytes: 1 << 28)
    }
  }

  /// The log without what a clock says.
  func log(_ folder: String) throws -> [JSON] {
    try RunLog.lines(of: RunFolder(program.path(folder))).map { line in
      .object((line.object ?? []).filter { $0.key != "seconds" })
    }
  }
}
