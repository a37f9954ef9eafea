/// Maps of one grid side by side: their channels one after the other.
///
///     y[n, i, j] = (x₀[n, i, j], x₁[n, i, j], …)
///
/// Inputs: any number of maps `[n, h, w, …]`; the result has the channels of all.
public struct Concatenation: Operation {
  /// The concatenation of all inputs.
  public init() {}

  /// "concatenation".
  public var summary: String { "concatenation" }

  /// The grid that all inputs have, with the sum of their channels.
  public func outputShape(for inputs: [Shape]) -> Shape {
    precondition(
      !inputs.isEmpty && inputs.allSatisfy { $0.channels(1) == inputs[0].channels(1) },
      "a concatenation takes maps of one grid, not \(inputs)")
    return inputs[0].channels(inputs.reduce(0) { $0 + $1.c })
  }

  /// Pixels of a task.
  static let block = 256

  /// Computes the output; see ``Operation/run(_:into:scratch:threads:)``.
  public func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (inputs, y) = (inputs, output)
    threads.forEach(y.shape.pixels, by: Self.block) { pixels, _ in
      var first = 0
      for x in inputs {
        let c = x.shape.c
        for pixel in pixels {
          (y.base + pixel * y.shape.c + first).updateRow(from: x.base + pixel * c, count: c)
        }
        first += c
      }
    }
  }
}
