/// The network's input for a picture, which lies in its upper left corner, and how the grids of the network's levels lie on
/// it.
public struct InputFrame: Sendable, Hashable {
  /// Its size in pixels: the picture's, and what is padded.
  public let width, height: Int
  /// The resizing by which a grid covers it.
  public let rule: Resize.Rule

  /// An input of `width` × `height`, covered by aligned corners unless `rule` says otherwise.
  public init(width: Int, height: Int, rule: Resize.Rule = .aligned) {
    self.width = width
    self.height = height
    self.rule = rule
  }

  var columns: Line { Line(extent: width, rule: rule) }
  var rows: Line { Line(extent: height, rule: rule) }

  /// Its columns or its rows.
  struct Line: Sendable {
    /// How many pixels it has.
    let extent: Int
    let rule: Resize.Rule

    /// Where its pixels lie on a line of `cells` that covers it.
    func positions(on cells: Int) -> LinePositions {
      rule.positions(size: cells, resized: extent)
    }

    /// How many of `cells` that cover it, at least one, have their centres among its first `size` pixels.
    func cells(_ cells: Int, within size: Int) -> Int {
      switch rule {
      case .aligned:
        cells > 1 ? min(cells, (size - 1) * (cells - 1) / max(1, extent - 1) + 1) : cells
      case .centred, .nearest:
        min(cells, max(1, ((2 * size - 1) * cells + extent) / (2 * extent)))
      }
    }

    /// The pixel at the centre of a cell of `cells` that cover it.
    func pixel(ofCell cell: Int, of cells: Int) -> Int {
      switch rule {
      case .aligned: cells > 1 ? cell * (extent - 1) / (cells - 1) : 0
      case .centred, .nearest: (2 * cell + 1) * extent / (2 * cells)
      }
    }
  }
}

extension Segmenter {
  /// The network's input for a picture of this size, under the rules of the model.
  public func frame(width: Int, height: Int) -> InputFrame {
    let rules = model.configuration.rules
    let input = rules.stages(of: Extent(width: width, height: height), scale: 1).input
    return InputFrame(width: input.width, height: input.height, rule: rules.resizing)
  }
}
