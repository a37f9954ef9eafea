import TestSupport
import Testing

@testable import Core

@Suite("Winograd's kernel gradient")
struct WinogradKernelGradientTests {
  /// Grids below, at and above a tile, and of more tiles than are taken at a time; channels around vectors and panels.
  static let problems: [(n: Int, h: Int, w: Int, geometry: ConvolutionGeometry)] = [
    (1, 1, 1, ConvolutionGeometry(16, 16, kernel: 3)),
    (2, 7, 13, ConvolutionGeometry(17, 33, kernel: 3)),
    (1, 12, 6, ConvolutionGeometry(5, 40, kernel: 3)),
    (2, 17, 10, ConvolutionGeometry(31, 9, kernel: 3, dilation: 3)),
    (1, 70, 71, ConvolutionGeometry(18, 20, kernel: 3)),
    (1, 9, 8, ConvolutionGeometry(140, 65, kernel: 3)),
  ]

  /// ∂w as its formula says, in double precision.
  static func naive(_ g: ConvolutionGeometry, _ x: Tensor, _ dz: Tensor) -> [Double] {
    var dw = [Double](repeating: 0, count: 9 * g.inputs * g.outputs)
    for n in 0..<dz.shape.n {
      for i in 0..<dz.shape.h {
        for j in 0..<dz.shape.w {
          for tap in 0..<9 {
            let (u, v) = tap.quotientAndRemainder(dividingBy: 3)
            let (row, column) = (i + (u - 1) * g.dilation, j + (v - 1) * g.dilation)
            guard x.shape.h > row, row >= 0, x.shape.w > column, column >= 0 else { continue }
            let pixel = (n * x.shape.h + row) * x.shape.w + column
            let gradient = ((n * dz.shape.h + i) * dz.shape.w + j) * g.outputs
            for k in 0..<g.inputs {
              let value = Double(x.values[pixel * g.inputs + k])
              for o in 0..<g.outputs {
                dw[(tap * g.inputs + k) * g.outputs + o] += value * Double(dz.values[gradient + o])
              }
            }
          }
        }
      }
    }
    return dw
  }

  /// Transforms multiply and divide by up to 32: as in the convolution itself some 10⁻⁵ of the largest value are lost.
  @Test("agrees with the naive loops", arguments: InstructionSet.supported, 0..<problems.count)
  func reference(_ set: InstructionSet, _ index: Int) {
    let problem = Self.problems[index]
    let g = problem.geometry
    let shape = Shape(n: problem.n, h: problem.h, w: problem.w, c: g.inputs)
    let (x, dz) = (
      Tensor.random(shape, "x"), Tensor.random(shape.channels(g.outputs), "dz")
    )
    let expected = Self.naive(g, x, dz)
    let largest = expected.map(abs).max() ?? 0
    for tile in WinogradKernel.Tile.allCases {
      let gradient = WinogradKernelGradient(
        g, over: dz.shape, tile: tile, kernels: Kernels(set))
      let results = [1, 3].map { threads in
        Self.run(gradient, x, dz, KernelConvolution.kernelShape(g), Threads(threads))
      }
      let worst = zip(results[0].values, expected).map { abs(Double($0) - $1) }.max() ?? 0
      #expect(worst < Double(winogradTolerance) * largest, "\(tile): \(worst) of \(largest)")
      #expect(results[0] == results[1])
    }
  }

  private static func run(
    _ gradient: WinogradKernelGradient, _ x: Tensor, _ dz: Tensor, _ shape: Shape,
    _ threads: Threads
  ) -> Tensor {
    let scratch = UnsafeMutablePointer<Float>.allocateAligned(gradient.scratchCount)
    defer { UnsafeMutableRawPointer(scratch).deallocate() }
    // What has not been written is seen.
    scratch.update(repeating: .nan, count: gradient.scratchCount)
    return Tensor(
      shape,
      writing: { dw in
        x.withView { x in
          dz.withView { dz in
            gradient.run(x, dz, into: MutableTensorView(shape: shape, base: dw), scratch, threads)
          }
        }
      })
  }
}
