import CKernels

/// Softmax attention of some queries over some keys, the step that all attention layers share.
///
///     y_p = softmax_q(s · (⟨query_p, key_q⟩ + bias_pq)) · value_q,   or y_p + that
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
  /// Floats between the rows of scores and of a bias.
  var paddedKeys: Int { kernels.padded(keys) }
  private var paddedWidth: Int { kernels.padded(width) }

  /// Floats of scratch memory that ``apply(query:key:value:bias:into:accumulates:scratch:)`` needs, a multiple of 16.
  var scratchCount: Int {
    let keyPanels = depth * paddedKeys
    let valuePanels = keys * paddedWidth
    return roundedToCacheLine(
      keyPanels + valuePanels + blockRoom * (Kernels.row + paddedKeys + paddedWidth))
  }

  /// Writes the result, or adds it to what is there, in `y`; `scratch` is aligned to a cache line.
  ///
  /// `bias`, if there is one, has a row for each query, ``paddedKeys`` apart.
  func apply(
    query: PixelVectors<UnsafePointer<Float>>, key: PixelVectors<UnsafePointer<Float>>,
    value: PixelVectors<UnsafePointer<Float>>, bias: UnsafePointer<Float>? = nil,
    into y: PixelVectors<UnsafeMutablePointer<Float>>,
    accumulates: Bool, scratch: UnsafeMutablePointer<Float>
  ) {
    let leaves = kernels.leaves
    let keyPanels = scratch
    let valuePanels = keyPanels + depth * paddedKeys
    let rows = valuePanels + keys * paddedWidth
    let scores = rows + blockRoom * Kernels.row
    let mixed = scores + blockRoom * paddedKeys
    kernels.packTransposed(key, depth: depth, columns: keys, into: keyPanels)
    kernels.pack(value, depth: keys, columns: width, into: valuePanels)
    for block in EvenBlocks(queries, of: kernels.rows, upTo: Self.block) {
      let (first, count) = (block.lowerBound, block.count)
      kernels.multiply(
        query.from(first), count, depth: depth, keyPanels, columns: keys, rows: rows,
        adding: bias.map { $0 + first * paddedKeys },
        into: PixelVectors(base: scores, stride: paddedKeys), isPadded: true)
      withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { shares in
        for p in 0..<count {
          shares[p] = 1 / leaves.exponentials(scores + p * paddedKeys, keys, scale)
        }
        kernels.multiply(
          PixelVectors(base: UnsafePointer(scores), stride: paddedKeys), count, depth: keys,
          valuePanels, columns: width, rows: rows,
          into: PixelVectors(base: mixed, stride: paddedWidth), isPadded: true)
        for p in 0..<count {
          let target = y.base + (first + p) * y.stride
          let finish = accumulates ? leaves.add_scaled : leaves.scale
          finish?(mixed + p * paddedWidth, width, shares[p], target)
        }
      }
    }
  }
}
