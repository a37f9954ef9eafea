import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("Paths")
struct PathTests {
  @Test(arguments: [
    ("a", "a", "", "a"), ("o", "o", "", "o"), ("", "", "", ""), ("/", "", "/", "/"),
    ("///", "", "/", "/"), ("/a", "a", "/", "/a"), ("a/b.png", "b.png", "a", "a/b"),
    ("a//b/", "b", "a", "a//b"), ("a.b/c", "c", "a.b", "a.b/c"), (".png", ".png", "", ".png"),
    ("a/.png", ".png", "a", "a/.png"), ("a.", "a.", "", "a."),
    ("a.tar.gz", "a.tar.gz", "", "a.tar"),
    ("a b.c d", "a b.c d", "", "a b"), ("ä\n😀.jpg", "ä\n😀.jpg", "", "ä\n😀"),
    ("./x", "x", ".", "./x"), ("..", "..", "", ".."),
  ])
  func parts(path: String, name: String, parent: String, stem: String) {
    #expect(path.fileName == name)
    #expect(path.parentFolder == parent)
    #expect(path.withoutExtension == stem)
  }

  @Test func joins() {
    #expect("".appendingPath("a") == "a")
    #expect("a".appendingPath("b/c") == "a/b/c")
    #expect("a/".appendingPath("b") == "a/b")
    #expect("/".appendingPath("b") == "/b")
  }

  @Test func canonicalPathsFollowLinksAndReachBeyondWhatExists() throws {
    let folder = TemporaryFolder()
    let root = folder.path().canonicalPath
    try Folder.create(folder.path("a/b"))
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link"), withDestinationPath: "a")
    #expect(folder.path("link/b").canonicalPath == root + "/a/b")
    #expect(folder.path("a/../link/").canonicalPath == root + "/a")
    #expect(folder.path("link/new/deep").canonicalPath == root + "/a/new/deep")
    #expect("/".canonicalPath == "/")
  }
}
