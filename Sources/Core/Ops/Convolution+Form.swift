extension Convolution {
  /// How the sums of a convolution are made.
  enum Form: Sendable, Hashable {
    /// A vector loop over the channels.
    case depthwise
    /// Products over gathered patches.
    case products
    /// Winograd's form.
    case winograd(WinogradKernel.Tile)
    /// One of the two, according to the grid: the kernel is packed for both.
    case byGrid(WinogradKernel.Tile)

    /// The form that is taken over a grid.
    func taken(by g: ConvolutionGeometry, over output: Shape) -> Form {
      guard case .byGrid(let tile) = self else { return self }
      return tile.gain(over: output, dilation: g.dilation) > leastGain ? .winograd(tile) : .products
    }
  }

  /// The form of a kernel that is packed before its grids are known.
  ///
  /// Larger tiles take fewer products but more memory for the kernel, which must be streamed through the caches: large
  /// kernels stand where grids are small. A dilated kernel sees d² interleaved grids, which tiles may not fill.
  static func form(_ g: ConvolutionGeometry) -> Form {
    if g.isDepthwise { return .depthwise }
    guard let largest = largestTile(g) else { return .products }
    return g.dilation < 8 ? .winograd(largest) : .byGrid(.four)
  }

  /// The form of a kernel that is packed for one grid, and anew for the next; with tiles of up to `size` outputs.
  static func form(
    _ g: ConvolutionGeometry, over output: Shape, upTo size: WinogradKernel.Tile? = nil
  ) -> Form {
    if g.isDepthwise { return .depthwise }
    guard let usual = largestTile(g) else { return .products }
    let tiles = WinogradKernel.Tile.allCases.filter { $0.rawValue <= (size ?? usual).rawValue }
    let gains = tiles.map {
      (tile: $0, gain: $0.gain(over: output, dilation: g.dilation, packing: 60))
    }
    guard let best = gains.max(by: { $0.gain < $1.gain }), best.gain > leastGain else {
      return .products
    }
    return .winograd(best.tile)
  }

  /// So many times fewer products must Winograd's form take: its transforms, and products of fewer rows, take time.
  private static let leastGain = 1.6

  /// The largest tile that pays where it is filled; `nil` where there is no Winograd's form, or too few channels.
  private static func largestTile(_ g: ConvolutionGeometry) -> WinogradKernel.Tile? {
    guard
      g.kernelHeight == 3, g.kernelWidth == 3, g.stride == 1, g.groups == 1,
      g.paddingHeight == g.dilation, g.paddingWidth == g.dilation, g.inputs >= 16, g.outputs >= 16
    else { return nil }
    return g.inputs * g.outputs <= 1 << 17 ? .six : .four
  }
}

extension WinogradKernel.Tile {
  /// How many times fewer products a convolution takes with this tile than directly.
  ///
  /// 9·m² / (m + 2)² where tiles are full; less where they hang over the edges of the `dilation`² grids. Packing a kernel's
  /// value, where it counts, costs as much as `packing` products.
  func gain(over output: Shape, dilation: Int, packing: Int = 0) -> Double {
    func tiles(_ extent: Int) -> Int {
      (0..<min(dilation, extent)).reduce(0) {
        let grid = (extent - $1 + dilation - 1) / dilation
        return $0 + (grid + rawValue - 1) / rawValue
      }
    }
    let count = output.n * tiles(output.h) * tiles(output.w)
    return 9 * Double(output.pixels + packing) / Double(positions * (count + packing))
  }
}
