import CKernels

/// The vectors of some pixels in memory, `stride` floats apart: the rows of a matrix.
struct PixelVectors<Pointer> {
  let base: Pointer
  let stride: Int
}

extension PixelVectors where Pointer == UnsafePointer<Float> {
  /// The vectors from the `first` on.
  func from(_ first: Int) -> Self { Self(base: base + first * stride, stride: stride) }
}

extension PixelVectors where Pointer == UnsafeMutablePointer<Float> {
  /// The vectors from the `first` on.
  func from(_ first: Int) -> Self { Self(base: base + first * stride, stride: stride) }

  /// The same vectors, to be read.
  var reading: PixelVectors<UnsafePointer<Float>> {
    PixelVectors<UnsafePointer<Float>>(base: UnsafePointer(base), stride: stride)
  }
}

/// Products of matrices that are made while the network runs, on the thread that asks.
extension Kernels {
  /// Cuts `matrix`, `depth` rows of `columns`, into the panels of a product: `depth` · ``padded(_:)`` floats.
  func pack(
    _ matrix: PixelVectors<UnsafePointer<Float>>, depth: Int, columns: Int,
    into panels: UnsafeMutablePointer<Float>
  ) {
    for block in EvenBlocks(depth, of: 1, upTo: Self.depth) {
      leaves.pack(
        matrix.base + block.lowerBound * matrix.stride, matrix.stride, block.count, columns,
        panels + block.lowerBound * padded(columns))
    }
  }

  /// The same of a matrix that is stored transposed: `columns` rows of `depth`.
  func packTransposed(
    _ matrix: PixelVectors<UnsafePointer<Float>>, depth: Int, columns: Int,
    into panels: UnsafeMutablePointer<Float>
  ) {
    for block in EvenBlocks(depth, of: 1, upTo: Self.depth) {
      leaves.pack_transposed(
        matrix.base + block.lowerBound, matrix.stride, block.count, columns,
        panels + block.lowerBound * padded(columns))
    }
  }

  /// c ← a · b, or c + a · b, for `count` rows of `depth` values and packed panels.
  ///
  /// A `residual`, laid out as c is, is added to the first of the two.
  /// `rows` has room for `count` + ``rows`` times ``row`` floats. Where the rows of c are padded to whole panels, what
  /// lies past the last column may be overwritten: whole vectors are faster.
  func multiply(
    _ a: PixelVectors<UnsafePointer<Float>>, _ count: Int, depth: Int,
    _ panels: UnsafePointer<Float>, columns: Int, rows: UnsafeMutablePointer<Float>,
    adding residual: UnsafePointer<Float>? = nil, into c: PixelVectors<UnsafeMutablePointer<Float>>,
    accumulates: Bool = false,
    isPadded: Bool = false
  ) {
    let padded = padded(columns)
    let vector = panel / 2
    let written = isPadded ? (columns + vector - 1) / vector * vector : columns
    precondition(residual == nil || !accumulates, "a residual is added to a new product")
    withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: count) { sources in
      for block in EvenBlocks(depth, of: 1, upTo: Self.depth) {
        let k = block.lowerBound
        for p in 0..<count { sources[p] = a.base + p * a.stride + k }
        leaves.gather(sources.baseAddress, count, block.count, rows)
        var epilogue = hfgd_epilogue(
          bias: nil, residual: residual, low: -.infinity, high: .infinity)
        withUnsafePointer(to: &epilogue) { epilogue in
          leaves.product(
            rows, count, panels + k * padded, block.count, written, c.base, c.stride,
            accumulates || k > 0 ? 1 : 0, residual == nil || k > 0 ? nil : epilogue, nil)
        }
      }
    }
  }

  /// c ← aᵀ · b, or c + aᵀ · b, where a has `depth` rows of `count` values and b is `panels`, packed in one block.
  func multiplyTransposed(
    _ a: PixelVectors<UnsafePointer<Float>>, _ count: Int, depth: Int,
    _ panels: UnsafePointer<Float>, columns: Int,
    into c: PixelVectors<UnsafeMutablePointer<Float>>, accumulates: Bool
  ) {
    withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: depth) { rows in
      for p in 0..<depth { rows[p] = a.base + p * a.stride }
      leaves.outer(
        rows.baseAddress, count, panels, depth, columns, c.base, c.stride, accumulates ? 1 : 0)
    }
  }
}
