import Glibc

/// Labels `[n, h, w, 1]`: class numbers, or below 0 where a pixel is ignored.
extension TensorView {
  /// The class of a pixel, `nil` where it is ignored; a class that the logits do not have traps.
  func label(of pixel: Int, classes: Int) -> Int? {
    let value = base[pixel]
    guard value >= 0 else { return nil }
    precondition(value < Float(classes), "label \(value) of \(classes) classes")
    return Int(value)
  }

  /// Traps where one of `pixels` has a class that the logits do not have.
  func check(_ pixels: Range<Int>, classes: Int) {
    let largest = pixels.reduce(-1) { Swift.max($0, base[$1]) }
    precondition(largest < Float(classes), "label \(largest) of \(classes) classes")
  }

  /// How many pixels have a class.
  var validCount: Int {
    (0..<shape.pixels).reduce(0) { $0 + (base[$1] >= 0 ? 1 : 0) }
  }

  /// What a sum over the pixels of all processes is divided by to be a mean; at least 1.
  func divisor(_ mean: PixelMean, over processes: any Communicator) -> Double {
    mean == .allPixels
      ? Double(max(1, shape.pixels * processes.count))
      : max(1, processes.sum(Double(validCount)))
  }

  /// The sum over all pixels of what `part` makes of some of them, in an order that does not depend on the threads.
  func sum(_ threads: Threads, _ part: (_ pixels: Range<Int>, _ worker: Int) -> Double) -> Double {
    let size = 1 << 12
    let parts = (shape.pixels + size - 1) / size
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: max(1, parts)) { sums in
      nonisolated(unsafe) let sums = sums
      threads.forEach(parts) { index, worker in
        sums[index] = part(
          (index * size)..<Swift.min(shape.pixels, (index + 1) * size), worker)
      }
      return (0..<parts).reduce(0) { $0 + sums[$1] }
    }
  }
}

extension Double {
  /// The natural logarithm.
  var logarithm: Double { log(self) }

  /// e to the power of this number.
  var exponential: Double { exp(self) }

  /// This number to the power of `exponent`.
  func power(_ exponent: Double) -> Double { pow(self, exponent) }
}
