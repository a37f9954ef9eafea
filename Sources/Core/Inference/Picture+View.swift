extension Picture {
  /// The picture as the network sees it in `view`: normalised, scaled, mirrored and padded, `[1, h, w, 3]`.
  func tensor(
    of view: InferenceProtocol.View, _ rules: InferenceProtocol, _ stages: InferenceProtocol.Stages,
    _ normalisation: ModelConfiguration.Normalisation, threads: Threads
  ) -> Tensor {
    let scaled: Tensor
    if stages.scaled == stages.canvas {
      scaled = tensor(stages.canvas, normalisation, threads)
    } else if rules.resizesSamples {
      scaled = resizedInFixedPoint(width: stages.scaled.width, height: stages.scaled.height)
        .tensor(stages.scaled, normalisation, threads)
    } else {
      scaled = Resize(height: stages.scaled.height, width: stages.scaled.width)(
        tensor(stages.canvas, normalisation, threads), threads: threads)
    }
    return view.isMirrored || stages.input != stages.scaled
      ? scaled.placed(in: stages.input, isMirrored: view.isMirrored) : scaled
  }

  /// The normalised picture in the upper left of `size`, zeros around it.
  private func tensor(
    _ size: Extent, _ normalisation: ModelConfiguration.Normalisation, _ threads: Threads
  ) -> Tensor {
    let shape = Shape(h: size.height, w: size.width, c: 3)
    return Tensor(shape) {
      normalise(normalisation, into: MutableTensorView(shape: shape, base: $0), threads: threads)
    }
  }
}

extension Tensor {
  /// The first image, perhaps mirrored left to right, in the upper left of `size`, zeros around it.
  fileprivate func placed(in size: Extent, isMirrored: Bool) -> Tensor {
    var placed = Tensor(Shape(h: size.height, w: size.width, c: shape.c))
    let (c, width) = (shape.c, shape.w)
    placed.values.withUnsafeMutableBufferPointer { output in
      values.withUnsafeBufferPointer { input in
        for y in 0..<shape.h {
          for x in 0..<width {
            let from = (y * width + (isMirrored ? width - 1 - x : x)) * c
            let to = (y * size.width + x) * c
            for channel in 0..<c { output[to + channel] = input[from + channel] }
          }
        }
      }
    }
    return placed
  }
}
