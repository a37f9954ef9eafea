import Testing

@testable import Core

@Suite("Input frame")
struct InputFrameTests {
  /// The position of a cell's centre among the pixels of a line, as the rules define it.
  private func centre(of cell: Int, of cells: Int, _ extent: Int, _ rule: Resize.Rule) -> Double {
    switch rule {
    case .aligned: cells > 1 ? Double(cell * (extent - 1)) / Double(cells - 1) : 0
    case .centred, .nearest: (Double(cell) + 0.5) * Double(extent) / Double(cells) - 0.5
    }
  }

  /// Cells lie within a picture whose last pixel is not before their centres; there is one at least.
  @Test(
    arguments: [Resize.Rule.aligned, .centred], [(1, 33), (5, 33), (9, 33), (12, 90), (15, 113)])
  func cells(rule: Resize.Rule, line: (cells: Int, extent: Int)) {
    let frame = InputFrame(width: line.extent, height: line.extent, rule: rule)
    for size in 1...line.extent {
      let inside = (0..<line.cells).filter {
        centre(of: $0, of: line.cells, line.extent, rule) <= Double(size - 1) + 1e-9
      }
      #expect(frame.columns.cells(line.cells, within: size) == max(1, inside.count), "\(size)")
    }
    for cell in 0..<line.cells {
      let pixel = Double(frame.rows.pixel(ofCell: cell, of: line.cells))
      let centre = centre(of: cell, of: line.cells, line.extent, rule)
      #expect(abs(pixel - centre) < 1)
    }
  }

  /// HFGD's models see 32k + 1 pixels, mmsegmentation's the picture itself.
  @Test func framesOfModels() throws {
    func frame(_ preset: String) throws -> InputFrame {
      let configuration = try #require(ModelConfiguration.preset(named: preset))
      return Segmenter(
        SegmentationModel(configuration, Weights(WeightOutline())), threads: Threads(1)
      ).frame(width: 480, height: 360)
    }
    #expect(try frame("sfpn-resnet50") == InputFrame(width: 481, height: 385))
    #expect(
      try frame("mmseg_fpn-resnet50_v1c")
        == InputFrame(width: 480, height: 360, rule: .centred))
  }
}
