import Foundation

/// What an attention layer sees of one picture: it tells where each of the picture's cells looks.
///
/// The weights of a single query are computed by themselves, from the layer's input and its projections; they are those
/// of ``AxialAttention`` and ``SelfAttention``.
public struct AttentionMap: Sendable {
  /// The layer.
  public let layer: AttentionLayer
  /// What it reads, `[1, h, w, C]`.
  public let input: Tensor
  /// The network's input, which the grid covers.
  public let frame: InputFrame
  /// Size of the picture, in its upper left corner.
  public let width, height: Int
  /// How many groups of channels attend by themselves.
  public let heads: Int
  private let query, key: Convolution
  private let scale: Double

  /// A cell of the grid.
  public struct GridCell: Sendable, Hashable {
    /// Column and row.
    public let x, y: Int

    /// The cell of a column and a row.
    public init(x: Int, y: Int) {
      self.x = x
      self.y = y
    }
  }

  /// The weights of one query; each softmax's sum to 1, over the padding too.
  public enum Weights: Sendable, Equatable {
    /// Of the query's row, w values, and of its column, h values: a softmax each.
    case cross(row: [Double], column: [Double])
    /// Of all cells, h · w values.
    case grid([Double])
  }

  /// What `layer` of `model` reads of a `width` × `height` picture in `frame`; layers that the model has not
  /// trap.
  public init(
    _ layer: AttentionLayer, of model: SegmentationModel, reading input: Tensor,
    frame: InputFrame, width: Int, height: Int
  ) {
    guard let projections = model.projections(of: layer) else {
      preconditionFailure("\(model.configuration.name) has no attention \(layer)")
    }
    (query, key, heads) = (projections.query, projections.key, projections.heads)
    scale = projections.scale
    self.layer = layer
    self.input = input
    self.frame = frame
    self.width = width
    self.height = height
  }

  /// The cell that is nearest to a pixel of the picture.
  public func cell(x: Int, y: Int) -> GridCell {
    func nearest(_ pixel: Int, _ cells: Int, _ line: InputFrame.Line) -> Int {
      let place = line.positions(on: cells).neighbours(of: pixel, size: cells)
      return place.share < 0.5 ? place.first : place.second
    }
    return GridCell(
      x: nearest(x, input.shape.w, frame.columns), y: nearest(y, input.shape.h, frame.rows))
  }

  /// The weights of a cell's query in each head.
  public func weights(of cell: GridCell) -> [Weights] {
    let (h, w) = (input.shape.h, input.shape.w)
    precondition(
      0..<w ~= cell.x && 0..<h ~= cell.y, "cell (\(cell.x), \(cell.y)) of \(w)×\(h)")
    let query = query(line([cell])).values
    switch layer {
    case .context: return softmaxes(query, key(input).values).map(Weights.grid)
    case .axial:
      let row = softmaxes(query, key(line((0..<w).map { GridCell(x: $0, y: cell.y) })).values)
      let column = softmaxes(query, key(line((0..<h).map { GridCell(x: cell.x, y: $0) })).values)
      return zip(row, column).map { .cross(row: $0, column: $1) }
    }
  }

  /// The input at some cells, in one row.
  private func line(_ cells: [GridCell]) -> Tensor {
    let c = input.shape.c
    return Tensor(
      Shape(h: 1, w: cells.count, c: c),
      cells.flatMap { cell -> ArraySlice<Float> in
        let start = (cell.y * input.shape.w + cell.x) * c
        return input.values[start..<(start + c)]
      })
  }

  /// softmax_b(⟨query, key_b⟩ · scale) in each head, whose channels lie side by side.
  private func softmaxes(_ query: [Float], _ keys: [Float]) -> [[Double]] {
    let depth = query.count / heads
    return (0..<heads).map { head in
      let channels = (head * depth)..<((head + 1) * depth)
      let scores = stride(from: 0, to: keys.count, by: query.count).map { start in
        scale * channels.reduce(0.0) { $0 + Double(query[$1]) * Double(keys[start + $1]) }
      }
      let peak = scores.max() ?? 0
      let exponentials = scores.map { exp($0 - peak) }
      let sum = exponentials.reduce(0, +)
      return exponentials.map { $0 / sum }
    }
  }
}

extension AttentionMap.Weights {
  /// The mean of all heads' weights, of which there is at least one.
  public static func mean(_ heads: [Self]) -> Self {
    func mean(_ lines: [[Double]]) -> [Double] {
      lines[0].indices.map { place in
        lines.reduce(0) { $0 + $1[place] } / Double(lines.count)
      }
    }
    let parts = heads.map(\.parts)
    let means = parts[0].indices.map { part in mean(parts.map { $0[part] }) }
    return means.count == 1 ? .grid(means[0]) : .cross(row: means[0], column: means[1])
  }

