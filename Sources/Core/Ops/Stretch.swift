/// A stretch of a map's values, as a map of another shape.
struct Stretch: Operation {
  private let start: Int
  private let shape: Shape

  /// The values from `start` on that fill `shape`.
  init(from start: Int, _ shape: Shape) {
    self.start = start
    self.shape = shape
  }

  var summary: String { "values \(start)..<\(start + shape.count)" }

  func outputShape(for inputs: [Shape]) -> Shape {
    precondition(start + shape.count <= inputs[0].count, "\(inputs[0]) has no \(summary)")
    return shape
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    threads.forEach(shape.count, by: 1 << 16) { values, _ in
      (output.base + values.lowerBound).update(
        from: inputs[0].base + start + values.lowerBound, count: values.count)
    }
  }
}
