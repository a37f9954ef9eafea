import Core

/// The values that a heat map's colours stand for, from its darkest to its brightest.
public struct ValueRange: Sendable, Equatable {
  /// The ends; values outside are drawn as they are.
  public let low, high: Float
  /// Whether some values lie above the upper end.
  public let isCutAbove: Bool

  /// The values from `low` to `high`.
  public init(low: Float, high: Float, isCutAbove: Bool = false) {
    precondition(low < high, "a range from \(low) to \(high) is empty")
    self.low = low
    self.high = high
    self.isCutAbove = isCutAbove
  }

  /// Tenths around the smallest and the largest value; what is not finite counts for nothing.
  ///
  /// Tenths, so that the colours do not change at every step of what follows the mouse.
  public init(around values: [Float]) {
    let (smallest, largest) = Self.extremes(values)
    let low = (smallest * 10).rounded(.down) / 10
    self.init(low: low, high: max((largest * 10).rounded(.up) / 10, low + 0.1, low.nextUp))
  }

  /// From 0 to the tenth above all but a hundredth of the values, which are not negative; what is not finite counts for
  /// nothing.
  public init(upToMostOf values: [Float]) {
    let largest = Self.extremes(values).largest
    var bins = [Int](repeating: 0, count: 1000)
    var counted = 0
    for value in values where value.isFinite {
      counted += 1
      if value >= 0 && largest > 0 { bins[min(Int(value / largest * 1000), 999)] += 1 }
    }
    var above = 0
    let end = bins.indices.reversed().first { bin in
      above += bins[bin]
      return above > counted / 100
    }
    let high = (Float(1 + (end ?? 0)) / 1000 * largest * 10).rounded(.up) / 10
    self.init(low: 0, high: max(high, 0.1), isCutAbove: largest > max(high, 0.1))
  }

  /// The smallest and the largest of the finite values, 0 where there are none.
  private static func extremes(_ values: [Float]) -> (smallest: Float, largest: Float) {
    var (smallest, largest) = (Float.infinity, -Float.infinity)
    for value in values where value.isFinite {
      if value < smallest { smallest = value }
      if value > largest { largest = value }
    }
    return smallest <= largest ? (smallest, largest) : (0, 0)
  }

  /// Where a value lies between the ends, in [0, 1] if it does.
  public func share(_ value: Float) -> Float { (value - low) / (high - low) }
}

extension Picture {
  /// Values of a range, one a pixel, in the colours of `map`.
  public static func heatmap(
    _ values: [Float], over range: ValueRange, width: Int, height: Int, _ map: ColourMap
  ) -> Picture {
    heatmap(values.map(range.share), width: width, height: height, map)
  }

  /// The picture in the dark, with the colours of `labels` where they differ from `others`.
  public func marking(
    _ labels: LabelMap, whereTheyDifferFrom others: LabelMap, palette: [RGB?]
  ) -> Picture {
    precondition(
      labels.values.count == width * height && others.values.count == width * height,
      "labels of \(labels.width)×\(labels.height) and \(others.width)×\(others.height) on \(width)×\(height)"
    )
    var marked = self
    marked.samples.withUnsafeMutableBufferPointer { samples in
      for pixel in 0..<(width * height) {
        let i = 3 * pixel
        let label = Int(labels.values[pixel])
        if labels.values[pixel] != others.values[pixel], label < palette.count,
          let colour = palette[label]
        {
          (samples[i], samples[i + 1], samples[i + 2]) = (colour.red, colour.green, colour.blue)
        } else {
          let dark = UInt8((Int(samples[i]) + Int(samples[i + 1]) + Int(samples[i + 2])) / 6)
          (samples[i], samples[i + 1], samples[i + 2]) = (dark, dark, dark)
        }
      }
    }
    return marked
  }
}
