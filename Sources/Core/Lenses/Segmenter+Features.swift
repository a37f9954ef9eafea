extension Segmenter {
  /// The features of `picture` at the finest output stride unless another is asked for.
  public func features(
    of picture: Picture, outputStride: Int? = nil, isCancelled: () -> Bool = { false }
  ) throws(Cancelled) -> FeatureMap {
    try run(
      picture, outputs: [.features(outputStride: outputStride ?? finestStride)],
      isCancelled: isCancelled
    ) { featureMap($0[0], of: picture) }
  }

  /// The features of `picture` at an output stride and the classes that they give, from one run.
  public func featuresAndLabels(
    of picture: Picture, outputStride: Int, isCancelled: () -> Bool = { false }
  ) throws(Cancelled) -> (features: FeatureMap, labels: LabelMap) {
    try run(
      picture,
      outputs: [.features(outputStride: outputStride), .logits(outputStride: outputStride)],
      isCancelled: isCancelled
    ) { outputs in
      (
        featureMap(outputs[0], of: picture),
        labels(outputs[1], width: picture.width, height: picture.height)
      )
    }
  }

  /// A run's features as those of the picture that was run.
  public func featureMap(_ features: TensorView, of picture: Picture) -> FeatureMap {
    FeatureMap(
      Tensor(copying: features),
      frame: frame(width: picture.width, height: picture.height), width: picture.width,
      height: picture.height, threads: threads)
  }
}
