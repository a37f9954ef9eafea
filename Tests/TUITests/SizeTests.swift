import Testing

@testable import TUI

@Suite("Size")
struct SizeTests {
  @Test(arguments: [
    ("513x513", Size(width: 513, height: 513)), ("1X2", Size(width: 1, height: 2)),
    ("65536x1", Size(width: 65536, height: 1)), ("080x024", Size(width: 80, height: 24)),
  ])
  func reads(text: String, size: Size) {
    #expect(Size(argument: text) == size)
  }

  @Test(arguments: [
    "", "x", "513", "513x", "x513", "513x513x3", "0x1", "1x0", "-1x5", "1.5x2", "1 x 2", "65537x1",
    "99999999999999999999x1", "513×513", "axb",
  ])
  func refuses(text: String) {
    #expect(Size(argument: text) == nil)
  }

  @Test func showsItselfAsItIsWritten() {
    #expect(Size(width: 12, height: 7).defaultValueDescription == "12x7")
  }
}
