import Glibc

/// A blur by a normal distribution, cut off at four standard deviations; beyond the border the edge goes on.
struct GaussianBlur {
  /// The weights from the middle outwards, which sum to 1 with those of the other side.
  let weights: [Float]

  /// A blur of a standard deviation in pixels.
  init(deviation: Float) {
    let radius = Int(4 * deviation + 0.5)
    let weights = (0...radius).map { i in
      expf(-Float(i * i) / (2 * deviation * deviation))
    }
    let sum = 2 * weights.reduce(0, +) - weights[0]
    self.weights = weights.map { $0 / sum }
  }

  /// Lines of `length` groups of `group` values, blurred along each line.
  func along(_ values: [Float], length: Int, group: Int) -> [Float] {
    var blurred = [Float](repeating: 0, count: values.count)
    let radius = weights.count - 1
    let line = length * group
    var padded = [Float](repeating: 0, count: line + 2 * radius * group)
    values.withUnsafeBufferPointer { values in
      blurred.withUnsafeMutableBufferPointer { blurred in
        padded.withUnsafeMutableBufferPointer { padded in
          for start in stride(from: 0, to: values.count, by: line) {
            for i in 0..<padded.count {
              let place = min(max(i / group - radius, 0), length - 1)
              padded[i] = values[start + place * group + i % group]
            }
            for (offset, weight) in weights.enumerated() {
              let (before, after) = ((radius - offset) * group, (radius + offset) * group)
              let share = offset == 0 ? weight / 2 : weight
              for i in 0..<line {
                blurred[start + i] += share * (padded[before + i] + padded[after + i])
              }
            }
          }
        }
      }
    }
    return blurred
  }
}

extension Picture {
  /// The picture blurred by a standard deviation in pixels.
  func blurred(deviation: Float) -> Picture {
    let blur = GaussianBlur(deviation: deviation)
    let rows = blur.along(samples.map { Float($0) }, length: width, group: 3)
    return Picture(
      width: width, height: height, rounding: blur.along(rows, length: height, group: 3 * width))
  }
}
