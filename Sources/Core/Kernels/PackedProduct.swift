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

  /// Floats of a packed matrix.
  static func count(
    depth: Int, columns: Int, precision: Precision = .float32, for kernels: Kernels
  ) -> Int { precision.slots(depth) * kernels.padded(columns) }

  /// The matrix `[depth, columns]` at `matrix`, whose rows lie `stride` apart, packed by `threads`, in `scratch` if given.
  init(
    _ matrix: UnsafePointer<Float>, depth: Int, columns: Int, stride: Int,
    precision: Precision = .float32, for kernels: Kernels, threads: Threads = Threads(1),
    in scratch: UnsafeMutablePointer<Float>? = nil
  ) {
    self.init(depth: depth, columns: columns, precision, kernels, threads, scratch) {
      rows, columns, place in
      let corner = matrix + rows.lowerBound * stride + columns.lowerBound
      switch precision {
      case .float32: kernels.leaves.pack(corner, stride, rows.count, columns.count, place)
      case .bfloat16:
        Self.packHalf(corner, stride, rows.count, columns.count, panel: kernels.panel, to: place)
      }
    }
  }

  /// A matrix of float32 that is stored transposed, `columns` rows of `depth` values without gaps.
  init(
    transposed matrix: UnsafePointer<Float>, depth: Int, columns: Int, for kernels: Kernels,
    threads: Threads, in scratch: UnsafeMutablePointer<Float>
  ) {
    self.init(depth: depth, columns: columns, .float32, kernels, threads, scratch) {
      rows, columns, place in
      kernels.leaves.pack_transposed(
        matrix + columns.lowerBound * depth + rows.lowerBound, depth, rows.count, columns.count,
        place)
    }
  }

  /// Panels of a thread at a time.
  private static let panelsPerTask = 4

  /// `pack` writes the panels of some columns of a block.
  private init(
    depth: Int, columns: Int, _ precision: Precision, _ kernels: Kernels, _ threads: Threads,
    _ scratch: UnsafeMutablePointer<Float>?,
    _ pack: (_ rows: Range<Int>, _ columns: Range<Int>, _ place: UnsafeMutablePointer<Float>) ->
      Void
  ) {
    let paddedColumns = kernels.padded(columns)
    let blocks = (depth + precision.depth - 1) / precision.depth
    let width = Self.panelsPerTask * kernels.panel
    let parts = (columns + width - 1) / width
    self.precision = precision
    self.depth = depth
    self.paddedColumns = paddedColumns
    panels = PackedFloats(count: precision.slots(depth) * paddedColumns, in: scratch) { packed in
      threads.forEach(blocks * parts) { task, _ in
        let (block, part) = task.quotientAndRemainder(dividingBy: parts)
        let rows = (block * precision.depth)..<min((block + 1) * precision.depth, depth)
        pack(
          rows, (part * width)..<min((part + 1) * width, columns),
          packed + precision.slots(rows.lowerBound) * paddedColumns
            + part * width * precision.slots(rows.count))
      }
    }
  }

  /// Panels of bfloat16: each float's place holds the values of two rows, the second in its upper half.
  private static func packHalf(
    _ matrix: UnsafePointer<Float>, _ stride: Int, _ depth: Int, _ columns: Int, panel: Int,
    to panels: UnsafeMutablePointer<Float>
  ) {
    var target = panels
    for column in Swift.stride(from: 0, to: columns, by: panel) {
      let width = min(panel, columns - column)
      for row in Swift.stride(from: 0, to: depth, by: 2) {
        let values = matrix + row * stride + column
        let second = row + 1 < depth ? values + stride : nil
        for c in 0..<width {
          let upper = UInt32(HalfPrecision.bf16(second?[c] ?? 0))
          target[c] = Float(bitPattern: upper << 16 | UInt32(HalfPrecision.bf16(values[c])))
        }
        (target + width).update(repeating: 0, count: panel - width)
        target += panel
      }
    }
  }

  /// The panels of the block that starts at row `block`, from `column` on, which must be a multiple of the panel.
  func panels(block: Int, column: Int) -> UnsafePointer<Float> {
    panels.base + precision.slots(block) * paddedColumns
      + column * precision.slots(min(precision.depth, depth - block))
  }
}
