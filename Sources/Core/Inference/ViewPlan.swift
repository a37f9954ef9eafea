/// How one view of a picture is run and read: its windows, and the places of the result's pixels on its scores.
struct ViewPlan {
  /// The rows and the columns of the windows; every row with every column is one.
  let rows, columns: [Range<Int>]
  /// Whether the result is read from the network's grid itself: one window, and nothing to do in two steps.
  let readsGrid: Bool

  private let rules: InferenceProtocol
  private let stages: InferenceProtocol.Stages
  private let size: Extent
  private let isMirrored: Bool

  /// The plan of a view whose result has `size`.
  init(
    _ rules: InferenceProtocol, _ stages: InferenceProtocol.Stages, _ view: InferenceProtocol.View,
    size: Extent
  ) {
    self.rules = rules
    self.stages = stages
    self.size = size
    isMirrored = view.isMirrored
    let input = stages.input
    rows = rules.window?.rows(of: input.height) ?? [0..<input.height]
    columns = rules.window?.columns(of: input.width) ?? [0..<input.width]
    let isResized = stages.canvas != stages.scaled || stages.picture != size
    readsGrid = rows.count * columns.count == 1 && !(rules.resizesTwice && isResized)
  }

  /// The result's pixels over scores at the size of the input.
  var pixelsOfScaled: ResizedPixels {
    // What was padded after scaling is cut off, so it has no part in the pixels at the border.
    ResizedPixels(
      width: size.width, height: size.height, horizontal: horizontal, vertical: vertical,
      over: Shape(h: stages.scaled.height, w: stages.scaled.width, c: 0))
  }

  /// The result's pixels over the network's grid.
  func pixels(over grid: Shape) -> ResizedPixels {
    ResizedPixels(
      width: size.width, height: size.height,
      horizontal: horizontal.on(rules.positions(size: grid.w, resized: stages.input.width)),
      vertical: vertical.on(rules.positions(size: grid.h, resized: stages.input.height)),
      over: grid)
  }

  private var horizontal: LinePositions {
    let onCanvas = rules.positions(size: stages.picture.width, resized: size.width)
    let mirror = LinePositions.mirrored(size: stages.canvas.width)
    return (isMirrored ? onCanvas.on(mirror) : onCanvas)
      .on(rules.positions(size: stages.scaled.width, resized: stages.canvas.width))
  }

  private var vertical: LinePositions {
    rules.positions(size: stages.picture.height, resized: size.height)
      .on(rules.positions(size: stages.scaled.height, resized: stages.canvas.height))
  }
}
