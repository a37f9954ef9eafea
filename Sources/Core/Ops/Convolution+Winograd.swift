import CKernels

extension Convolution {
  /// How many tiles a task takes, and for how many outputs it makes sums at once.
  static let winogradBlock = (tiles: 28, channels: 64)

  /// The parts of a task's scratch memory: transformed inputs `[block][position][tile][row]` and sums
  /// `[position][tile][channels]`.
  private struct Room {
    let tiles: Int
    let inputBlock, inputStride, sumStride, sumOffset, count: Int

    init(tile: WinogradKernel.Tile, tiles: Int, inputs: Int) {
      self.tiles = tiles
      inputStride = tiles * Kernels.row
      inputBlock = tile.positions * inputStride
      sumOffset = (inputs + Kernels.depth - 1) / Kernels.depth * inputBlock
      sumStride = tiles * Convolution.winogradBlock.channels + 16
      count = sumOffset + tile.positions * sumStride
    }
  }

  private func room(_ tile: WinogradKernel.Tile, _ tiles: WinogradTiles) -> Room {
    Room(tile: tile, tiles: min(tiles.count, Self.winogradBlock.tiles), inputs: geometry.inputs)
  }

  /// Room for one block of tiles per thread.
  func winogradScratch(_ tile: WinogradKernel.Tile, for output: Shape, threads: Threads) -> Int {
    let tiles = WinogradTiles(output, side: tile.rawValue, dilation: geometry.dilation)
    return threads.count * room(tile, tiles).count
  }

  /// 3×3, stride 1: blocks of tiles are transformed, multiplied and transformed back while they are in the cache.
  func runWinograd(
    _ kernel: WinogradKernel, _ x: TensorView, _ residual: UnsafePointer<Float>?,
    _ y: MutableTensorView, _ scratch: UnsafeMutablePointer<Float>, _ threads: Threads
  ) {
    let tiles = WinogradTiles(y.shape, side: kernel.tile.rawValue, dilation: geometry.dilation)
    let room = room(kernel.tile, tiles)
    let tileBlocks = EvenBlocks(tiles.count, of: 1, upTo: Self.winogradBlock.tiles)
    // Few tiles are shared out by channels, too, so that no thread is left without work.
    let parts = (7 + tileBlocks.count) / tileBlocks.count
    let columnBlocks = EvenBlocks(
      geometry.outputs, of: kernels.panel,
      upTo: max(Self.winogradBlock.channels, geometry.outputs / parts))
    threads.forEach(tileBlocks.count * columnBlocks.count) { task, worker in
      let (block, columns) = task.quotientAndRemainder(dividingBy: columnBlocks.count)
      convolve(
        kernel, tiles, tileBlocks[block], columns: columnBlocks[columns], x, residual, y,
        scratch + worker * room.count, room)
    }
  }

  /// One task: `indices` of the tiles, `columns` of the outputs.
  private func convolve(
    _ kernel: WinogradKernel, _ tiles: WinogradTiles, _ indices: Range<Int>, columns: Range<Int>,
    _ x: TensorView, _ residual: UnsafePointer<Float>?, _ y: MutableTensorView,
    _ scratch: UnsafeMutablePointer<Float>, _ room: Room
  ) {
    let transforms = kernel.tile.transforms(of: kernels)
    let depths = stride(from: 0, to: geometry.inputs, by: Kernels.depth)
    func length(_ block: Int) -> Int { min(Kernels.depth, geometry.inputs - block) }
    for (t, index) in indices.enumerated() {
      var (image, tile) = tiles.place(index, border: geometry.dilation, channels: x.shape.c)
      let base = x.base + image
      for block in depths {
        transforms.input?(
          base, &tile, block, length(block),
          scratch + block / Kernels.depth * room.inputBlock + t * Kernels.row, room.inputStride)
      }
    }

    let sums = scratch + room.sumOffset
    let (low, high) = activation.bounds
    bias.withUnsafeBufferPointer { bias in
      withExtendedLifetime(kernel) {
        for column in stride(
          from: columns.lowerBound, to: columns.upperBound, by: Self.winogradBlock.channels)
        {
          let width = min(Self.winogradBlock.channels, columns.upperBound - column)
          multiply(
            kernel, count: indices.count, column: column, width: width, inputs: scratch, sums: sums,
            room)
          var epilogue = hfgd_epilogue(
            bias: bias.baseAddress, residual: nil, low: low, high: high)
          for (t, index) in indices.enumerated() {
            var (image, tile) = tiles.place(index, border: 0, channels: y.shape.c)
            epilogue.residual = residual.map { $0 + image }
            transforms.output?(
              sums + t * Self.winogradBlock.channels, room.sumStride, &tile, column, width,
              y.base + image, &epilogue)
          }
        }
      }
    }
  }

  /// The sums over all inputs at each position: `count` tiles by `width` outputs from `column` on.
  private func multiply(
    _ kernel: WinogradKernel, count: Int, column: Int, width: Int,
    inputs: UnsafeMutablePointer<Float>, sums: UnsafeMutablePointer<Float>, _ room: Room
  ) {
    let depth = geometry.inputs
    let blocks = (depth + Kernels.depth - 1) / Kernels.depth
    func rows(_ step: Int) -> UnsafeMutablePointer<Float> {
      inputs + step % blocks * room.inputBlock + step / blocks * room.inputStride
    }
    func panels(_ step: Int) -> UnsafePointer<Float> {
      kernel.panels(
        position: step / blocks, block: step % blocks * Kernels.depth, column: column)
    }
    func length(_ step: Int) -> Int { min(Kernels.depth, depth - step % blocks * Kernels.depth) }
    let steps = kernel.tile.positions * blocks
    withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: count) { upcoming in
      for step in 0..<steps {
        let following = min(step + 1, steps - 1)
        for t in 0..<count { upcoming[t] = UnsafePointer(rows(following) + t * Kernels.row) }
        var next = hfgd_next(
          panel: panels(following), rows: upcoming.baseAddress, count: count,
          depth: length(following))
        kernels.leaves.product(
          rows(step), count, panels(step), length(step), width,
          sums + step / blocks * room.sumStride, Self.winogradBlock.channels,
          step % blocks > 0 ? 1 : 0, nil, &next)
      }
    }
  }
}
