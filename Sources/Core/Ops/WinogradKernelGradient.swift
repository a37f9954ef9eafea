import CKernels

/// The gradient of a 3×3 kernel in Winograd's form.
///
///     ∂w = Gᵀ · [ Σ_tiles (Bᵀ·x·B) ⊙ (A·∂z·Aᵀ) ] · G      for each pair of channels
///
/// The convolution's y = Aᵀ·[(G·w·Gᵀ) ⊙ (Bᵀ·x·B)]·A is linear in w; this is its transpose (Lavin and Gray,
/// arXiv:1509.09308, §4). At each of the (m + 2)² positions of a tile it is one product over all tiles,
/// `[inputs, tiles] · [tiles, outputs]`. Tiles are taken some at a time, so that memory does not grow with the picture.
struct WinogradKernelGradient {
  private let geometry: ConvolutionGeometry
  private let tile: WinogradKernel.Tile
  private let tiles: WinogradTiles
  private let kernels: Kernels

  /// The gradient from a ∂z of the shape `dz`.
  init(
    _ geometry: ConvolutionGeometry, over dz: Shape, tile: WinogradKernel.Tile, kernels: Kernels
  ) {
    self.geometry = geometry
    self.tile = tile
    self.kernels = kernels
    tiles = WinogradTiles(dz, side: tile.rawValue, dilation: geometry.dilation)
  }

  /// Floats of transformed tiles that there are at a time, about: 32 MiB.
  private static let roomForTiles = 1 << 23
  /// The most tiles at a time: the panel of a product's right side then stays in the first-level cache.
  private static let mostTiles = 256
  /// Input channels that a task takes of a position.
  private static let channelsPerTask = 128

  /// Floats between the transformed tiles of x: not a power of two apart.
  private var row: Int { (geometry.inputs + 15) / 16 * 16 + 16 }
  private var columns: Int { kernels.padded(geometry.outputs) }

  /// Tiles that are transformed at a time.
  private var tileBlocks: EvenBlocks {
    let room = Self.roomForTiles / (tile.positions * (row + columns))
    return EvenBlocks(tiles.count, of: 1, upTo: min(Self.mostTiles, max(32, room)))
  }

  private var mostTilesAtOnce: Int { tileBlocks.map(\.count).max() ?? 0 }

  /// Floats for transformed tiles of x and of ∂z and for the sums at each position.
  var scratchCount: Int {
    tile.positions * (mostTilesAtOnce * (row + columns) + geometry.inputs * columns)
  }

  /// Writes ∂w `[1, 9, inputs, outputs]`; `scratch` has ``scratchCount`` floats, aligned to a cache line.
  func run(
    _ x: TensorView, _ dz: TensorView, into dw: MutableTensorView,
    _ scratch: UnsafeMutablePointer<Float>, _ threads: Threads
  ) {
    let room = mostTilesAtOnce
    let spread = scratch + tile.positions * room * row
    let sums = spread + tile.positions * room * columns
    for block in tileBlocks {
      transform(x, dz, block, room: room, to: scratch, spread, threads)
      multiply(
        count: block.count, room: room, scratch, spread, into: sums,
        accumulates: block.lowerBound > 0, threads)
    }
    let transforms = tile.transforms(of: kernels)
    let (inputs, outputs) = (geometry.inputs, geometry.outputs)
    threads.forEach(inputs, by: 8) { channels, _ in
      for k in channels {
        transforms.taps?(
          sums + k * columns, inputs * columns, outputs, dw.base + k * outputs, inputs * outputs)
      }
    }
  }

  /// Bᵀ·x·B of some tiles as `[position][tile][row]`, and A·∂z·Aᵀ as `[position]` of packed panels.
  private func transform(
    _ x: TensorView, _ dz: TensorView, _ block: Range<Int>, room: Int,
    to inputs: UnsafeMutablePointer<Float>, _ spread: UnsafeMutablePointer<Float>,
    _ threads: Threads
  ) {
    let transforms = tile.transforms(of: kernels)
    threads.forEach(block.count, by: 4) { some, _ in
      for t in some {
        var (image, place) = tiles.place(
          block.lowerBound + t, border: geometry.dilation, channels: x.shape.c)
        transforms.input?(
          x.base + image, &place, 0, x.shape.c, inputs + t * row, room * row)
        (image, place) = tiles.place(block.lowerBound + t, border: 0, channels: dz.shape.c)
        transforms.spread?(
          dz.base + image, &place, 0, dz.shape.c, spread + t * kernels.panel, room * columns,
          block.count)
      }
    }
  }

  /// The products of each position over `count` tiles, written to the sums or added to them.
  private func multiply(
    count: Int, room: Int, _ inputs: UnsafeMutablePointer<Float>,
    _ spread: UnsafeMutablePointer<Float>, into sums: UnsafeMutablePointer<Float>,
    accumulates: Bool, _ threads: Threads
  ) {
    let blocks = EvenBlocks(geometry.inputs, of: kernels.rows, upTo: Self.channelsPerTask)
    threads.forEach(tile.positions * blocks.count) { task, _ in
      let (position, block) = task.quotientAndRemainder(dividingBy: blocks.count)
      let channels = blocks[block]
      withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: count) { rows in
        for t in 0..<count {
          rows[t] = UnsafePointer(inputs + (position * room + t) * row + channels.lowerBound)
        }
        kernels.leaves.outer(
          rows.baseAddress, channels.count, spread + position * room * columns, count,
          geometry.outputs, sums + (position * geometry.inputs + channels.lowerBound) * columns,
          columns, accumulates ? 1 : 0)
      }
    }
  }
}
