import Core
import Testing

@testable import Viz

@Suite("Figure sheet")
struct FigureSheetTests {
  private static let colours = [RGB(200, 0, 0), RGB(0, 200, 0), RGB(0, 0, 200), RGB(90, 80, 70)]

  private func panels(_ count: Int, width: Int = 480, height: Int = 360, caption: String = "View")
    -> [FigureSheet.Panel]
  {
    (0..<count).map { index in
      FigureSheet.Panel(
        Picture(width: width, height: height, filled: Self.colours[index % 4]), caption: caption)
    }
  }

  /// At scale 2: margins of 24, 12 between panels, 8 + 20 for a line of captions.
  @Test(arguments: [(1, 528), (2, 1020), (3, 1512)])
  func sizesOfOneRow(count: Int, width: Int) {
    let sheet = FigureSheet(panels: panels(count))
    #expect(sheet.size == (width, 24 + 360 + 28 + 24))
    let picture = sheet.picture()
    #expect((picture.width, picture.height) == sheet.size)
    for index in 0..<count {
      let left = 24 + 492 * index
      #expect(picture[left, 24] == Self.colours[index])
      #expect(picture[left + 479, 24 + 359] == Self.colours[index])
      #expect(picture[left - 1, 24] == FigureLook.light.outline)
      #expect(picture[left - 2, 24] == FigureLook.light.background)
    }
  }

  @Test func partsThatAreAbsentTakeNoSpace() {
    #expect(FigureSheet(panels: panels(1, caption: "")).size == (528, 408))
    let titled = FigureSheet(title: "Title", panels: panels(1, caption: ""))
    #expect(titled.size == (528, 408 + 30 + 16))
    let explained = FigureSheet(
      panels: panels(1, caption: ""), legend: [.init(RGB(0, 0, 0), "Road")])
    #expect(explained.size == (528, 408 + 24 + 20))
  }

  @Test(arguments: [(1, 1), (2, 2), (3, 3), (4, 2), (5, 3), (9, 3), (10, 4)])
  func columnsWithoutAWish(count: Int, columns: Int) {
    #expect(FigureSheet(panels: panels(count)).columns == columns)
  }

  @Test func panelsKeepTheirPixelsAndStandInTheMiddle() {
    var noise = Picture(width: 300, height: 200)
    for i in noise.samples.indices {
      noise.samples[i] = UInt8(truncatingIfNeeded: i &* 2_654_435_761 >> 7)
    }
    let sheet = FigureSheet(panels: [.init(noise)] + panels(1, caption: ""), columns: 1)
    let layout = FigureLayout(sheet)
    #expect(layout.panels[0].x == 24 + 90 && layout.panels[0].y == 24)
    #expect(layout.panels[1].x == 24 && layout.panels[1].y == 24 + 200 + 12)
    var window = Picture(width: 300, height: 200)
    window.draw(sheet.picture(), x: -layout.panels[0].x, y: -layout.panels[0].y)
    #expect(window == noise)
  }

  @Test func lastRowKeepsToTheColumns() {
    let layout = FigureLayout(FigureSheet(panels: panels(5), columns: 3))
    #expect(layout.panels.map(\.x) == [24, 516, 1008, 24, 516])
    #expect(layout.panels[3].y - layout.panels[0].y == 360 + 28 + 20)
  }

  @Test func captionsAboveEndInOneLineAndBelowBeginInOne() {
    var row = panels(2)
    row[1].caption = "A caption that is too long for the panel and goes on in a second line"
    let above = FigureLayout(FigureSheet(panels: row, captions: .above))
    #expect(above.texts.count == 3)
    #expect(above.texts[0].y == above.texts[2].y && above.texts[1].y < above.texts[0].y)
    #expect(above.panels.allSatisfy { $0.y == above.texts[0].y + 28 })
    let below = FigureLayout(FigureSheet(panels: row, captions: .below))
    #expect(below.texts[0].y == below.texts[1].y && below.texts[1].y < below.texts[2].y)
    #expect(below.texts[0].y == 24 + 360 + 8)
    #expect(above.height == below.height)
  }

