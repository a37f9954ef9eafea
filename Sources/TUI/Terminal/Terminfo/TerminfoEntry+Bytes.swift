extension TerminfoEntry {
  private static let magic16 = 0o432
  private static let magic32 = 0o1036

  /// Reads a compiled entry.
  init(_ bytes: [UInt8]) throws(TerminfoFailure) {
    var reader = TerminfoReader(bytes)
    let magic = try reader.int16("header")
    guard magic == Self.magic16 || magic == Self.magic32 else {
      throw .foreignFormat(magic: magic)
    }
    reader.numberWidth = magic == Self.magic32 ? 4 : 2
    let sizes = try reader.counts(5, "header")
    names = try reader.take(sizes[0], "names")
    booleans = try reader.take(sizes[1], "booleans").map { $0 == 1 }
    reader.align()
    numbers = try reader.numbers(sizes[2], "numbers")
    let offsets = try reader.offsets(sizes[3], "strings")
    let table = try reader.take(sizes[4], "string table")
    strings = []
    for offset in offsets {
      strings.append(try TerminfoReader.string(table, at: offset, "string table"))
    }
    extensions = Extensions()
    reader.align()
    if reader.remaining >= 10 { extensions = try Extensions(&reader) }
  }

  /// The entry compiled, with 32-bit numbers.
  var bytes: [UInt8] {
    let (offsets, table) = Self.stringTable(strings)
    var result: [UInt8] = []
    let sizes = [names.count, booleans.count, numbers.count, strings.count, table.count]
    for value in [Self.magic32] + sizes { result.append(int16: value) }
    result += names + booleans.map { $0 ? 1 : 0 }
    result.align()
    for number in numbers { result.append(int32: number) }
    for offset in offsets { result.append(int16: offset) }
    result += table
    guard !extensions.isEmpty else { return result }
    result.align()
    return result + extensions.bytes
  }

  fileprivate static func stringTable(_ strings: [[UInt8]?]) -> (offsets: [Int], table: [UInt8]) {
    var table: [UInt8] = []
    let offsets = strings.map { string -> Int in
      guard let string else { return -1 }
      defer { table += string + [0] }
      return table.count
    }
    return (offsets, table)
  }
}

extension TerminfoEntry.Extensions {
  /// Reads the part behind the standard one: five counts, values, then one table of values and names.
  fileprivate init(_ reader: inout TerminfoReader) throws(TerminfoFailure) {
    let part = "extensions"
    let counts = try reader.counts(5, part)
    let (flags, numbers, strings) = (counts[0], counts[1], counts[2])
    let flagValues = try reader.take(flags, part)
    reader.align()
    let numberValues = try reader.numbers(numbers, part)
    let stringOffsets = try reader.offsets(strings, part)
    let nameOffsets = try reader.offsets(flags + numbers + strings, part)
    let table = try reader.take(counts[4], part)

    var values: [[UInt8]?] = []
    var namesStart = 0
    for offset in stringOffsets {
      let value = try TerminfoReader.string(table, at: offset, part)
      values.append(value)
      if let value { namesStart = max(namesStart, offset + value.count + 1) }
    }
    var names: [String] = []
    for offset in nameOffsets {
      guard let name = try TerminfoReader.string(table, at: namesStart + offset, part) else {
        throw .truncated(part: part)
      }
      names.append(String(decoding: name, as: UTF8.self))
    }
    for (name, value) in zip(names, flagValues) { booleans[name] = value == 1 }
    for (name, value) in zip(names.dropFirst(flags), numberValues) { self.numbers[name] = value }
    for (name, value) in zip(names.dropFirst(flags + numbers), values) {
      self.strings[name] = value
    }
  }

  fileprivate var bytes: [UInt8] {
    let flags = booleans.sorted { $0.key < $1.key }
    let numbers = self.numbers.sorted { $0.key < $1.key }
    let strings = self.strings.sorted { $0.key < $1.key }
    let names = flags.map(\.key) + numbers.map(\.key) + strings.map(\.key)
    let (valueOffsets, values) = TerminfoEntry.stringTable(strings.map(\.value))
    let (nameOffsets, nameTable) = TerminfoEntry.stringTable(names.map { Array($0.utf8) })
    var result: [UInt8] = []
    let items = names.count + strings.count
    let size = values.count + nameTable.count
    for count in [flags.count, numbers.count, strings.count, items, size] {
      result.append(int16: count)
    }
    result += flags.map { $0.value ? 1 : 0 }
    result.align()
    for number in numbers { result.append(int32: number.value) }
    for offset in valueOffsets + nameOffsets { result.append(int16: offset) }
    return result + values + nameTable
  }
}

/// A place in a compiled entry; numbers are little-endian.
private struct TerminfoReader {
  private let bytes: [UInt8]
  private var position = 0
  var numberWidth = 2

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var remaining: Int { bytes.count - position }

  /// Numbers start at even places.
  mutating func align() { position += position & 1 }

  mutating func take(_ count: Int, _ part: String) throws(TerminfoFailure) -> [UInt8] {
    guard count <= remaining else { throw .truncated(part: part) }
    defer { position += count }
    return Array(bytes[position..<(position + count)])
  }

  mutating func int16(_ part: String) throws(TerminfoFailure) -> Int {
    let pair = try take(2, part)
    return Int(Int16(truncatingIfNeeded: Int(pair[0]) | Int(pair[1]) << 8))
  }

  /// Counts, where -1 stands for none.
  mutating func counts(_ count: Int, _ part: String) throws(TerminfoFailure) -> [Int] {
    try offsets(count, part).map { max(0, $0) }
  }

  mutating func offsets(_ count: Int, _ part: String) throws(TerminfoFailure) -> [Int] {
    var result: [Int] = []
    for _ in 0..<count { result.append(try int16(part)) }
    return result
  }

  mutating func numbers(_ count: Int, _ part: String) throws(TerminfoFailure) -> [Int32] {
    var result: [Int32] = []
    for _ in 0..<count {
      if numberWidth == 2 {
        result.append(Int32(try int16(part)))
      } else {
        let low = UInt32(truncatingIfNeeded: try int16(part)) & 0xFFFF
        result.append(Int32(bitPattern: low | UInt32(truncatingIfNeeded: try int16(part)) << 16))
      }
    }
    return result
  }

  /// The string at `offset` up to its zero byte; `nil` for a negative offset, which means there is none.
  static func string(
    _ table: [UInt8], at offset: Int, _ part: String
  ) throws(TerminfoFailure) -> [UInt8]? {
    if offset < 0 { return nil }
    guard offset < table.count, let end = table[offset...].firstIndex(of: 0) else {
      throw .truncated(part: part)
    }
    return Array(table[offset..<end])
  }
}

extension [UInt8] {
  fileprivate mutating func append(int16 value: Int) {
    append(UInt8(truncatingIfNeeded: value))
    append(UInt8(truncatingIfNeeded: value >> 8))
  }

  fileprivate mutating func append(int32 value: Int32) {
    append(int16: Int(value & 0xFFFF))
    append(int16: Int(value >> 16))
  }

  fileprivate mutating func align() {
    if count % 2 == 1 { append(0) }
  }
}
