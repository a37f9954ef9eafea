import TestSupport
import Testing

@testable import Core

@Suite("Attention maps")
struct AttentionMapTests {
  private let segmenter: Segmenter
  private let picture: Picture

  private static func segmenter(_ preset: String) throws -> Segmenter {
    let preset = try #require(ModelConfiguration.preset(named: preset))
    return Segmenter(
      SegmentationModel(preset, Weights(RandomWeights(seed: 4))), threads: Threads(2))
  }

  init() throws {
    segmenter = try Self.segmenter("hfgd-mobilenet_v2-os4")
    var picture = Picture(width: 60, height: 41)
    for place in picture.samples.indices {
      picture.samples[place] = UInt8(truncatingIfNeeded: place * place / 7)
    }
    self.picture = picture
  }

  private func projected(_ x: Tensor, by projection: Conv) throws -> Tensor {
    let convolution = try #require(projection.convolution)
    return convolution(x)
  }

  /// What the weights of all cells mix is what the layer makes of its input.
  @Test(arguments: ["hfgd-mobilenet_v2-os4", "hfgd+axial_width=48-mobilenet_v2-os4"])
  func axialWeightsAreTheLayers(_ preset: String) throws {
    let segmenter = try Self.segmenter(preset)
    let (s, refined) = try segmenter.run(
      picture, outputs: [.attended(.axial(outputStride: 4)), .features(outputStride: 4)]
    ) { (Tensor(copying: $0[0]), Tensor(copying: $0[1])) }
    let map = try segmenter.attention(.axial(outputStride: 4), of: picture)
    #expect(map.input == s)
    let (h, w, c) = (s.shape.h, s.shape.w, s.shape.c)
    let axial = try #require(segmenter.model.students[0].axial)
    let value = try projected(s, by: axial.value)
    let depth = c / map.heads
    #expect(map.heads == 4)

    let (i, j) = (5, 11)
    let query = map.weights(of: AttentionMap.GridCell(x: j, y: i))
    var expected = (0..<c).map { Double(s[0, i, j, $0]) }
    for b in 0..<w {
      // Each cell of the row has looked along its own column before.
      let columns = map.weights(of: AttentionMap.GridCell(x: b, y: i))
      for head in 0..<map.heads {
        guard case .cross(let row, _) = query[head], case .cross(_, let column) = columns[head]
        else {
          Issue.record("axial weights are a row and a column")
          return
        }
        for channel in (head * depth)..<((head + 1) * depth) {
          let t = (0..<h).reduce(0.0) { $0 + column[$1] * Double(value[0, $1, b, channel]) }
          expected[channel] += row[b] * t
        }
      }
    }
    let found = (0..<c).map { refined[0, i, j, $0] }
    #expect(disagreement(found, expected.map(Float.init)) < directTolerance)
  }

  @Test func contextWeightsAreTheLayers() throws {
    let map = try segmenter.attention(.context, of: picture)
    let block = try #require(segmenter.model.context?.attention)
    let x = map.input
    let value = try projected(x, by: block.value)
    let whole = SelfAttention()(
      x, try projected(x, by: block.query), try projected(x, by: block.key), value)
    let cells = x.shape.h * x.shape.w
    for cell in 0..<cells {
      let place = AttentionMap.GridCell(x: cell % x.shape.w, y: cell / x.shape.w)
      guard case .grid(let weights) = map.weights(of: place)[0] else {
        Issue.record("the context's weights are a grid")
        return
      }
      #expect(abs(weights.reduce(0, +) - 1) < 1e-12)
      let expected = (0..<x.shape.c).map { c in
        Double(x[0, place.y, place.x, c])
          + (0..<cells).reduce(0.0) { sum, q in
            sum + weights[q] * Double(value.values[q * x.shape.c + c])
          }
      }
      let found = (0..<x.shape.c).map { whole[0, place.y, place.x, $0] }
      #expect(disagreement(found, expected.map(Float.init)) < directTolerance)
    }
  }

  @Test("a pixel looks from the nearest cell, and bands stand about it")
  func places() throws {
    let map = try segmenter.attention(.axial(outputStride: 4), of: picture)
    #expect(map.cell(x: 0, y: 0) == AttentionMap.GridCell(x: 0, y: 0))
    #expect(map.cell(x: 5, y: 7) == AttentionMap.GridCell(x: 1, y: 2))
    #expect(map.cell(x: 59, y: 40) == AttentionMap.GridCell(x: 15, y: 10))
    let cell = map.cell(x: 20, y: 8)
    let weights = AttentionMap.Weights.mean(map.weights(of: cell))
    let pixels = map.pixels(weights, of: cell, thickness: 3, threads: Threads(1))
    guard case .cross(let row, let column) = weights else {
      Issue.record("axial weights are a row and a column")
      return
    }
    #expect(abs(row.reduce(0, +) - 1) < 1e-9 && abs(column.reduce(0, +) - 1) < 1e-9)
    #expect(
      pixels.indices.allSatisfy { place in
        let (x, y) = (place % 60, place / 60)
        return pixels[place].isNaN == !((19...21).contains(x) || (7...9).contains(y))
      })
    // The picture ends at cell 14 of 16 in the row, and at cell 10 of 16 in the column.
    #expect(map.peak(weights) == max(row[..<15].max() ?? 0, column[..<11].max() ?? 0))
    let padding = map.paddingShares(weights)
    #expect(abs(padding[0] - row[15...].reduce(0, +)) < 1e-9)
    #expect(abs(padding[1] - column[11...].reduce(0, +)) < 1e-9)
    // At a cell's own pixel the value is the cell's.
    #expect(abs(pixels[8 * 60 + 40] - Float(row[10] / map.peak(weights))) < 1e-6)
    #expect(abs(pixels[32 * 60 + 20] - Float(column[8] / map.peak(weights))) < 1e-6)
  }

  @Test("perplexity counts the cells that weight is spread over")
  func perplexity() {
    let flat = AttentionMap.Weights.grid([Double](repeating: 0.125, count: 8))
    #expect(abs(flat.perplexities[0] - 8) < 1e-12)
    let cross = AttentionMap.Weights.cross(row: [0, 1, 0], column: [0.5, 0.5])
    #expect(cross.perplexities == [1, 2])
    let mean = AttentionMap.Weights.mean([cross, .cross(row: [1, 0, 0], column: [0, 1])])
    #expect(mean == .cross(row: [0.5, 0.5, 0], column: [0.25, 0.75]))
  }

  @Test func layersAreThoseOfTheConfiguration() throws {
    func layers(_ preset: String) throws -> [AttentionLayer] {
      try #require(ModelConfiguration.preset(named: preset)).attentionLayers
    }
    #expect(
      try layers("hfgd-mobilenet_v2-os4") == [.context, .axial(outputStride: 4)])
    #expect(try layers("sfpn-mobilenet_v2").isEmpty)
    #expect(try layers("fcn-mobilenet_v2").isEmpty)
  }
}