  @Test func tinyPanelsAreEnlargedByWholeNumbers() {
    let teacher = panels(1, width: 60, height: 45)[0]
    let half = panels(1, width: 240, height: 180)[0]
    let layout = FigureLayout(FigureSheet(panels: panels(1) + [teacher, half]))
    #expect(layout.panels.map(\.width) == [480, 480, 240])
    #expect(layout.panels.map(\.height) == [360, 360, 180])
    let alone = FigureLayout(FigureSheet(panels: panels(1, width: 3, height: 2)))
    #expect(alone.panels[0].width == 3 * 53 && alone.panels[0].height == 2 * 53)
    #expect(alone.width == 160 + 2 * 12)
    let pixel = FigureSheet(title: "One", panels: panels(1, width: 1, height: 1)).picture()
    #expect(pixel.width == 184)
  }

  @Test func largePanelsKeepTheirResolutionUnlessLimited() {
    let large = panels(2, width: 2048, height: 1024)
    #expect(FigureSheet(panels: large).size.width == 2 * 2048 + 2 * 72 + 36)
    let limited = FigureSheet(panels: large + panels(1, width: 500, height: 500), longestSide: 512)
    let layout = FigureLayout(limited)
    #expect(layout.panels.map(\.width) == [512, 512, 500])
    #expect(layout.panels.map(\.height) == [256, 256, 500])
    #expect(limited.picture()[layout.panels[1].x, layout.panels[1].y] == Self.colours[1])
    let sliver = FigureSheet(panels: panels(1, width: 1000, height: 1), longestSide: 100)
    #expect(FigureLayout(sliver).panels[0].height == 1)
  }

  @Test(arguments: [FigureLook.light, .dark])
  func coloursAreThoseOfTheLook(look: FigureLook) {
    let legend = [FigureSheet.LegendEntry(RGB(12, 34, 56), "Road", number: "31 %")]
    let sheet = FigureSheet(title: "Title", panels: panels(1), legend: legend, look: look)
    let picture = sheet.picture()
    let swatch = FigureLayout(sheet).swatches[0]
    #expect(picture[0, 0] == look.background)
    #expect(picture[swatch.x, swatch.y] == RGB(12, 34, 56))
    #expect(picture[swatch.x + swatch.width - 1, swatch.y + swatch.height - 1] == RGB(12, 34, 56))
    #expect(picture[swatch.x + swatch.width, swatch.y] == look.outline)
    let colours = Set(
      stride(from: 0, to: picture.samples.count, by: 3).map {
        RGB(picture.samples[$0], picture.samples[$0 + 1], picture.samples[$0 + 2])
      })
    #expect(colours.isSuperset(of: [look.text, look.secondaryText]))
  }

  /// Nothing is drawn outside the figure, and texts do not touch its edges.
  @Test(arguments: [1, 7, 160, 481]) func everythingStandsInsideTheMargins(width: Int) {
    let legend = (0..<20).map {
      FigureSheet.LegendEntry(Self.colours[$0 % 4], "A class with a long name \($0)", number: "5 %")
    }
    let sheet = FigureSheet(
      title: "A title of many words, so that it has to be broken into several lines",
      panels: panels(3, width: width, height: 9, caption: "A caption"), columns: 2, legend: legend)
    let layout = FigureLayout(sheet)
    for text in layout.texts {
      let size = PixelFont.size(of: text.text, scale: text.scale)
      #expect(text.x >= 12 && text.x + size.width <= layout.width - 12, "\(text)")
      #expect(text.y >= 12 && text.y + size.height <= layout.height - 12, "\(text)")
    }
    for box in layout.panels + layout.swatches {
      #expect(box.x >= 12 && box.x + box.width <= layout.width - 12, "\(box)")
      #expect(box.y >= 12 && box.y + box.height <= layout.height - 12, "\(box)")
    }
  }
}
