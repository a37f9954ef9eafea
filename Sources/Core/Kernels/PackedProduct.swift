/// A convolution's kernel as the right side of matrix products, cut into blocks of depth and panels of columns.
///
/// The rows of the matrix are taps × channels, in the order of `Convolution.weights`; its columns are the outputs.
/// A block of ``Precision/depth`` rows follows the other; in it the panels of `panel` columns follow each other, each
/// row by row. In bfloat16 two rows lie in one: each float's place holds a column's values of both.
struct PackedProduct: Sendable {
  /// What the numbers are.
  let precision: Precision
  private let panels: PackedFloats
  private let depth, paddedColumns: Int

  /// The matrix `[depth, columns]` at `matrix`, whose rows lie `stride` apart.
  init(
    _ matrix: UnsafePointer<Float>, depth: Int, columns: Int, stride: Int,
    precision: Precision = .float32, for kernels: Kernels
  ) {
    let panel = kernels.panel
    let paddedColumns = kernels.padded(columns)
    self.precision = precision
    self.depth = depth
    self.paddedColumns = paddedColumns
    panels = PackedFloats(count: precision.slots(depth) * paddedColumns) { packed in
      var target = packed
      for block in Swift.stride(from: 0, to: depth, by: precision.depth) {
        let rows = block..<min(block + precision.depth, depth)
        for column in Swift.stride(from: 0, to: columns, by: panel) {
          let width = min(panel, columns - column)
          for row in Swift.stride(
            from: rows.lowerBound, to: rows.upperBound, by: precision.valuesPerSlot)
          {
            let values = matrix + row * stride + column
            switch precision {
            case .float32: target.update(from: values, count: width)
            case .bfloat16:
              let second = row + 1 < rows.upperBound ? values + stride : nil
              for c in 0..<width {
                let upper = UInt32(HalfPrecision.bf16(second?[c] ?? 0))
                target[c] = Float(bitPattern: upper << 16 | UInt32(HalfPrecision.bf16(values[c])))
              }
            }
            (target + width).update(repeating: 0, count: panel - width)
            target += panel
          }
        }
      }
    }
  }

  /// The panels of the block that starts at row `block`, from `column` on, which must be a multiple of the panel.
  func panels(block: Int, column: Int) -> UnsafePointer<Float> {
    panels.base + precision.slots(block) * paddedColumns
      + column * precision.slots(min(precision.depth, depth - block))
  }
}
