/// Convolution as its formula says: the specification of every fast path.
func convolutionReference(_ convolution: Convolution, _ x: Tensor, adding residual: Tensor? = nil)
  -> Tensor
{
  let g = convolution.geometry
  let shape = convolution.outputShape(for: [x.shape])
  let groupInputs = g.inputs / g.groups
  let groupOutputs = g.outputs / g.groups
  var y = Tensor(shape)
  for n in 0..<shape.n {
    for i in 0..<shape.h {
      for j in 0..<shape.w {
        for o in 0..<g.outputs {
          var sum = Double(convolution.bias[o])
          if let residual { sum += Double(residual[n, i, j, o]) }
          for u in 0..<g.kernelHeight {
            for v in 0..<g.kernelWidth {
              let row = i * g.stride + u * g.dilation - g.paddingHeight
              let column = j * g.stride + v * g.dilation - g.paddingWidth
              guard 0..<x.shape.h ~= row, 0..<x.shape.w ~= column else { continue }
              for k in 0..<groupInputs {
                let weight = ((u * g.kernelWidth + v) * groupInputs + k) * g.outputs + o
                let channel = o / groupOutputs * groupInputs + k
                sum += Double(convolution.weights[weight]) * Double(x[n, row, column, channel])
              }
            }
          }
          y[n, i, j, o] = convolution.activation(Float(sum))
        }
      }
    }
  }
  return y
}
