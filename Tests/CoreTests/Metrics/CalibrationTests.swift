import Testing

@testable import Core

@Suite("Calibration")
struct CalibrationTests {
  private func counts(_ confidence: [Float], right: [Bool]) throws -> CalibrationCounts {
    let truth = LabelMap(
      width: right.count, height: 1, values: [UInt16](repeating: 0, count: right.count))
    var prediction = truth
    for (i, isRight) in right.enumerated() where !isRight { prediction.values[i] = 1 }
    let counts = ImageCounts(
      prediction: prediction, truth: truth, classes: 2, ignoreIndex: 255, extras: .calibration,
      confidence: confidence)
    return try #require(counts.calibration)
  }

  /// Bins are closed on the right: 1 falls into the last, the next above 14/15 too.
  @Test func edgesOfBins() throws {
    let edge = Float(14) / 15
    let counts = try counts(
      [0, 0.01, 1, edge.nextUp, edge.nextDown], right: [true, true, true, true, true])
    #expect(counts.pixels(0) == 2)
    #expect(counts.pixels(14) == 2)
    #expect(counts.pixels(13) == 1)
  }

  @Test func errors() throws {
    // Bin 14: confidence 1, half right; bin 7: confidence ½, all right.
    let counts = try counts([1, 1, 0.5, 0.5], right: [true, false, true, true])
    #expect(counts.confidence(14) == 1 && counts.accuracy(14) == 0.5)
    #expect(counts.confidence(7) == 0.5 && counts.accuracy(7) == 1)
    #expect(counts.expectedError == 0.5 && counts.maximumError == 0.5)
    #expect(counts.accuracy(3).isNaN)
  }

  @Test func nothingCountedIsNoNumber() {
    let counts = CalibrationCounts(classes: 2)
    #expect(counts.expectedError.isNaN && counts.maximumError.isNaN)
  }

  @Test func missingConfidencesStop() async {
    await #expect(processExitsWith: .failure) {
      let map = LabelMap(width: 2, height: 1, values: [0, 0])
      _ = ImageCounts(
        prediction: map, truth: map, classes: 1, ignoreIndex: 255, extras: .calibration)
    }
  }
}
