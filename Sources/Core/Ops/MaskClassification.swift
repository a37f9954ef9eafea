/// Logits of each pixel from masks and what they show: SegViT's inference (arXiv:2210.05844, §3.2).
///
///     y[n, i, j, c] = ln Σ_q p[n, q, c] · σ(mask[n, i, j, q]),   p = softmax(z[n, q]) over K classes and ∅
///
/// The sums are the paper's scores of classes. Of their logarithms the softmax are each class's share of a pixel's scores, so that
/// certainties, divergences and means of views read them as they read any logits; the largest is the same.
///
/// Inputs: masks `[n, h, w, Q]`, before the sigmoid, and z `[n, 1, Q, K + 1]`, ∅ last. The result is `[n, height, width, K]`: a
/// mask's pixel covers `stride` × `stride` of the picture, whose upper left part the result is. Masks are resized, bilinear with
/// half-pixel centres, before the sigmoid.
struct MaskClassification: Operation {
  let height, width, stride: Int
  var kernels = Kernels.current

  init(height: Int, width: Int, stride: Int) {
    self.height = height
    self.width = width
    self.stride = stride
  }

  var summary: String { "classes of masks" }

  func outputShape(for inputs: [Shape]) -> Shape {
    let (masks, z) = (inputs[0], inputs[1])
    precondition(
      z == Shape(n: masks.n, h: 1, w: masks.c, c: z.c) && z.c > 1,
      "masks \(masks) do not take class scores \(z)")
    precondition(
      height <= stride * masks.h && width <= stride * masks.w,
      "masks \(masks) do not cover \(height)×\(width) pixels")
    return Shape(n: masks.n, h: height, w: width, c: z.c - 1)
  }

  func multiplyAdds(for inputs: [Shape]) -> Int { outputShape(for: inputs).count * inputs[0].c }

  /// Where the pixels of a line lie on the masks' `size`, of which they see the first `count`.
  static func neighbours(size: Int, stride: Int, count: Int) -> [LinePositions.Neighbours] {
    Array(Resize.Rule.centred.neighbours(size: size, resized: size * stride).prefix(count))
  }

  /// Shares of each picture, without gaps and packed.
  private func shareCount(_ z: Shape) -> Int { roundedToCacheLine(z.w * z.c) }
  private func panelCount(_ z: Shape) -> Int { z.w * kernels.padded(z.c - 1) }

  /// A row of masks, mixed downwards; the same on the picture; and rows of a product.
  private func rowScratch(_ masks: Shape) -> Int {
    roundedToCacheLine(masks.w * masks.c) + roundedToCacheLine(width * masks.c)
      + (width + kernels.rows) * Kernels.row
  }

  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    inputs[0].n * (shareCount(inputs[1]) + panelCount(inputs[1]))
      + threads.count * rowScratch(inputs[0])
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (masks, z) = (inputs[0], inputs[1])
    let (count, queries, classes) = (masks.shape.n, masks.shape.c, z.shape.c - 1)
    let panels = scratch + count * shareCount(z.shape)
    threads.forEach(count) { n, _ in
      let shares = scratch + n * shareCount(z.shape)
      shares.update(from: z.base + n * queries * z.shape.c, count: queries * z.shape.c)
      Softmax.apply(to: shares, rows: queries, count: z.shape.c)
      kernels.pack(
        PixelVectors(base: UnsafePointer(shares), stride: z.shape.c), depth: queries,
        columns: classes, into: panels + n * panelCount(z.shape))
    }
    let vertical = Self.neighbours(size: masks.shape.h, stride: stride, count: height)
    let horizontal = Self.neighbours(size: masks.shape.w, stride: stride, count: width)
    let (free, room) = (panels + count * panelCount(z.shape), rowScratch(masks.shape))
    threads.forEach(count * height) { line, worker in
      let (n, i) = line.quotientAndRemainder(dividingBy: height)
      let mixed = free + worker * room
      let row = mixed + roundedToCacheLine(masks.shape.w * queries)
      kernels.mixRows(of: masks, image: n, at: vertical[i], into: mixed)
      kernels.leaves.resize_row(
        mixed, horizontal, width, queries, nil, -.infinity, .infinity, row)
      row.apply(count: width * queries) { 1 / (1 + exponential(-$0)) }
      kernels.multiply(
        PixelVectors(base: UnsafePointer(row), stride: queries), width, depth: queries,
        panels + n * panelCount(z.shape), columns: classes,
        rows: row + roundedToCacheLine(width * queries),
        into: PixelVectors(base: output.base + line * width * classes, stride: classes))
      (output.base + line * width * classes).apply(count: width * classes) { logarithm($0) }
    }
  }
}

extension UnsafeMutablePointer<Float> {
  /// Replaces each of `count` values by `function` of it.
  @inline(__always)
  fileprivate func apply(count: Int, _ function: (Lanes) -> Lanes) {
    var i = 0
    while i + 16 <= count {
      (self + i).lanes = function((self + i).lanes)
      i += 16
    }
    guard i < count else { return }
    // The tail goes through the same polynomial, so that a value never depends on where it stands.
    var tail = Lanes.zero
    for j in i..<count { tail[j - i] = self[j] }
    tail = function(tail)
    for j in i..<count { self[j] = tail[j - i] }
  }
}
