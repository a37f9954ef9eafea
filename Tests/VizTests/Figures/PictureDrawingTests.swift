import Core
import Testing

@testable import Viz

@Suite("Drawing in pictures")
struct PictureDrawingTests {
  @Test(arguments: [(-3, 0), (0, -4), (9, 2), (3, 8), (-30, 0), (0, -30), (40, 0), (0, 40)])
  func textIsClippedAtTheEdges(x: Int, y: Int) {
    // What a picture shows is what a window onto a larger one shows.
    for scale in 1...2 {
      var large = Picture(paper: 100, 100)
      large.draw("Hg", x: x + 40, y: y + 40, colour: Picture.ink, scale: scale)
      var window = Picture(paper: 14, 12)
      window.draw(large, x: -40, y: -40)
      var clipped = Picture(paper: 14, 12)
      clipped.draw("Hg", x: x, y: y, colour: Picture.ink, scale: scale)
      #expect(clipped.art == window.art)
    }
  }

  @Test func textLeavesThePictureBetweenItsPixels() {
    var picture = Picture(width: 3, height: 10, filled: RGB(1, 2, 3))
    picture.draw("i", x: 1, y: 0, colour: RGB(9, 8, 7))
    #expect(picture[1, 0] == RGB(9, 8, 7))
    #expect(picture[1, 1] == RGB(1, 2, 3))
    #expect(picture[0, 0] == RGB(1, 2, 3))
  }

  @Test func picturesAreClippedAtTheEdges() {
    let chequers = Picture(
      width: 2, height: 2, samples: [0, 0, 0, 255, 255, 255, 255, 255, 255, 0, 0, 0])
    func drawn(_ x: Int, _ y: Int) -> [String] {
      var picture = Picture(paper: 3, 3)
      picture.draw(chequers, x: x, y: y)
      return picture.art
    }
    #expect(drawn(0, 0) == ["#..", ".#.", "..."])
    #expect(drawn(1, 1) == ["...", ".#.", "..#"])
    #expect(drawn(-1, -1) == ["#..", "...", "..."])
    #expect(drawn(2, 2) == ["...", "...", "..#"])
    #expect(drawn(3, 0) == ["...", "...", "..."])
    #expect(drawn(-2, 5) == ["...", "...", "..."])
    #expect(drawn(-90, -90) == ["...", "...", "..."])
  }

  @Test func rectanglesAreClippedAtTheEdges() {
    func filled(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> [String] {
      var picture = Picture(paper: 3, 2)
      picture.fill(Picture.ink, x: x, y: y, width: width, height: height)
      return picture.art
    }
    #expect(filled(1, 0, 1, 2) == [".#.", ".#."])
    #expect(filled(-5, 1, 7, 9) == ["...", "##."])
    #expect(filled(5, 5, 2, 2) == ["...", "..."])
    #expect(filled(-5, -5, 2, 2) == ["...", "..."])
    #expect(filled(0, 0, 0, 2) == ["...", "..."])
  }

  @Test func enlargedPicturesRepeatTheirPixels() {
    let picture = Picture(width: 2, height: 1, samples: [0, 0, 0, 255, 255, 255])
    #expect(picture.enlarged(by: 3).art == ["###...", "###...", "###..."])
    #expect(picture.enlarged(by: 1) == picture)
  }
}
