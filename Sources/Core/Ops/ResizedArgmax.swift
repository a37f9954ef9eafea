/// The most likely class of every pixel, from logits on a coarser grid.
///
/// The logits are resized (bilinear) to the picture's pixels and their largest class is taken, row by row: the K × H × W
/// array of resized logits, 62 MB for 59 classes at 513×513, never exists. The same arithmetic as ``Resize``, so the
/// labels are those of the resized logits to the last bit.
enum ResizedArgmax {
  /// The class of each pixel of `grid` over the first image of `logits`; of equal logits the first class wins, and a
  /// NaN never does.
  static func labels(
    of logits: TensorView, at grid: ResizedPixels, threads: Threads
  ) -> LabelMap {
    let (width, height) = (grid.width, grid.height)
    let values = [UInt16](unsafeUninitializedCapacity: width * height) { labels, count in
      guard let labels = labels.baseAddress else { return }
      grid.forEachRow(of: logits, threads: threads) { i, row, columns in
        grid.kernels.leaves.largest_row(
          row, columns, width, logits.shape.c, labels + i * width)
      }
      count = width * height
    }
    return LabelMap(width: width, height: height, values: values)
  }
}
