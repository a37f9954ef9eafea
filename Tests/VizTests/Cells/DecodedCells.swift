import Core
import Foundation

@testable import Viz

extension CellGrid {
  /// The pixels that a terminal shows, 8 × 8 a cell, each standing for one as wide and two high.
  ///
  /// Shapes of glyphs are those of Unicode's charts, not of our tables: halves, quadrants and eighths by code point.
  func decoded() -> Picture {
    var picture = Picture(width: 8 * width, height: 8 * height)
    for row in 0..<height {
      for column in 0..<width {
        let cell = self[column, row]
        for y in 0..<8 {
          for x in 0..<8 {
            let colour = cell.glyph.covers(x, y) ? cell.foreground : cell.background
            picture[8 * column + x, 8 * row + y] = colour ?? RGB(0, 0, 0)
          }
        }
      }
    }
    return picture
  }
}

extension Character {
  /// Whether a Block Element covers pixel (x, y) of 8 × 8; a space covers none.
  func covers(_ x: Int, _ y: Int) -> Bool {
    let code = Int(unicodeScalars.first?.value ?? 0)
    switch code {
    case 0x2580: return y < 4
    case 0x2581...0x2588: return y >= 8 - (code - 0x2580)
    case 0x2589...0x258F: return x < 0x2590 - code
    case 0x2590: return x >= 4
    case 0x2594: return y < 1
    case 0x2595: return x >= 7
    case 0x2596...0x259F:
      // Upper left 1, upper right 2, lower left 4, lower right 8.
      let quadrants = [4, 8, 1, 13, 9, 7, 11, 2, 6, 14][code - 0x2596]
      return quadrants >> (2 * (y < 4 ? 0 : 1) + (x < 4 ? 0 : 1)) & 1 == 1
    default: return false
    }
  }
}

/// Peak signal-to-noise ratio in dB of two pictures of one size.
func psnr(_ a: Picture, _ b: Picture) -> Double {
  let squares = zip(a.samples, b.samples).map { pow2(Double($0) - Double($1)) }
  let mean = squares.reduce(0, +) / Double(squares.count)
  return 10 * log10(255 * 255 / max(mean, 1e-12))
}

private func pow2(_ x: Double) -> Double { x * x }
