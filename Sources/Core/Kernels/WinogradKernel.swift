import CKernels

/// A 3×3 kernel transformed for Winograd's F(m×m, 3×3): (m + 2)² matrices `[inputs, outputs]`, packed as ``PackedProduct``.
///
/// Lavin and Gray, arXiv:1509.09308. A tile of m × m outputs takes (m + 2)² products a channel where the direct form
/// takes 9·m²: a quarter for m = 4, a fifth for m = 6.
struct WinogradKernel: Sendable {
  /// m: the outputs of a tile along each side.
  enum Tile: Int, Sendable, CaseIterable {
    case four = 4
    case six = 6

    /// m + 2, squared: the number of matrices.
    var positions: Int { (rawValue + 2) * (rawValue + 2) }

    func transforms(of kernels: Kernels) -> hfgd_winograd {
      switch self {
      case .four: kernels.leaves.winograd4
      case .six: kernels.leaves.winograd6
      }
    }
  }

  let tile: Tile
  private let matrices: PackedFloats
  private let inputs, paddedOutputs: Int

  /// Floats of a transformed kernel.
  static func count(inputs: Int, outputs: Int, tile: Tile, for kernels: Kernels) -> Int {
    tile.positions * inputs * kernels.padded(outputs)
  }

  /// G·g·Gᵀ of each pair of channels of `weights` `[3, 3, inputs, outputs]`, made by `threads`, in `scratch` if given.
  init(
    _ weights: UnsafePointer<Float>, inputs: Int, outputs: Int, tile: Tile, for kernels: Kernels,
    threads: Threads = Threads(1), in scratch: UnsafeMutablePointer<Float>? = nil
  ) {
    let panel = kernels.panel
    let paddedOutputs = kernels.padded(outputs)
    let transform = tile.transforms(of: kernels).weights
    self.tile = tile
    self.inputs = inputs
    self.paddedOutputs = paddedOutputs
    matrices = PackedFloats(count: tile.positions * inputs * paddedOutputs, in: scratch) { packed in
      threads.forEach(inputs) { k, _ in
        let block = k / Kernels.depth * Kernels.depth
        let length = min(Kernels.depth, inputs - block)
        for column in Swift.stride(from: 0, to: outputs, by: panel) {
          transform?(
            weights + k * outputs + column, inputs * outputs, outputs - column,
            packed + block * paddedOutputs + column * length + (k - block) * panel,
            inputs * paddedOutputs)
        }
      }
    }
  }

  /// The panels of matrix `position` in the block that starts at input `block`, from output `column` on.
  func panels(position: Int, block: Int, column: Int) -> UnsafePointer<Float> {
    matrices.base + (position * inputs + block) * paddedOutputs
      + column * min(Kernels.depth, inputs - block)
  }
}
