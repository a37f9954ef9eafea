extension Picture {
  /// The picture resized as OpenCV's `cv::resize` does it by default: bilinear, half-pixel centres, in fixed point.
  ///
  /// Shares are rounded to 1/2048, and the vertical mix drops bits twice (`HResizeLinear`, `VResizeLinear` of
  /// `imgproc/src/resize.cpp`). A resize in floats differs by one grey level on about an eighth of the samples, which is
  /// why models that were trained and measured on OpenCV's pictures get them.
  func resizedInFixedPoint(width: Int, height: Int) -> Picture {
    let columns = Self.taps(self.width, width)
    let rows = Self.taps(self.height, height)
    let inputRow = 3 * self.width
    let resized = [UInt8](unsafeUninitializedCapacity: 3 * width * height) { output, count in
      samples.withUnsafeBufferPointer { samples in
        func mixedAcross(_ y: Int, _ column: Tap, _ channel: Int) -> Int {
          let row = y * inputRow + channel
          return Int(samples[row + 3 * column.first]) * column.firstShare
            + Int(samples[row + 3 * column.second]) * column.secondShare
        }
        var i = 0
        for row in rows {
          for column in columns {
            for channel in 0..<3 {
              let upper = mixedAcross(row.first, column, channel) >> 4
              let lower = mixedAcross(row.second, column, channel) >> 4
              output[i] = UInt8(
                clamping: ((row.firstShare * upper) >> 16 + (row.secondShare * lower) >> 16 + 2)
                  >> 2)
              i += 1
            }
          }
        }
      }
      count = 3 * width * height
    }
    return Picture(width: width, height: height, samples: resized)
  }

  /// The neighbours of a resized sample and their shares of 2048.
  private struct Tap {
    let first, second, firstShare, secondShare: Int
  }

  private static func taps(_ size: Int, _ resized: Int) -> [Tap] {
    let step = Double(size) / Double(resized)
    return (0..<resized).map { i in
      let position = Float((Double(i) + 0.5) * step - 0.5)
      let floor = position.rounded(.down)
      let share = position - floor
      return Tap(
        first: min(max(Int(floor), 0), size - 1), second: min(max(Int(floor) + 1, 0), size - 1),
        firstShare: Int(((1 - share) * 2048).rounded(.toNearestOrEven)),
        secondShare: Int((share * 2048).rounded(.toNearestOrEven)))
    }
  }
}
