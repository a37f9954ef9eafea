import Testing

@testable import Core

/// What is a safetensors file and what is not, rule by rule.
///
/// Every row but those of `stricter` was held against the reference reader, Python safetensors 0.8.0, which
/// gives the same verdict.
@Suite struct SafeTensorsAcceptanceTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    /// The rule that is broken; `nil` for a good file.
    let reason: SafeTensorsFailure.Reason?

    init(_ name: String, _ bytes: [UInt8], _ reason: SafeTensorsFailure.Reason? = nil) {
      self.name = name
      self.bytes = bytes
      self.reason = reason
    }

    var testDescription: String { name }
  }

  @Test(arguments: accepted + rejected + stricter)
  func verdict(_ row: Row) {
    let reason: SafeTensorsFailure.Reason?
    do {
      _ = try SafeTensors(bytes: row.bytes, file: row.name)
      reason = nil
    } catch {
      #expect(error.file == row.name)
      #expect(error.description.hasPrefix("\(row.name): "))
      reason = error.reason
    }
    #expect(reason == row.reason)
  }

  static let accepted: [Row] =
    [
      Row("no tensors", safeTensorsBytes("{}")),
      Row("null metadata", safeTensorsBytes(#"{"__metadata__":null}"#)),
      Row("empty metadata", safeTensorsBytes(#"{"__metadata__":{}}"#)),
      Row(
        "metadata after tensors", one(declaration("a", "[1]", 0, 4) + #","__metadata__":{"k":"v"}"#)
      ),
      Row(
        "extra field",
        one(tensor(#"{"dtype":"F32","x":[{},1e9],"shape":[1],"data_offsets":[0,4]}"#))),
      Row("scalar", one(declaration("a", "[]", 0, 4))),
      Row("empty name", one(declaration("", "[1]", 0, 4))),
      Row("name with escapes", one(declaration(#"\u0000\"\ud83d\ude00/"#, "[1]", 0, 4))),
      Row(
        "two compositions of one name",
        safeTensorsBytes(
          "{\(declaration("e\u{301}", "[1]", 0, 4)),\(declaration("\u{E9}", "[1]", 4, 8))}",
          dataSize: 8)),
      Row(
        "leading white space",
        safeTensorsBytes(" \n\r\t{\(declaration("a", "[1]", 0, 4))}", dataSize: 4)),
      Row(
        "trailing white space",
        safeTensorsBytes("{\(declaration("a", "[1]", 0, 4))} \n\r\t", dataSize: 4)),
      Row(
        "white space everywhere",
        safeTensorsBytes(
          #"{ "a" : { "dtype" : "F32" , "shape" : [ 1 ] , "data_offsets" : [ 0 , 4 ] } }"#,
          dataSize: 4)),
      Row("header not a multiple of 8", safeTensorsBytes("{} ")),
      Row(
        "unaligned data",
        safeTensorsBytes(
          "{\(declaration("a", "U8", "[1]", 0, 1)),\(declaration("b", "[1]", 1, 5))}", dataSize: 5)),
      Row(
        "header order differs from data order",
        safeTensorsBytes(
          "{\(declaration("b", "[1]", 4, 8)),\(declaration("a", "[1]", 0, 4))}", dataSize: 8)),
      Row(
        "empty tensors share offset 0",
        safeTensorsBytes(
          "{\(declaration("a", "[0]", 0, 0)),\(declaration("b", "[2,0]", 0, 0))}")),
      Row(
        "empty tensors in the middle",
        safeTensorsBytes(
          "{\(declaration("a", "[1]", 0, 4)),\(declaration("n", "[0,3]", 4, 4)),"
            + "\(declaration("m", "[0]", 4, 4)),\(declaration("b", "[1]", 4, 8))}", dataSize: 8)),
      Row(
        "empty first, declared last",
        safeTensorsBytes(
          "{\(declaration("a", "[1]", 0, 4)),\(declaration("n", "[0]", 0, 0))}", dataSize: 4)),
      Row(
        "empty, huge other axis",
        safeTensorsBytes(
          "{\(declaration("a", "[0,9223372036854775807]", 0, 0))}")),
      Row(
        "empty, product fits 64 unsigned bits",
        safeTensorsBytes(
          "{\(declaration("a", "[4611686018427387904,2,0]", 0, 0))}")),
      Row("F4 in whole bytes", one(declaration("a", "F4", "[8]", 0, 4))),
      Row(
        "F6_E2M3 in whole bytes",
        safeTensorsBytes("{\(declaration("a", "F6_E2M3", "[4]", 0, 3))}", dataSize: 3)),
      Row(
        "F6_E3M2 in whole bytes",
        safeTensorsBytes("{\(declaration("a", "F6_E3M2", "[8]", 0, 6))}", dataSize: 6)),
      Row("127 levels", one(tensor(nested(levels: 127)))),
    ]
    + DType.allCases.map { dtype in
      Row(
        "dtype \(dtype.rawValue)",
        safeTensorsBytes(
          "{\(declaration("a", dtype.rawValue, "[8]", 0, dtype.bits))}", dataSize: dtype.bits))
    }

  static let rejected: [Row] = [
    // The length of the header.
    Row("empty file", [], .headerTooSmall(fileSize: 0)),
    Row("7 bytes", [2, 0, 0, 0, 0, 0, 0], .headerTooSmall(fileSize: 7)),
    Row("only 8 bytes", safeTensorsBytes("", length: 2), .headerPastEnd(length: 2, fileSize: 8)),
    Row(
      "header one byte past the end", safeTensorsBytes("{}", length: 3),
      .headerPastEnd(length: 3, fileSize: 10)),
    Row(
      "longest length", safeTensorsBytes("{}", length: 100_000_000),
      .headerPastEnd(length: 100_000_000, fileSize: 10)),
    Row(
      "length 100 000 001", safeTensorsBytes("{}", length: 100_000_001),
      .headerTooLarge(length: 100_000_001, looksLike: nil)),
    Row(
      "length 2^63", safeTensorsBytes("{}", length: 1 << 63),
      .headerTooLarge(length: 1 << 63, looksLike: nil)),
    Row(
      "length 2^64 - 1", safeTensorsBytes("{}", length: .max),
      .headerTooLarge(length: .max, looksLike: nil)),
    Row(
      "length 2^64 - 8", safeTensorsBytes("{}", length: .max - 7),
      .headerTooLarge(length: .max - 7, looksLike: nil)),
    Row(
      "NumPy array", [0x93] + Array("NUMPY\u{1}\0v\0".utf8),
      .headerTooLarge(length: 0x1_5950_4D55_4E93, looksLike: .numPyArray)),
    Row(
      "Git LFS pointer", Array("version https://git-lfs.github.com/spec/v1\n".utf8),
      .headerTooLarge(length: 0x206E_6F69_7372_6576, looksLike: .gitLFSPointer)),

    // The JSON of the header.
    Row("empty header", safeTensorsBytes(""), .headerNotJSON(.unexpectedEnd(offset: 0))),
    Row(
      "invalid UTF-8", safeTensorsBytes([0x7B, 0x22, 0xFF, 0x22, 0x7D]),
      .headerNotJSON(.invalidUTF8(offset: 2))),
    Row("byte order mark", safeTensorsBytes("\u{FEFF}{}"), .headerNotJSON(.byteOrderMark)),
    Row(
      "not JSON", safeTensorsBytes("hello"),
      .headerNotJSON(.unexpectedByte(0x68, expected: "a value", offset: 0))),
    Row("unclosed", safeTensorsBytes("{"), .headerNotJSON(.unexpectedEnd(offset: 1))),
    Row(
      "trailing comma", safeTensorsBytes(#"{"__metadata__":{},}"#),
      .headerNotJSON(.unexpectedByte(0x7D, expected: "a string", offset: 19))),
    Row("trailing NULs", safeTensorsBytes("{}\0\0"), .headerNotJSON(.trailingContent(offset: 2))),
    Row("second value", safeTensorsBytes("{}{}"), .headerNotJSON(.trailingContent(offset: 2))),
    Row(
      "lone surrogate", one(declaration(#"\ud800"#, "[1]", 0, 4)),
      .headerNotJSON(.loneSurrogate(offset: 2))),
    Row("500 levels", one(tensor(nested(levels: 500))), .headerNotJSON(.tooDeep(offset: 10 + 125))),
    Row("128 levels", one(tensor(nested(levels: 128))), .headerNotJSON(.tooDeep(offset: 10 + 125))),
    Row(
      "leading zero", one(declaration("a", "[01]", 0, 4)),
      .headerNotJSON(.invalidNumber(offset: 29))),

    // What the header says.
    Row("top-level array", safeTensorsBytes("[]"), .headerNotObject(.array)),
    Row("top-level null", safeTensorsBytes("null"), .headerNotObject(.null)),
    Row(
      "metadata twice", safeTensorsBytes(#"{"__metadata__":{},"__metadata__":{}}"#),
      .duplicateName("__metadata__")),
    Row("metadata list", safeTensorsBytes(#"{"__metadata__":[]}"#), .metadataNotObject(.array)),
    Row(
      "metadata number", safeTensorsBytes(#"{"__metadata__":{"k":1}}"#),
      .metadataNotString(key: "k", .number)),
    Row(
      "metadata nested", safeTensorsBytes(#"{"__metadata__":{"k":{}}}"#),
      .metadataNotString(key: "k", .object)),
    Row(
      "metadata value null", safeTensorsBytes(#"{"__metadata__":{"k":null}}"#),
      .metadataNotString(key: "k", .null)),
    Row("tensor null", safeTensorsBytes(#"{"a":null}"#), .tensorNotObject(tensor: "a", .null)),
    Row("tensor string", safeTensorsBytes(#"{"a":"F32"}"#), .tensorNotObject(tensor: "a", .string)),
    Row(
      "no dtype", one(tensor(#"{"shape":[1],"data_offsets":[0,4]}"#)),
      .missingField(tensor: "a", field: "dtype")),
    Row(
      "no shape", one(tensor(#"{"dtype":"F32","data_offsets":[0,4]}"#)),
      .missingField(tensor: "a", field: "shape")),
    Row(
      "no offsets", one(tensor(#"{"dtype":"F32","shape":[1]}"#)),
      .missingField(tensor: "a", field: "data_offsets")),
    Row(
      "field twice",
      one(tensor(#"{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}"#)),
      .duplicateName("dtype")),
    Row(
      "unknown dtype", one(declaration("a", "F31", "[1]", 0, 4)),
      .unknownDType(tensor: "a", dtype: "F31")),
    Row(
      "lower-case dtype", one(declaration("a", "f32", "[1]", 0, 4)),
      .unknownDType(tensor: "a", dtype: "f32")),
    Row(
      "dtype null", one(tensor(#"{"dtype":null,"shape":[1],"data_offsets":[0,4]}"#)),
      malformed("dtype")),
    Row(
      "dtype number", one(tensor(#"{"dtype":32,"shape":[1],"data_offsets":[0,4]}"#)),
      malformed("dtype")),
    Row("shape negative", one(declaration("a", "[-1]", 0, 4)), malformed("shape")),
    Row("shape -0", one(declaration("a", "[-0]", 0, 0)), malformed("shape")),
    Row("shape float", one(declaration("a", "[1.0]", 0, 4)), malformed("shape")),
    Row("shape exponent", one(declaration("a", "[1e0]", 0, 4)), malformed("shape")),
    Row("shape string", one(declaration("a", #"["1"]"#, 0, 4)), malformed("shape")),
    Row("shape number", one(declaration("a", "1", 0, 4)), malformed("shape")),
    Row("shape null", one(declaration("a", "null", 0, 4)), malformed("shape")),
    Row("shape 2^64", one(declaration("a", "[18446744073709551616]", 0, 4)), malformed("shape")),
    Row("offsets negative", one(declaration("a", "[1]", -4, 0)), malformed("data_offsets")),
    Row("one offset", one(offsets("[4]")), malformed("data_offsets")),
    Row("three offsets", one(offsets("[0,4,4]")), malformed("data_offsets")),
    Row("offsets object", one(offsets(#"{"begin":0,"end":4}"#)), malformed("data_offsets")),
    Row("offsets float", one(offsets("[0,4.0]")), malformed("data_offsets")),
    Row("offset 2^64 - 1", one(offsets("[0,18446744073709551615]")), malformed("data_offsets")),

    // Where the data stands.
    Row("offsets reversed", one(offsets("[4,0]")), .hole(tensor: "a", expected: 0, begin: 4)),
    Row(
      "second tensor reversed",
      safeTensorsBytes(
        "{\(declaration("a", "[1]", 0, 4)),\(declaration("b", "[1]", 4, 0))}", dataSize: 4),
      .reversedRange(tensor: "b", begin: 4, end: 0)),
    Row(
      "hole at the start", safeTensorsBytes("{\(declaration("a", "[1]", 4, 8))}", dataSize: 8),
      .hole(tensor: "a", expected: 0, begin: 4)),
    Row(
      "hole between",
      safeTensorsBytes(
        "{\(declaration("a", "[1]", 0, 4)),\(declaration("b", "[1]", 5, 9))}", dataSize: 9),
      .hole(tensor: "b", expected: 4, begin: 5)),
    Row(
      "overlap",
      safeTensorsBytes(
        "{\(declaration("a", "[1]", 0, 4)),\(declaration("b", "[1]", 3, 7))}", dataSize: 7),
      .overlap(tensor: "b", expected: 4, begin: 3)),
    Row(
      "identical ranges",
      safeTensorsBytes(
        "{\(declaration("a", "[1]", 0, 4)),\(declaration("b", "[1]", 0, 4))}", dataSize: 4),
      .overlap(tensor: "b", expected: 4, begin: 0)),
    Row(
      "shape overflow", one(declaration("a", "[4611686018427387904,4,0]", 0, 0)),
      .shapeOverflow(tensor: "a", shape: [1 << 62, 4, 0])),
    Row(
      "shape overflow by the dtype", one(declaration("a", "[1152921504606846976]", 0, 4)),
      .shapeOverflow(tensor: "a", shape: [1 << 60])),
    Row(
      "odd F4 count", one(declaration("a", "F4", "[7]", 0, 4)),
      .partialByte(tensor: "a", dtype: .f4, shape: [7])),
    Row(
      "F6 in part of a byte", one(declaration("a", "F6_E3M2", "[5]", 0, 4)),
      .partialByte(tensor: "a", dtype: .f6E3M2, shape: [5])),
    Row(
      "range shorter than the shape", one(declaration("a", "[2]", 0, 4)),
      .sizeMismatch(tensor: "a", expected: 8, found: 4)),
    Row(
      "range longer than the shape",
      safeTensorsBytes("{\(declaration("a", "[1]", 0, 8))}", dataSize: 8),
      .sizeMismatch(tensor: "a", expected: 4, found: 8)),
    Row(
      "empty tensor with bytes", one(declaration("a", "[0]", 0, 4)),
      .sizeMismatch(tensor: "a", expected: 0, found: 4)),
    Row(
      "no tensors, a byte of data", safeTensorsBytes("{}", dataSize: 1),
      .trailingBytes(expected: 10, fileSize: 11)),
    Row(
      "a byte after the data", safeTensorsBytes("{\(declaration("a", "[1]", 0, 4))}", dataSize: 5),
      .trailingBytes(expected: 8 + 54 + 4, fileSize: 8 + 54 + 5)),
    Row(
      "two bytes missing", safeTensorsBytes("{\(declaration("a", "[1]", 0, 4))}", dataSize: 2),
      .truncated(expected: 8 + 54 + 4, fileSize: 8 + 54 + 2)),
    Row(
      "2^60 bytes missing", one(declaration("a", "U8", "[1152921504606846976]", 0, 1 << 60)),
      .truncated(expected: 8 + 89 + 1 << 60, fileSize: 8 + 89 + 4)),
  ]

  /// Files that the reference accepts and we refuse on purpose.
  static let stricter: [Row] = [
    Row(
      "tensor twice",
      safeTensorsBytes(
        "{\(declaration("a", "[1]", 0, 4)),\(declaration("a", "[1]", 0, 4))}", dataSize: 4),
      .duplicateName("a")),
    Row(
      "metadata key twice", safeTensorsBytes(#"{"__metadata__":{"k":"1","k":"1"}}"#),
      .duplicateName("k")),
    Row(
      "key twice in an extra field",
      one(
        tensor(#"{"dtype":"F32","x":{"k":1,"k":1},"shape":[1],"data_offsets":[0,4]}"#)),
      .duplicateName("k")),
    Row(
      "tensor as a list", one(tensor(#"["F32",[1],[0,4]]"#)), .tensorNotObject(tensor: "a", .array)),
    Row(
      "dtype as an object",
      one(tensor(#"{"dtype":{"F32":null},"shape":[1],"data_offsets":[0,4]}"#)),
      malformed("dtype")),
    Row(
      "empty, an axis of 2^64 - 1",
      safeTensorsBytes(
        "{\(declaration("a", "[0,18446744073709551615]", 0, 0))}"), malformed("shape")),
  ]

  /// A file of `members` and four bytes of data.
  private static func one(_ members: String) -> [UInt8] {
    safeTensorsBytes("{\(members)}", dataSize: 4)
  }

  private static func tensor(_ description: String) -> String { #""a":\#(description)"# }

  private static func offsets(_ offsets: String) -> String {
    tensor(#"{"dtype":"F32","shape":[1],"data_offsets":\#(offsets)}"#)
  }

  /// The description of a tensor whose extra field makes the whole header `levels` deep.
  private static func nested(levels: Int) -> String {
    let lists =
      String(repeating: "[", count: levels - 2) + String(repeating: "]", count: levels - 2)
    return #"{"x":\#(lists),"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#
  }

  private static func malformed(_ field: String) -> SafeTensorsFailure.Reason {
    let expected =
      switch field {
      case "dtype": "a string"
      case "shape": "a list of whole numbers from 0 to 2^63 - 1"
      default: "a list of two whole numbers from 0 to 2^63 - 1"
      }
    return .malformedField(tensor: "a", field: field, expected: expected)
  }
}
