import CKernels

/// Attention of each pixel to those of its window, with a bias for relative positions: Swin's (shifted) W-MSA.
///
///     y_p = softmax_q(⟨query_p, key_q⟩ / √d + bias_pq + mask_pq) · value_q   for each head, p and q in one window
///
/// Inputs: the projections `[n, h, w, 3·c]`, queries, keys and values one after the other, each with its heads side by side, d = c /
/// heads channels a head; in training also the table of the bias `[1, 1, 1, (2w − 1)²·heads]` and the projections' bias
/// `[1, 1, 1, 3·c]`, which else are part of the operation. The result is `[n, h, w, c]`.
///
/// Tokens in the padding of a ``WindowPartition`` are seen by the others, as in all libraries: they are zeros before the
/// projection, and so the projection's bias behind it. Pairs of tokens of different regions have a mask of −100.
/// Liu et al., arXiv:2103.14030, §3.2.
struct WindowAttention: Operation {
  let heads, window: Int
  /// How far the windows are shifted, and when they are not.
  let shift: Int
  let rule: WindowShift
  /// What a model that is not trained adds.
  private(set) var constants: Constants?
  var kernels = Kernels.current

  /// The bias of a model that is not trained.
  struct Constants: Sendable {
    /// `nil` where only sizes are of interest.
    let positions: RelativePositions?
    /// The projections of a token in the padding.
    let padding: [Float]
  }

  /// What is added to the score of a pair that must not see each other.
  static let mask: Float = -100

  /// The attention whose table and bias are inputs.
  init(heads: Int, window: Int, shift: Int, _ rule: WindowShift = .torchvision) {
    self.heads = heads
    self.window = window
    self.shift = shift
    self.rule = rule
  }

  /// The same of a model that is not trained.
  func adding(positions: RelativePositions?, padding: [Float]) -> WindowAttention {
    var attention = self
    attention.constants = Constants(positions: positions, padding: padding)
    return attention
  }

  var summary: String {
    "attention in \(shift > 0 ? "shifted " : "")windows of \(window)×\(window), \(heads) heads"
  }

  func outputShape(for inputs: [Shape]) -> Shape {
    let x = inputs[0]
    precondition(x.c % (3 * heads) == 0, "\(heads) heads cannot share the projections \(x)")
    if constants == nil {
      let table = Shape(h: 1, w: 1, c: RelativePositions.tableRows(window: window) * heads)
      precondition(
        inputs[1] == table && inputs[2] == Shape(h: 1, w: 1, c: x.c),
        "\(summary) of \(x) does not take a table \(inputs[1]) and a bias \(inputs[2])")
    }
    return x.channels(x.c / 3)
  }

  /// Scores and weighted sums of whole windows.
  func multiplyAdds(for inputs: [Shape]) -> Int {
    let windows = partition(inputs[0])
    return inputs[0].n * windows.count * 2 * windows.tokens * windows.tokens * (inputs[0].c / 3)
  }

  func partition(_ x: Shape) -> WindowPartition {
    WindowPartition(height: x.h, width: x.w, window: window, shift: shift, rule)
  }

  /// d.
  func depth(_ x: Shape) -> Int { x.c / (3 * heads) }

  func attention(_ x: Shape) -> Attention {
    Attention(
      queries: window * window, keys: window * window, depth: depth(x), width: depth(x),
      scale: 1 / Float(depth(x)).squareRoot(), kernels: kernels)
  }

  /// The bias in the units of ⟨query, key⟩, for ``Attention`` multiplies both.
  func positions(
    _ table: UnsafePointer<Float>, depth: Int, in scratch: UnsafeMutablePointer<Float>? = nil
  ) -> RelativePositions {
    RelativePositions(
      table, window: window, heads: heads, factor: Float(depth).squareRoot(), for: kernels,
      in: scratch)
  }

  /// Floats of looked-up positions that are inputs.
  var positionCount: Int {
    constants == nil
      ? roundedToCacheLine(RelativePositions.count(window: window, heads: heads, for: kernels)) : 0
  }

