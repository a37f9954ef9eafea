import TestSupport
import Testing

@testable import Core

@Suite struct JSONTests {
  @Test func handExample() throws {
    let json = try JSON(#" {"b": [1, -2.50, 1e0, true, null], "a": {"ü\n\u00fc": ""}} "#)
    #expect(
      json
        == .object([
          .init("b", .array([.number("1"), .number("-2.50"), .number("1e0"), .bool(true), .null])),
          .init("a", .object([.init("ü\nü", .string(""))])),
        ]))
  }

  @Test func accessors() throws {
    let json = try JSON(#"{"i": 7, "d": 1.0, "e": 1e2, "s": "x", "t": true, "l": [1], "n": null}"#)
    #expect(json["i"]?.int == 7)
    #expect(json["i"]?.double == 7)
    #expect(json["d"]?.int == nil)
    #expect(json["d"]?.double == 1)
    #expect(json["e"]?.int == nil)
    #expect(json["e"]?.double == 100)
    #expect(json["s"]?.string == "x")
    #expect(json["s"]?.int == nil)
    #expect(json["t"]?.bool == true)
    #expect(json["l"]?.array == [.number("1")])
    #expect(json["n"]?.kind == .null)
    #expect(json["missing"] == nil)
    #expect(json["l"]?["i"] == nil)
    #expect(json.object?.map(\.key) == ["i", "d", "e", "s", "t", "l", "n"])
    #expect(try JSON("9223372036854775808").int == nil)
    #expect(try JSON("-9223372036854775808").int == .min)
    #expect(try JSON("1e400").double == nil)
  }

  @Test(arguments: [
    ("0", "0"), ("-0", "-0"), ("10", "10"), ("0.0", "0.0"), ("1E+5", "1E+5"), ("2e-03", "2e-03"),
    ("123456789012345678901234567890.5", "123456789012345678901234567890.5"),
  ])
  func numbersStayAsWritten(text: String, expected: String) throws {
    #expect(try JSON(text) == .number(expected))
  }

  @Test(arguments: [
    (#""""#, ""), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
    (#""\u0041\u00e9\uD83D\uDE00""#, "Aé😀"),
    (#""a\u0000b""#, "a\u{0}b"), ("\"\u{7F}é😀\u{2028}\"", "\u{7F}é😀\u{2028}"), (#""x\ny""#, "x\ny"),
    (#""\uFFFF\uD7FF\uE000""#, "\u{FFFF}\u{D7FF}\u{E000}"),
  ])
  func strings(text: String, expected: String) throws {
    #expect(Array(try #require(try JSON(text).string).utf8) == Array(expected.utf8))
  }

  @Test(
    arguments: [
      ("", .unexpectedEnd(offset: 0)),
      (" ", .unexpectedEnd(offset: 1)),
      ("[1", .unexpectedEnd(offset: 2)),
      (#"{"a""#, .unexpectedEnd(offset: 4)),
      (#""abc"#, .unexpectedEnd(offset: 4)),
      (#""abc\"#, .unexpectedEnd(offset: 5)),
      (#""\u12"#, .unexpectedEnd(offset: 5)),
      ("tru", .unexpectedEnd(offset: 3)),
      ("nulk", .unexpectedByte(0x6B, expected: "null", offset: 3)),
      ("True", .unexpectedByte(0x54, expected: "a value", offset: 0)),
      ("NaN", .unexpectedByte(0x4E, expected: "a value", offset: 0)),
      ("+1", .unexpectedByte(0x2B, expected: "a value", offset: 0)),
      (".5", .unexpectedByte(0x2E, expected: "a value", offset: 0)),
      ("'a'", .unexpectedByte(0x27, expected: "a value", offset: 0)),
      ("[1,]", .unexpectedByte(0x5D, expected: "a value", offset: 3)),
      ("[,1]", .unexpectedByte(0x2C, expected: "a value", offset: 1)),
      ("[1 2]", .unexpectedByte(0x32, expected: "',' or ']'", offset: 3)),
      ("[1}", .unexpectedByte(0x7D, expected: "',' or ']'", offset: 2)),
      (#"{"a":1]"#, .unexpectedByte(0x5D, expected: "',' or '}'", offset: 6)),
      (#"{"a":1,}"#, .unexpectedByte(0x7D, expected: "a string", offset: 7)),
      (#"{"a" 1}"#, .unexpectedByte(0x31, expected: "a colon", offset: 5)),
      ("{a:1}", .unexpectedByte(0x61, expected: "a string", offset: 1)),
      ("[1]//", .trailingContent(offset: 3)),
      ("1 2", .trailingContent(offset: 2)),
      ("null\0", .trailingContent(offset: 4)),
      ("\u{A0}1", .unexpectedByte(0xC2, expected: "a value", offset: 0)),
      ("\u{C}1", .unexpectedByte(0x0C, expected: "a value", offset: 0)),
      ("\u{FEFF}1", .byteOrderMark),
      ("01", .invalidNumber(offset: 0)),
      ("[-01]", .invalidNumber(offset: 1)),
      ("-", .invalidNumber(offset: 0)),
      ("1.", .invalidNumber(offset: 0)),
      ("1.e5", .invalidNumber(offset: 0)),
      ("1e", .invalidNumber(offset: 0)),
      ("1e+", .invalidNumber(offset: 0)),
      ("0x10", .trailingContent(offset: 1)),
      ("\"a\nb\"", .controlCharacter(offset: 2)),
      ("\"\u{0}\"", .controlCharacter(offset: 1)),
      (#""\x41""#, .invalidEscape(offset: 1)),
      (#""\u00g0""#, .invalidEscape(offset: 1)),
      (#""\u+123""#, .invalidEscape(offset: 1)),
      (#""a\ud800""#, .loneSurrogate(offset: 2)),
      (#""\udc00""#, .loneSurrogate(offset: 1)),
      (#""\ud800\ud800""#, .loneSurrogate(offset: 1)),
      (#""\ud800\n""#, .loneSurrogate(offset: 1)),
      (#""\ud800A""#, .loneSurrogate(offset: 1)),
      (#"{"a":1,"a":1}"#, .duplicateKey("a", offset: 7)),
      (#"{"a":1,"\u0061":1}"#, .duplicateKey("a", offset: 7)),
      (#"[{"x":{"b":0,"c":0,"b":0}}]"#, .duplicateKey("b", offset: 19)),
    ] as [(String, JSONFailure)])
  func refused(text: String, expected: JSONFailure) {
    let failure = #expect(throws: JSONFailure.self) { try JSON(text) }
    #expect(failure == expected)
    #expect(failure?.description.contains(";") == true)
  }

  @Test(
    arguments: [
      ([0x22, 0xFF, 0x22], 1),  // never a UTF-8 byte
      ([0x22, 0xC3, 0x22], 1),  // cut short
      ([0x22, 0xC0, 0x80, 0x22], 1),  // overlong
      ([0x22, 0xED, 0xA0, 0x80, 0x22], 1),  // a surrogate
      ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], 1),  // beyond U+10FFFF
      ([0x22, 0x61, 0x22, 0x80], 3),  // after the value
    ] as [([UInt8], Int)])
  func invalidUTF8(bytes: [UInt8], offset: Int) {
    #expect(throws: JSONFailure.invalidUTF8(offset: offset)) { try JSON(utf8: bytes) }
  }

  @Test func equalKeysOfDifferentObjectsAreNoDuplicates() throws {
    let json = try JSON(#"{"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]}"#)
    #expect(json["a"]?["a"]?["a"]?.int == 1)
  }

  @Test func depthIsLimited() throws {
    func nested(_ open: String, _ close: String, _ levels: Int) -> String {
      String(repeating: open, count: levels) + "0" + String(repeating: close, count: levels)
    }
    _ = try JSON(nested("[", "]", 127))
    _ = try JSON(nested(#"{"a":"#, "}", 127))
    #expect(throws: JSONFailure.tooDeep(offset: 127)) { try JSON(nested("[", "]", 128)) }
    #expect(throws: JSONFailure.tooDeep(offset: 127)) { try JSON(nested("[", "]", 1_000_000)) }
    #expect(throws: JSONFailure.tooDeep(offset: 127 * 5)) {
      try JSON(nested(#"{"a":"#, "}", 1_000_000))
    }
    // Lists that are closed do not count.
    let siblings = "[" + String(repeating: "[[]],", count: 1000) + "0]"
    #expect(try JSON(siblings).array?.count == 1001)
  }

  @Test func everyPrefixIsRefused() throws {
    let text = #"{"a":[1,-2.5e-3,true,false,null,"x\u00e9\ud83d\ude00é"],"b":{}}"#
    let bytes = Array(text.utf8)
    _ = try JSON(utf8: bytes)
    for count in 0..<bytes.count {
      #expect(throws: JSONFailure.self) { try JSON(utf8: Array(bytes[..<count])) }
    }
  }

  @Test func damagedTextIsReadOrRefused() {
    let original = Array(#"{"a":[1,-2.5e-3,true,null,"x\u00e9\ud83d\ude00é"],"b":{"c":""}}"#.utf8)
    var random = SeededRandom(seed: 3)
    var refusals = 0
    for _ in 0..<20_000 {
      var bytes = original
      bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(
        in: 0...255, using: &random)
      if (try? JSON(utf8: bytes)) == nil { refusals += 1 }
    }
    #expect(refusals > 1000 && refusals < 20_000)
  }

  @Test func literalsReadBack() throws {
    let texts = ["", "\"\\/\u{0}\u{1F}\u{7F}\n\r\t\u{8}\u{C}", "é😀\u{2028}"]
    for text in texts {
      #expect(try JSON(jsonLiteral(of: text)).string == text)
    }
  }

  @Test func quotedTextIsShortAndHarmless() {
    #expect(quoted("a.b") == "\"a.b\"")
    #expect(quoted("\u{1B}[31m\n\u{202E}é") == "\"\\u{1B}[31m\\u{A}\\u{202E}é\"")
    #expect(
      quoted(String(repeating: "x", count: 121)) == "\"\(String(repeating: "x", count: 120))…\"")
  }
}
