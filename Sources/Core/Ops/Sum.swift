/// The sum of two or more maps of one shape, in one pass.
public struct Sum: Operation {
  /// The sum of all inputs.
  public init() {}

  /// "sum".
  public var summary: String { "sum" }

  /// The shape that all inputs have.
  public func outputShape(for inputs: [Shape]) -> Shape {
    precondition(
      inputs.count > 1 && inputs.allSatisfy { $0 == inputs[0] },
      "a sum takes two or more maps of one shape, not \(inputs)")
    return inputs[0]
  }

  /// The sum is formed in the memory of the first.
  public var overwritableInput: Int? { 0 }

  /// Values summed at a time: each stays in a register from the first input to the last.
  private static let block = 1 << 16

  /// Computes the output; see ``Operation/run(_:into:scratch:threads:)``.
  public func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let maps = inputs.map(\.base)
    maps.withUnsafeBufferPointer { maps in
      threads.forEach(output.shape.count, by: Self.block) { values, _ in
        var i = values.lowerBound
        while i + 16 <= values.upperBound {
          var sum = (maps[0] + i).lanes
          for map in 1..<maps.count { sum += (maps[map] + i).lanes }
          (output.base + i).lanes = sum
          i += 16
        }
        while i < values.upperBound {
          var sum = maps[0][i]
          for map in 1..<maps.count { sum += maps[map][i] }
          output.base[i] = sum
          i += 1
        }
      }
    }
  }
}