  fileprivate var parts: [[Double]] {
    switch self {
    case .cross(let row, let column): [row, column]
    case .grid(let all): [all]
    }
  }

  /// Over how many cells the row and the column, or the grid, are spread: exp of the entropy, 1 where all weight is on one.
  public var perplexities: [Double] {
    parts.map { weights in
      exp(-weights.reduce(0) { $0 + ($1 > 0 ? $1 * log($1) : 0) })
    }
  }
}

extension AttentionMap {
  /// The weights without those of cells that lie in the padding.
  private func inside(_ weights: Weights) -> Weights {
    let cells = input.shape.cellsInside(frame, width: width, height: height)
    switch weights {
    case .cross(let row, let column):
      return .cross(
        row: Array(row.prefix(cells.columns)), column: Array(column.prefix(cells.rows)))
    case .grid(let all):
      return .grid(
        (0..<cells.rows).flatMap { y in
          all[(y * input.shape.w)..<(y * input.shape.w + cells.columns)]
        })
    }
  }

  /// The largest weight in the picture; 0 where none is a number.
  public func peak(_ weights: Weights) -> Double {
    inside(weights).parts.joined().filter(\.isFinite).max() ?? 0
  }

  /// The shares of the row's and the column's, or of the grid's weight that lie in the picture's padding, in [0, 1].
  public func paddingShares(_ weights: Weights) -> [Double] {
    inside(weights).parts.map { max(0, 1 - $0.reduce(0, +)) }
  }

  /// Weights as shares of the largest in the picture, one a pixel of it, NaN where the query does not look.
  ///
  /// A row and a column are bands of `thickness` pixels about the query's cell.
  public func pixels(
    _ weights: Weights, of cell: GridCell, thickness: Int, threads: Threads
  ) -> [Float] {
    let peak = peak(weights)
    let share = peak > 0 ? 1 / peak : 0
    switch weights {
    case .grid(let all):
      let map = Tensor(
        Shape(h: input.shape.h, w: input.shape.w, c: 1), all.map { Float($0 * share) })
      return map.resized(in: frame, width: width, height: height, threads: threads)
    case .cross(let row, let column):
      var pixels = [Float](repeating: .nan, count: width * height)
      let along = Self.resized(row, frame.columns, width)
      let down = Self.resized(column, frame.rows, height)
      func band(_ place: Int, _ cells: Int, _ line: InputFrame.Line, _ end: Int) -> Range<Int> {
        let centre = line.pixel(ofCell: place, of: cells)
        let first = min(max(0, centre - thickness / 2), end)
        return first..<min(end, max(first, centre - thickness / 2 + thickness))
      }
      for y in band(cell.y, input.shape.h, frame.rows, height) {
        for x in 0..<width { pixels[y * width + x] = Float(along[x] * share) }
      }
      for x in band(cell.x, input.shape.w, frame.columns, width) {
        for y in 0..<height {
          let place = y * width + x
          let value = Float(down[y] * share)
          pixels[place] = pixels[place].isNaN ? value : max(pixels[place], value)
        }
      }
      return pixels
    }
  }

  /// The first `count` pixels of a line that `values` cover.
  private static func resized(
    _ values: [Double], _ line: InputFrame.Line, _ count: Int
  ) -> [Double] {
    line.positions(on: values.count).neighbours(count: count, size: values.count).map {
      let share = Double($0.share)
      return (1 - share) * values[$0.first] + share * values[$0.second]
    }
  }
}

extension SegmentationModel {
  /// What makes an attention layer's scores.
  fileprivate struct Projections {
    let query, key: Convolution
    let heads: Int
    let scale: Double
  }

  /// The projections of a layer; `nil` where the model lacks it or is being trained.
  fileprivate func projections(of layer: AttentionLayer) -> Projections? {
    switch layer {
    case .context:
      guard let block = context?.attention, let query = block.query.convolution,
        let key = block.key.convolution
      else { return nil }
      return Projections(query: query, key: key, heads: 1, scale: 1)
    case .axial(let stride):
      guard let axial = students.first(where: { $0.outputStride == stride })?.axial,
        let query = axial.query.convolution, let key = axial.key.convolution
      else { return nil }
      let depth = configuration.axialWidth / configuration.axialHeads
      return Projections(
        query: query, key: key, heads: configuration.axialHeads,
        scale: 1 / Double(depth).squareRoot())
    }
  }
}

extension Segmenter {
  /// What an attention layer sees of `picture`.
  public func attention(
    _ layer: AttentionLayer, of picture: Picture, isCancelled: () -> Bool = { false }
  ) throws(Cancelled) -> AttentionMap {
    let input = try run(picture, outputs: [.attended(layer)], isCancelled: isCancelled) {
      Tensor(copying: $0[0])
    }
    return AttentionMap(
      layer, of: model, reading: input,
      frame: frame(width: picture.width, height: picture.height), width: picture.width,
      height: picture.height)
  }
}
