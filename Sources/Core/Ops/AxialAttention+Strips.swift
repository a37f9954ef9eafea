extension AxialAttention {
  /// Queries and keys of the whole map, in its order.
  struct Kept {
    let query, key: UnsafeMutablePointer<Float>
  }

  /// One thread's scratch memory: four maps of a strip, and what follows for scores and projections.
  struct Strip {
    let x, query, key, value, rest: UnsafeMutablePointer<Float>

    init(base: UnsafeMutablePointer<Float>, count: Int, queryCount: Int) {
      (x, value, query) = (base, base + count, base + 2 * count)
      key = query + queryCount
      rest = key + queryCount
    }
  }

  /// Pixels of a strip, about: enough rows for a matrix product, few enough for the cache.
  private static let stripPixels = 512

  /// Neighbouring columns are read together, two at least: 2 KB of each row.
  func columnsPerStrip(_ shape: Shape) -> Int {
    min(shape.w, max(2, (Self.stripPixels + shape.h - 1) / shape.h))
  }

  func rowsPerStrip(_ shape: Shape) -> Int {
    min(shape.n * shape.h, (Self.stripPixels + shape.w - 1) / shape.w)
  }

  /// Whether queries and keys wait for the row pass.
  func isKept(_ shape: Shape) -> Bool { shape.channels(queryWidth).count <= keptCount }

  /// Floats of t, and of kept queries and keys.
  func mapsCount(_ shape: Shape) -> Int {
    roundedToCacheLine(
      shape.count + (isKept(shape) ? 2 * shape.channels(queryWidth).count : 0))
  }

  /// Floats of the larger kind of strip of a map.
  func stripCount(_ shape: Shape) -> Int {
    roundedToCacheLine(
      max(columnsPerStrip(shape) * shape.h, rowsPerStrip(shape) * shape.w) * shape.c)
  }

  /// Floats of scratch memory for one thread.
  func stripScratchCount(_ shape: Shape) -> Int {
    let columns = Shape(h: columnsPerStrip(shape), w: shape.h, c: shape.c)
    let rows = Shape(h: rowsPerStrip(shape), w: shape.w, c: shape.c)
    let projections = [query, key, value].flatMap { projection in
      [columns, rows].map { projection.scratchCount(for: [$0], threads: Threads(1)) }
    }
    let lines = [shape.h, shape.w].map { attention(pixels: $0, shape.c).scratchCount }
    return 2 * (stripCount(shape) + stripCount(shape.channels(queryWidth)))
      + roundedToCacheLine((lines + projections).max() ?? 0)
  }

  /// What one head does along a line of `pixels` pixels whose values have `channels` channels.
  private func attention(pixels: Int, _ channels: Int) -> Attention {
    let depth = queryWidth / heads
    return Attention(
      queries: pixels, keys: pixels, depth: depth, width: channels / heads,
      scale: 1 / Float(depth).squareRoot(), kernels: kernels)
  }

  /// t ← A_column · value(x) for some columns of image `n`; they are turned to lie one after the other.
  func attendColumns(
    _ columns: Range<Int>, of x: TensorView, image n: Int, _ strip: Strip, _ kept: Kept?,
    into t: UnsafeMutablePointer<Float>
  ) {
    let (h, c, d) = (x.shape.h, x.shape.c, queryWidth)
    let turned = Shape(h: columns.count, w: h, c: c)
    /// Calls `body` with each pixel's number in a map and in the strip.
    func forEachPixel(_ body: (_ inMap: Int, _ inStrip: Int) -> Void) {
      for i in 0..<h {
        for (k, j) in columns.enumerated() {
          body((n * h + i) * x.shape.w + j, k * h + i)
        }
      }
    }
    forEachPixel { (strip.x + $1 * c).update(from: x.base + $0 * c, count: c) }
    project(strip.x, turned, with: query, into: strip.query, strip.rest)
    project(strip.x, turned, with: key, into: strip.key, strip.rest)
    project(strip.x, turned, with: value, into: strip.value, strip.rest)
    if let kept {
      forEachPixel {
        (kept.query + $0 * d).update(from: strip.query + $1 * d, count: d)
        (kept.key + $0 * d).update(from: strip.key + $1 * d, count: d)
      }
    }
    // Of x nothing more is needed: the strip's part of t takes its place.
    attend(
      lines: columns.count, of: h, c, strip.query, strip.key, strip.value, accumulates: false,
      into: strip.x, scratch: strip.rest)
    forEachPixel { (t + $0 * c).update(from: strip.x + $1 * c, count: c) }
  }

  /// y ← x + A_row · t, or without x, for some rows of the batch; y may be x.
  func attendRows(
    _ rows: Range<Int>, of x: TensorView, _ strip: Strip, _ kept: Kept?,
    _ t: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
  ) {
    let shape = Shape(h: rows.count, w: x.shape.w, c: x.shape.c)
    let start = rows.lowerBound * shape.w * shape.c
    var (queries, keys) = (strip.query, strip.key)
    if let kept {
      let first = rows.lowerBound * shape.w * queryWidth
      (queries, keys) = (kept.query + first, kept.key + first)
    } else {
      project(x.base + start, shape, with: query, into: queries, strip.rest)
      project(x.base + start, shape, with: key, into: keys, strip.rest)
    }
    if addsInput && x.base != UnsafePointer(y) {
      (y + start).update(from: x.base + start, count: shape.count)
    }
    attend(
      lines: rows.count, of: shape.w, shape.c, queries, keys, t + start, accumulates: addsInput,
      into: y + start, scratch: strip.rest)
  }

  private func project(
    _ x: UnsafePointer<Float>, _ shape: Shape, with projection: Convolution,
    into y: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>
  ) {
    projection.run(
      [TensorView(shape: shape, base: x)],
      into: MutableTensorView(shape: shape.channels(projection.geometry.outputs), base: y),
      scratch: scratch, threads: Threads(1))
  }

  /// Every head attends along each of `lines` lines of `pixels` pixels whose values have `channels` channels, one after the other
  /// in memory.
  private func attend(
    lines: Int, of pixels: Int, _ channels: Int, _ query: UnsafePointer<Float>,
    _ key: UnsafePointer<Float>, _ value: UnsafePointer<Float>, accumulates: Bool,
    into y: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    let attention = attention(pixels: pixels, channels)
    for line in 0..<lines {
      for head in 0..<heads {
        let first = line * pixels * queryWidth + head * attention.depth
        let start = line * pixels * channels + head * attention.width
        attention.apply(
          query: PixelVectors(base: query + first, stride: queryWidth),
          key: PixelVectors(base: key + first, stride: queryWidth),
          value: PixelVectors(base: value + start, stride: channels),
          into: PixelVectors(base: y + start, stride: channels), accumulates: accumulates,
          scratch: scratch)
      }
    }
  }
}
