import CKernels

/// Vectors of `count` pixels in memory, `stride` floats apart.
struct PixelVectors<Pointer> {
  let base: Pointer
  let stride: Int
}

/// Softmax attention of some queries over some keys, the step that all attention layers share.
///
///     y_p = softmax_q(s · ⟨query_p, key_q⟩) · value_q,   or y_p + that
///
/// Queries are taken a block at a time, so that their scores stay in the cache; the softmax's division comes last, where
/// there are the fewest values.
struct Attention {
  /// The number of queries and of keys.
  let queries, keys: Int
  /// Length of queries and keys, and of values.
  let depth, width: Int
  /// s: the factor on the scores, positive.
  let scale: Float
  var kernels = Kernels.current

  /// Queries in a block.
  private static let block = 112

  private var blockRoom: Int { min(Self.block, queries) + kernels.rows }
  private var paddedKeys: Int { kernels.padded(keys) }
  private var paddedWidth: Int { kernels.padded(width) }

  /// Floats of scratch memory that ``apply(query:key:value:into:accumulates:scratch:)`` needs, a multiple of 16.
  var scratchCount: Int {
    let keyPanels = depth * paddedKeys
    let valuePanels = keys * paddedWidth
    return roundedToCacheLine(
      keyPanels + valuePanels + blockRoom * (Kernels.row + paddedKeys + paddedWidth))
  }

  /// Writes the result, or adds it to what is there, in `y`; `scratch` is aligned to a cache line.
  func apply(
    query: PixelVectors<UnsafePointer<Float>>, key: PixelVectors<UnsafePointer<Float>>,
    value: PixelVectors<UnsafePointer<Float>>, into y: PixelVectors<UnsafeMutablePointer<Float>>,
    accumulates: Bool, scratch: UnsafeMutablePointer<Float>
  ) {
    let leaves = kernels.leaves
    let keyPanels = scratch
    let valuePanels = keyPanels + depth * paddedKeys
    let rows = valuePanels + keys * paddedWidth
    let scores = rows + blockRoom * Kernels.row
    let mixed = scores + blockRoom * paddedKeys
    for block in EvenBlocks(depth, of: 1, upTo: Kernels.depth) {
      leaves.pack_transposed(
        key.base + block.lowerBound, key.stride, block.count, keys,
        keyPanels + block.lowerBound * paddedKeys)
    }
    for block in EvenBlocks(keys, of: 1, upTo: Kernels.depth) {
      leaves.pack(
        value.base + block.lowerBound * value.stride, value.stride, block.count, width,
        valuePanels + block.lowerBound * paddedWidth)
    }
    for block in EvenBlocks(queries, of: kernels.rows, upTo: Self.block) {
      let (first, count) = (block.lowerBound, block.count)
      multiply(
        PixelVectors(base: query.base + first * query.stride, stride: query.stride), count, depth,
        keyPanels, columns: keys, rows, into: PixelVectors(base: scores, stride: paddedKeys))
      withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { shares in
        for p in 0..<count {
          shares[p] = 1 / leaves.exponentials(scores + p * paddedKeys, keys, scale)
        }
        multiply(
          PixelVectors(base: UnsafePointer(scores), stride: paddedKeys), count, keys, valuePanels,
          columns: width, rows, into: PixelVectors(base: mixed, stride: paddedWidth))
        for p in 0..<count {
          let target = y.base + (first + p) * y.stride
          let finish = accumulates ? leaves.add_scaled : leaves.scale
          finish?(mixed + p * paddedWidth, width, shares[p], target)
        }
      }
    }
  }

  /// c ← a · b for `count` rows of `depth` values and packed panels; rows of c have room for whole panels.
  private func multiply(
    _ a: PixelVectors<UnsafePointer<Float>>, _ count: Int, _ depth: Int,
    _ panels: UnsafePointer<Float>, columns: Int, _ rows: UnsafeMutablePointer<Float>,
    into c: PixelVectors<UnsafeMutablePointer<Float>>
  ) {
    let padded = kernels.padded(columns)
    // Whole vectors: the columns past the last are products with zeros, and there is room for them.
    let written = (columns + kernels.panel / 2 - 1) / (kernels.panel / 2) * (kernels.panel / 2)
    withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: count) { sources in
      for block in EvenBlocks(depth, of: 1, upTo: Kernels.depth) {
        let k = block.lowerBound
        for p in 0..<count { sources[p] = a.base + p * a.stride + k }
        kernels.leaves.gather(sources.baseAddress, count, block.count, rows)
        kernels.leaves.product(
          rows, count, panels + k * padded, block.count, written, c.base, c.stride, k > 0 ? 1 : 0,
          nil, nil)
      }
    }
  }
}
