/// The beginning of a NumPy array file (NEP 1): magic number, version, and a Python dictionary of type, order and shape.
struct NPYHeader {
  /// The type, `nil` where the elements are no numbers that we know.
  let dtype: DType?
  /// The type as NumPy writes it, such as `<f4`.
  let code: String
  /// Whether the highest byte of an element comes first.
  let isBigEndian: Bool
  /// Whether the first axis is the fastest.
  let isFortran: Bool
  let shape: [Int]
  /// Where the elements begin.
  let end: Int

  /// The most bytes that a header may take.
  static let byteLimit = 1 << 16

  /// The header that a file's `bytes` begin with; `nil` where they do not.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= 12, bytes.starts(with: [0x93] + Array("NUMPY".utf8)) else { return nil }
    let version = bytes[6]
    guard 1...3 ~= version else { return nil }
    let start = version == 1 ? 10 : 12
    let count =
      version == 1
      ? Int(bytes[8]) | Int(bytes[9]) << 8
      : Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)))
    guard count <= Self.byteLimit - start, start + count <= bytes.count else { return nil }
    end = start + count
    let text = String(decoding: bytes[start..<end], as: UTF8.self)
    let dictionary =
      #/
      \s* \{ \s* 'descr' \s* : \s* (?: '(?<code>[^']*)' | (?<other> \[.*\] | \(.*\) ) )
      \s* , \s* 'fortran_order' \s* : \s* (?<fortran> True | False )
      \s* , \s* 'shape' \s* : \s* \( (?<shape> [0-9,\s]* ) \) \s* ,? \s* \} \s*
      /#
    guard let match = text.wholeMatch(of: dictionary) else { return nil }
    code = String(match.code ?? match.other ?? "")
    isFortran = match.fortran == "True"
    let sizes = match.shape.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
      .filter { !$0.isEmpty }
    let shape = sizes.compactMap { Int($0) }
    guard shape.count == sizes.count, shape.count <= 64 else { return nil }
    self.shape = shape
    isBigEndian = code.hasPrefix(">")
    let hasOrder = code.first.map { "<>|=".contains($0) } ?? false
    dtype = hasOrder ? DType(numPy: String(code.dropFirst())) : nil
  }
}
