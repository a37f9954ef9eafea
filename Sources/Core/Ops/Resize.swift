/// Resizing by a rule, bilinear or nearest, perhaps a sum, and activation.
///
///     y[n, i, j, c] = f( r[n, i, j, c] + (1−β)·((1−α)·x₀₀ + α·x₀₁) + β·((1−α)·x₁₀ + α·x₁₁) )
///
/// where x₀₀ … x₁₁ are the four neighbours of the position that the ``Rule`` gives to (i, j), α its share across and β its
/// share down. Inputs: x `[n, h, w, c]` and perhaps an addend r `[n, height, width, c]`.
/// `resizeReference` is the specification.
public struct Resize: Operation {
  /// The output's grid in pixels.
  public let height, width: Int
  /// Where its pixels look.
  public let rule: Rule
  /// Applied last.
  public let activation: Activation
  var kernels = Kernels.current

  /// The resizing to `height` × `width` pixels.
  public init(
    height: Int, width: Int, rule: Rule = .aligned, activation: Activation = .identity
  ) {
    precondition(height > 0 && width > 0, "cannot resize to \(height)×\(width)")
    self.height = height
    self.width = width
    precondition(activation != .gelu, "a resizing does not apply GELU")
    self.rule = rule
    self.activation = activation
  }

  /// For example "bilinear resize to 129×129".
  public var summary: String { "\(rule.summary) to \(width)×\(height)" }

  /// The input's shape on the new grid; a second input must have it already.
  public func outputShape(for inputs: [Shape]) -> Shape {
    let output = inputs[0].resized(h: height, w: width)
    if inputs.count > 1 {
      precondition(inputs[1] == output, "cannot add \(inputs[1]) to a resized \(output)")
    }
    return output
  }

  /// The addend's memory becomes the output's.
  public var overwritableInput: Int? { 1 }

  /// One row per thread, mixed downwards but not yet across.
  public func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    threads.count * inputs[0].w * inputs[0].c
  }

  /// Computes the output; see ``Operation/run(_:into:scratch:threads:)``.
  public func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let x = inputs[0]
    let addend = inputs.count > 1 ? inputs[1].base : nil
    let vertical = rule.neighbours(size: x.shape.h, resized: height)
    let horizontal = rule.neighbours(size: x.shape.w, resized: width)
    let (c, inputRow, outputRow) = (x.shape.c, x.shape.w * x.shape.c, width * x.shape.c)
    let (low, high) = activation.bounds
    threads.forEach(x.shape.n * height, by: 4) { rows, worker in
      let mixed = scratch + worker * inputRow
      for line in rows {
        let (n, i) = line.quotientAndRemainder(dividingBy: height)
        kernels.mixRows(of: x, image: n, at: vertical[i], into: mixed)
        kernels.leaves.resize_row(
          mixed, horizontal, width, c, addend.map { $0 + line * outputRow }, low, high,
          output.base + line * outputRow)
      }
    }
  }
}

extension Kernels {
  /// Row between two rows of an image: `w · c` values.
  func mixRows(
    of x: TensorView, image n: Int, at position: LinePositions.Neighbours,
    into row: UnsafeMutablePointer<Float>
  ) {
    let count = x.shape.w * x.shape.c
    let image = x.base + n * x.shape.h * count
    leaves.mix(
      image + position.first * count, image + position.second * count, position.share, count, row)
  }
}
