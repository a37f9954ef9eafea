extension Convolution {
  /// The weights in the order that a form needs.
  enum Packed: Sendable {
    /// There are no weights.
    case none
    case depthwise([Float])
    /// For each group.
    case products([PackedProduct])
    case winograd(WinogradKernel)
    case byGrid(WinogradKernel, PackedProduct)
  }

  /// Floats that a kernel takes when it is packed for a form.
  static func packedCount(_ geometry: ConvolutionGeometry, _ form: Form, for kernels: Kernels)
    -> Int
  {
    switch form {
    case .depthwise: return 0
    case .products:
      let columns = geometry.outputs / geometry.groups
      return geometry.groups
        * PackedProduct.count(depth: geometry.productsPerOutput, columns: columns, for: kernels)
    case .winograd(let tile):
      return WinogradKernel.count(
        inputs: geometry.inputs, outputs: geometry.outputs, tile: tile, for: kernels)
    case .byGrid(let tile):
      return packedCount(geometry, .winograd(tile), for: kernels)
        + packedCount(geometry, .products, for: kernels)
    }
  }

  /// The weights, packed for a form by `threads`, in `scratch` if given.
  static func packed(
    _ geometry: ConvolutionGeometry, _ weights: UnsafePointer<Float>, _ form: Form,
    precision: Precision, _ kernels: Kernels, _ threads: Threads,
    _ scratch: UnsafeMutablePointer<Float>?
  ) -> Packed {
    func winograd(_ tile: WinogradKernel.Tile) -> WinogradKernel {
      WinogradKernel(
        weights, inputs: geometry.inputs, outputs: geometry.outputs, tile: tile, for: kernels,
        threads: threads, in: scratch)
    }
    func products(in scratch: UnsafeMutablePointer<Float>?) -> [PackedProduct] {
      let (depth, columns) = (geometry.productsPerOutput, geometry.outputs / geometry.groups)
      let count = PackedProduct.count(
        depth: depth, columns: columns, precision: precision, for: kernels)
      return (0..<geometry.groups).map { group in
        PackedProduct(
          weights + group * columns, depth: depth, columns: columns, stride: geometry.outputs,
          precision: precision, for: kernels, threads: threads,
          in: scratch.map { $0 + group * count })
      }
    }
    switch form {
    case .depthwise:
      let count = geometry.productsPerOutput * geometry.outputs
      return .depthwise(Array(UnsafeBufferPointer(start: weights, count: count)))
    case .products: return .products(products(in: scratch))
    case .winograd(let tile): return .winograd(winograd(tile))
    case .byGrid(let tile):
      let room = packedCount(geometry, .winograd(tile), for: kernels)
      return .byGrid(winograd(tile), products(in: scratch.map { $0 + room })[0])
    }
  }
}
