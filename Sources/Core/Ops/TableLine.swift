/// One line of a table `[1, 1, lines, c]`.
struct TableLine: Operation {
  let index: Int

  init(_ index: Int) { self.index = index }

  var summary: String { "line \(index)" }

  func outputShape(for inputs: [Shape]) -> Shape { Shape(h: 1, w: 1, c: inputs[0].c) }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let c = output.shape.c
    output.base.update(from: inputs[0].base + index * c, count: c)
  }
}
