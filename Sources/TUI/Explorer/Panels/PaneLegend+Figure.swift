import Core
import Viz

extension PaneLegend {
  /// The legend as a figure has it; words without a colour are left out.
  var entries: [FigureSheet.LegendEntry] {
    switch self {
    case .swatches(let swatches):
      return swatches.compactMap { swatch in
        swatch.colour.map { FigureSheet.LegendEntry($0, swatch.forms[0]) }
      }
    case .scale(let map, let range, let slider, _):
      return range.legend(map)
        + (slider.map {
          [
            FigureSheet.LegendEntry(
              $0.mark, "below \(Int((100 * $0.threshold).rounded())) %")
          ]
        } ?? [])
    case .nothing: return []
    }
  }
}