  /// A window's projections, its result, its masked bias, and what ``Attention`` needs.
  private func windowScratch(_ x: Shape) -> Int {
    let attention = attention(x)
    let tokens = window * window
    return roundedToCacheLine(tokens * 4 * attention.depth)
      + roundedToCacheLine(tokens * attention.paddedKeys) + attention.scratchCount
  }

  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    positionCount + threads.count * windowScratch(inputs[0])
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let x = inputs[0]
    guard let constants else {
      let positions = positions(inputs[1].base, depth: depth(x.shape), in: scratch)
      return attend(x, positions, inputs[2].base, output, scratch + positionCount, threads)
    }
    guard let positions = constants.positions else {
      preconditionFailure("\(summary) has no weights: it was made for counting only")
    }
    constants.padding.withUnsafeBufferPointer { padding in
      guard let padding = padding.baseAddress else { return }
      attend(x, positions, padding, output, scratch, threads)
    }
  }

  /// Windows and heads that a task takes one after the other at most.
  private static let headsPerTask = 16

  /// A window and a head at a time; what the next one reads is fetched meanwhile.
  private func attend(
    _ x: TensorView, _ positions: RelativePositions, _ padding: UnsafePointer<Float>,
    _ y: MutableTensorView, _ scratch: UnsafeMutablePointer<Float>, _ threads: Threads
  ) {
    let windows = partition(x.shape)
    let attention = attention(x.shape)
    let (d, c, tokens) = (attention.depth, y.shape.c, windows.tokens)
    let room = windowScratch(x.shape)
    let total = x.shape.n * windows.count * heads
    func place(_ task: Int) -> (first: Int, window: Int, head: Int) {
      let (place, head) = task.quotientAndRemainder(dividingBy: heads)
      let (n, window) = place.quotientAndRemainder(dividingBy: windows.count)
      return (n * x.shape.h * x.shape.w, window, head)
    }
    threads.forEach(total, by: min(Self.headsPerTask, total / 64)) { tasks, worker in
      let projected = scratch + worker * room
      let mixed = projected + tokens * 3 * d
      let masked = projected + roundedToCacheLine(tokens * 4 * d)
      func part(_ part: Int) -> PixelVectors<UnsafePointer<Float>> {
        PixelVectors(base: UnsafePointer(projected) + part * d, stride: 3 * d)
      }
      for task in tasks {
        let (first, index, head) = place(task)
        gather(
          windows, index, x.base + first * 3 * c + head * d, padding + head * d, channels: c,
          depth: d, into: projected)
        if task + 1 < tasks.upperBound {
          let (first, index, head) = place(task + 1)
          fetch(windows, index, x.base + first * 3 * c + head * d, channels: c, depth: d)
        }
        attention.apply(
          query: part(0), key: part(1), value: part(2),
          bias: bias(windows, index, positions.rows(of: head), attention, masked),
          into: PixelVectors(base: mixed, stride: d), accumulates: false,
          scratch: masked + roundedToCacheLine(tokens * attention.paddedKeys))
        let target = y.base + first * c + head * d
        windows.forEachToken(of: index) { token, pixel in
          if let pixel { (target + pixel * c).updateRow(from: mixed + token * d, count: d) }
        }
      }
    }
  }

  /// Starts to read what ``gather(_:_:_:_:channels:depth:into:)`` will.
  private func fetch(
    _ windows: WindowPartition, _ index: Int, _ x: UnsafePointer<Float>, channels c: Int,
    depth d: Int
  ) {
    windows.forEachToken(of: index) { _, pixel in
      guard let pixel else { return }
      for part in 0..<3 {
        let source = x + (3 * pixel + part) * c
        for line in stride(from: 0, to: d, by: 16) { hfgd_fetch(source + line) }
      }
    }
  }

  /// Writes query, key and value of a head for each token of a window, side by side.
  func gather(
    _ windows: WindowPartition, _ index: Int, _ x: UnsafePointer<Float>,
    _ padding: UnsafePointer<Float>, channels c: Int, depth d: Int,
    into projected: UnsafeMutablePointer<Float>
  ) {
    windows.forEachToken(of: index) { token, pixel in
      let source = pixel.map { x + $0 * 3 * c } ?? padding
      for part in 0..<3 {
        (projected + (3 * token + part) * d).updateRow(from: source + part * c, count: d)
      }
    }
  }

  /// The bias of a window's pairs: that of their positions, with the mask added in `masked` where the window has a seam.
  func bias(
    _ windows: WindowPartition, _ index: Int, _ positions: UnsafePointer<Float>,
    _ attention: Attention, _ masked: UnsafeMutablePointer<Float>
  ) -> UnsafePointer<Float> {
    let seam = windows.seam(of: index)
    guard seam.row < window || seam.column < window else { return positions }
    func region(_ token: Int) -> Int {
      let (i, j) = token.quotientAndRemainder(dividingBy: window)
      return (i < seam.row ? 0 : 2) + (j < seam.column ? 0 : 1)
    }
    let (tokens, stride) = (windows.tokens, attention.paddedKeys)
    let mask = Self.mask / attention.scale
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 4 * stride) { masks in
      masks.initialize(repeating: 0)
      guard let masks = masks.baseAddress else { return }
      for key in 0..<tokens {
        for other in 0..<4 where other != region(key) { masks[other * stride + key] = mask }
      }
      for query in 0..<tokens {
        let row = masked + query * stride
        row.updateRow(from: positions + query * stride, count: stride)
        kernels.leaves.add_scaled(masks + region(query) * stride, stride, 1, row)
      }
    }
    return UnsafePointer(masked)
  }
}
