import CKernels

/// The tiles over a map: for each of dilation² interleaved images a grid of its own.
struct WinogradTiles {
  /// The image and the first pixel of each tile.
  private let origins: [(image: Int, top: Int, left: Int)]
  private let h, w, dilation: Int

  /// Tiles of `side` × `side` pixels over a map.
  init(_ shape: Shape, side: Int, dilation: Int) {
    h = shape.h
    w = shape.w
    self.dilation = dilation
    func starts(_ extent: Int) -> [Int] {
      (0..<dilation).flatMap { stride(from: $0, to: extent, by: side * dilation) }
    }
    let (tops, lefts) = (starts(shape.h), starts(shape.w))
    origins = (0..<shape.n).flatMap { image in
      tops.flatMap { top in lefts.map { (image, top, $0) } }
    }
  }

  var count: Int { origins.count }

  /// The first float of the image that a tile lies in, of `channels` a pixel, and where it begins there: `border` pixels
  /// up and left of its outputs.
  func place(_ index: Int, border: Int, channels: Int) -> (image: Int, tile: hfgd_tile) {
    let origin = origins[index]
    return (
      origin.image * h * w * channels,
      hfgd_tile(
        top: origin.top - border, left: origin.left - border, step: dilation, height: h, width: w,
        channels: channels)
    )
  }
}
