import Foundation
import TestSupport
import Testing

@testable import Core

/// The numbers of the PyTorch twin for checkpoints that it trained on CamVid.
private struct Expected {
  let model: JSON

  init(_ name: String) throws {
    let bytes = try FileBytes.read(
      TestFiles.shared + "/models/expected.json", maxBytes: 1 << 24)
    model = try #require(try JSON(utf8: bytes)[name])
  }

  /// Pixels of a picture with the logits of each stage that the file holds for them.
  struct Pixel {
    let x, y: Int
    let teacher, student: [Float]?

    init(_ json: JSON) throws {
      x = try #require(json["x"]?.int)
      y = try #require(json["y"]?.int)
      func floats(_ key: String) -> [Float]? {
        json[key]?.array?.compactMap { $0.double.map { Float($0) } }
      }
      teacher = floats("teacher")
      student = floats("student") ?? floats("logits")
    }
  }

  var pictures: [(name: String, pixels: [Pixel])] {
    get throws {
      try #require(model["logits"]?.object).map { member in
        (member.key, try #require(member.value.array).map(Pixel.init))
      }
    }
  }
}

@Suite(
  "Trained checkpoints",
  .enabled(if: TestFiles.hasShared, "the trained checkpoints and CamVid stand beside no checkout"))
struct TrainedCheckpointTests {
  private func model(_ name: String) throws -> SegmentationModel {
    try Checkpoint(path: "\(TestFiles.shared)/models/\(name)-mobilenet_v2-camvid.safetensors")
      .model()
  }

  /// The logits are given with four decimals and reach about 12; float32 sums differ by some 1e-4 of that.
  @Test(arguments: ["hfgd", "sfpn"])
  func logitsAreTheTwins(name: String) throws {
    let segmenter = Segmenter(try model(name), threads: Threads(2))
    for (file, pixels) in try Expected(name).pictures {
      let picture = try ImageFile.readPicture(at: "\(TestFiles.shared)/camvid/val/\(file)")
      for stride in segmenter.model.configuration.outputStrides {
        let logits = try segmenter.logits(of: picture, outputStride: stride)
        for pixel in pixels {
          let values = try #require(stride == 32 ? pixel.teacher : pixel.student)
          for (k, value) in values.enumerated() {
            #expect(abs(logits[0, pixel.y, pixel.x, k] - value) < 2e-3)
          }
        }
      }
    }
  }

  /// Percent, over the whole validation set.
  @Test(
    .enabled(
      if: ProcessInfo.processInfo.environment["HFGD_SLOW_TESTS"] == "1",
      "half a minute a model; set HFGD_SLOW_TESTS=1"),
    arguments: ["hfgd", "sfpn"])
  func validationIsTheTwins(name: String) throws {
    let segmenter = Segmenter(try model(name), threads: Threads(2))
    let configuration = segmenter.model.configuration
    var matrices = configuration.outputStrides.map { _ in
      ConfusionMatrix(classes: configuration.classes.count)
    }
    let data = try DataSet(path: TestFiles.shared + "/camvid")
    #expect(data.samples.count == 101)
    for sample in data.samples {
      let picture = try sample.readPicture()
      let truth = try #require(try sample.readLabels())
      let predictions = try segmenter.run(picture, configuration.outputStrides) { logits in
        logits.map { segmenter.labels($0, width: picture.width, height: picture.height) }
      }
      for (stage, prediction) in predictions.enumerated() {
        matrices[stage].add(
          prediction: prediction, truth: truth, ignoreIndex: data.ignoreIndex)
      }
    }
    let expected = try Expected(name).model
    let student = try #require(matrices.last)
    #expect(abs(100 * student.meanIoU - (try #require(expected["val_mIoU"]?.double))) < 0.05)
    for (k, name) in configuration.classes.enumerated() {
      let iou = try #require(expected["val_IoU"]?[name]?.double)
      #expect(abs(100 * student.iou(k) - iou) < 0.05, "\(name)")
    }
    if let teacher = expected["teacher_val_mIoU"]?.double {
      #expect(abs(100 * matrices[0].meanIoU - teacher) < 0.05)
    }
  }
}
