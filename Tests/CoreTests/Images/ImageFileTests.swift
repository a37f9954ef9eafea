import Foundation
import TestSupport
import Testing

@testable import Core

@Suite struct ImageFileTests {
  private let folder = TemporaryFolder()
  private let picture = Picture(width: 3, height: 2, filled: RGB(10, 200, 30))

  @Test(arguments: [
    ("a.png", true), ("a.PNG", true), ("b/c.Jpg", true), ("x.y.jpeg", true), (".png", false),
    ("png", false), ("a.png/b", false), ("a.gif", false), ("a.png.txt", false), ("", false),
  ])
  func extensionsNameImages(path: String, isImage: Bool) {
    #expect(ImageFile.isImage(path) == isImage)
  }

  @Test func theExtensionChoosesTheFormatThatIsWritten() throws {
    for (name, format) in [("p.png", ImageFormat.png), ("p.JPG", .jpeg), ("q.jpeg", .jpeg)] {
      let path = folder.path(name)
      try ImageFile.write(picture, to: path)
      #expect(ImageFormat(contents: try FileBytes.read(path, maxBytes: 10_000)) == format)
      #expect(try ImageFile.readPicture(at: path).width == 3)
    }
    let path = folder.path("p.gif")
    #expect(throws: ImageFailure.unknownExtension(path: path, expected: ".png, .jpg or .jpeg")) {
      try ImageFile.write(picture, to: path)
    }
  }

  @Test func theContentsChooseTheFormatThatIsRead() throws {
    let path = folder.path("really-png.jpg")
    try AtomicFile.write(try PNG.encode(picture), to: path)
    #expect(try ImageFile.readPicture(at: path) == picture)
  }

  @Test func labelsAreWrittenAsNumbersOrWithAPalette() throws {
    let labels = LabelMap(width: 2, height: 2, values: [0, 1, 1, 0])
    let path = folder.path("labels.png")
    try ImageFile.write(labels, to: path)
    #expect(try ImageFile.readLabels(at: path) == labels)
    try ImageFile.write(labels, palette: [RGB(9, 9, 9), RGB(1, 2, 3)], to: path)
    #expect(try ImageFile.readLabels(at: path) == labels)
    #expect(try ImageFile.readPicture(at: path)[1, 0] == RGB(1, 2, 3))
    #expect(throws: ImageFailure.self) { try ImageFile.write(labels, to: folder.path("l.jpg")) }
  }

  @Test func otherContentsAreRefused() throws {
    let path = folder.path("text.png")
    try AtomicFile.write("not an image".utf8, to: path)
    #expect(throws: ImageFailure.unknownContents(path: path, expected: "a PNG or JPEG picture")) {
      try ImageFile.readPicture(at: path)
    }
    try AtomicFile.write([], to: path)
    #expect(throws: ImageFailure.unknownContents(path: path, expected: "labels as a PNG")) {
      try ImageFile.readLabels(at: path)
    }
  }

  @Test func failuresNameTheFile() throws {
    let path = ImageGoldens.path("huge.png")
    let failure = #expect(throws: ImageFailure.self) { try ImageFile.readPicture(at: path) }
    #expect(
      failure?.description
        == "\(path): 60000×60000 pixels, more than the 100000000 allowed; "
        + "scale the image down or raise the limit")
    let missing = folder.path("none.png")
    #expect(throws: ImageFailure.file(.missing(path: missing))) {
      try ImageFile.readPicture(at: missing)
    }
  }

  @Test func theCallerMayLowerOrRaiseTheCap() throws {
    let path = ImageGoldens.path("rgb8.png")
    #expect(try ImageFile.readPicture(at: path, maxPixels: .max).height == 9)
    #expect(
      throws: ImageFailure.codec(
        path: path, .tooManyPixels(width: 9, height: 9, limit: 10))
    ) { try ImageFile.readPicture(at: path, maxPixels: 10) }
  }
}
