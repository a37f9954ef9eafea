extension Segmenter {
  /// Segments `picture` as `rules` say.
  ///
  /// Under a protocol of one view and one window the logits stay on the network's grid and are resized row by row. More
  /// windows, or a resize in two steps, need scores at the size of the network's input, and more views a sum of the size
  /// of the result besides; ``peakBytes(width:height:size:rules:outputStride:extras:)`` tells how much that is.
  ///
  /// - Parameters:
  ///   - picture: of any size.
  ///   - size: of the result, such as that of a label; the picture's own unless given.
  ///   - rules: what is padded, scaled, mirrored, cut and averaged; the model's own unless given.
  ///   - outputStride: a stride of the model; its finest unless given.
  ///   - extras: what is wanted beside the labels.
  ///   - isCancelled: asked between the network's steps.
  public func segment(
    _ picture: Picture, size: (width: Int, height: Int)? = nil, rules: InferenceProtocol? = nil,
    outputStride: Int? = nil, including extras: Set<Segmentation.Extra> = [],
    isCancelled: () -> Bool = { false }
  ) throws(Cancelled) -> Segmentation {
    let rules = rules ?? model.configuration.rules
    let size = Extent(width: size?.width ?? picture.width, height: size?.height ?? picture.height)
    let stride = outputStride ?? finestStride
    let views = rules.views
    if let view = views.first, views.count == 1 {
      return try scores(picture, view, rules, size, stride, isCancelled) { scores, grid in
        Segmentation(of: scores, at: grid, including: extras, threads: threads)
      }
    }
    let sum = ScoreMap(Shape(h: size.height, w: size.width, c: model.configuration.classes.count))
    for view in views {
      try scores(picture, view, rules, size, stride, isCancelled) { scores, grid in
        sum.add(
          scores, at: grid, asProbabilities: rules.average == .probabilities, threads: threads)
      }
    }
    return Segmentation(
      of: sum, count: views.count, average: rules.average, including: extras, threads: threads)
  }

  /// What `read` makes of the scores of one view and of the places of the result's pixels on them.
  private func scores<Result>(
    _ picture: Picture, _ view: InferenceProtocol.View, _ rules: InferenceProtocol, _ size: Extent,
    _ stride: Int, _ isCancelled: () -> Bool, read: (TensorView, ResizedPixels) -> Result
  ) throws(Cancelled) -> Result {
    let stages = rules.stages(
      of: Extent(width: picture.width, height: picture.height), scale: view.scale)
    let plan = ViewPlan(rules, stages, view, size: size)
    let image = picture.tensor(
      of: view, rules, stages, model.configuration.input, threads: threads)
    if plan.readsGrid {
      return try run(
        image, rows: 0..<image.shape.h, columns: 0..<image.shape.w, stride, isCancelled
      ) { logits in read(logits, plan.pixels(over: logits.shape)) }
    }
    let sum = ScoreMap(
      Shape(
        h: stages.input.height, w: stages.input.width, c: model.configuration.classes.count))
    for rows in plan.rows {
      for columns in plan.columns {
        try run(image, rows: rows, columns: columns, stride, isCancelled) { logits in
          let grid = ResizedPixels(
            width: columns.count, height: rows.count,
            horizontal: rules.positions(size: logits.shape.w, resized: columns.count),
            vertical: rules.positions(size: logits.shape.h, resized: rows.count),
            over: logits.shape)
          sum.add(
            logits, at: grid, left: columns.lowerBound, top: rows.lowerBound,
            asProbabilities: false, threads: threads)
        }
      }
    }
    sum.divide(
      rows: plan.rows.hits(stages.input.height), columns: plan.columns.hits(stages.input.width),
      threads: threads)
    return read(sum.scores, plan.pixelsOfScaled)
  }

  /// Runs the network on a window of `image` and returns what `read` makes of its logits.
  private func run<Result>(
    _ image: Tensor, rows: Range<Int>, columns: Range<Int>, _ stride: Int,
    _ isCancelled: () -> Bool, read: (TensorView) -> Result
  ) throws(Cancelled) -> Result {
    try run(
      height: rows.count, width: columns.count, outputs: [.logits(outputStride: stride)],
      isCancelled: isCancelled,
      write: { input in
        image.values.withUnsafeBufferPointer { values in
          guard let values = values.baseAddress else { return }
          let count = 3 * columns.count
          for (i, y) in rows.enumerated() {
            let start = 3 * (y * image.shape.w + columns.lowerBound)
            (input.base + i * count).update(from: values + start, count: count)
          }
        }
      }, read: { read($0[0]) })
  }

  /// The most memory that ``segment(_:size:rules:outputStride:including:isCancelled:)`` takes for a picture of this size,
  /// in bytes: activations, images on their way in, and all that is held at the size of input and result.
  public func peakBytes(
    width: Int, height: Int, size: (width: Int, height: Int)? = nil,
    rules: InferenceProtocol? = nil, outputStride: Int? = nil,
    including extras: Set<Segmentation.Extra> = []
  ) -> Int {
    let rules = rules ?? model.configuration.rules
    let size = Extent(width: size?.width ?? width, height: size?.height ?? height)
    let classes = model.configuration.classes.count
    let views = rules.views
    let largest = views.map { view in
      let stages = rules.stages(of: Extent(width: width, height: height), scale: view.scale)
      let plan = ViewPlan(rules, stages, view, size: size)
      let input = stages.input.pixels
      // The image and, where it is resized or mirrored, what it was made from.
      let images = 12 * (input + (stages.canvas == stages.scaled ? input : stages.canvas.pixels))
      return program(
        inputHeight: plan.rows.map(\.count).max() ?? 1,
        inputWidth: plan.columns.map(\.count).max() ?? 1,
        outputs: [.logits(outputStride: outputStride ?? finestStride)]
      ).arenaBytes + images + (plan.readsGrid ? 0 : 4 * classes * input)
    }
    let result =
      size.pixels
      * (2 + (views.count > 1 ? 4 * classes : 0) + (extras.contains(.confidence) ? 8 : 0)
        + (extras.contains(.logits) ? 4 * classes : 0))
    return (largest.max() ?? 0) + result
  }
}

extension [Range<Int>] {
  /// How many of the ranges hold each of `0 ..< count`.
  fileprivate func hits(_ count: Int) -> [Int] {
    var hits = [Int](repeating: 0, count: count)
    for range in self {
      for i in range { hits[i] += 1 }
    }
    return hits
  }
}
