/// A safetensors file: its table of tensors, checked as a whole, and their bytes, read when they are asked for.
///
/// Format: eight bytes of header length N (little endian), N bytes of JSON, then the tensors, packed,
/// row-major and little endian. We accept what the reference reader of Hugging Face accepts, except duplicate
/// names, sizes and offsets above 2⁶³ − 1, and tensors described by anything but an object.
/// No value is looked at while opening, and no alignment is relied on.
public struct SafeTensors: Sendable {
  /// One tensor of the file.
  public struct Entry: Equatable, Sendable {
    /// The full name, such as `backbone.conv1.weight`; any string, the empty one too.
    public let name: String
    /// The type of the elements.
    public let dtype: DType
    /// Sizes of the axes, outermost first; empty for a scalar; a size may be 0.
    public let shape: [Int]
    /// Where the elements stand, counted from the end of the header.
    public let byteRange: Range<Int>

    /// The number of elements; 1 for a scalar.
    public var elementCount: Int { byteRange.count * 8 / dtype.bits }
  }

  /// Something odd that does no harm.
  public enum Warning: Equatable, Sendable, CustomStringConvertible {
    /// The description of a tensor holds a field that the format does not define; it was ignored.
    case unknownField(tensor: String, field: String)

    /// One sentence for the user.
    public var description: String {
      switch self {
      case .unknownField(let tensor, let field):
        "the tensor \(quoted(tensor)) has the unknown field \(quoted(field)), which was ignored"
      }
    }
  }

  /// The longest header that is read, in bytes: the limit of the reference.
  public static let maximumHeaderLength = 100_000_000

  /// The file as messages name it.
  public let file: String
  /// All tensors, in the order of their data.
  public let tensors: [Entry]
  /// The free text entries, such as `hfgd.config`; empty where the file has none.
  public let metadata: SafeTensorsMetadata
  /// Oddities that the user may want to know of.
  public let warnings: [Warning]

  let contents: FileContents
  let headerEnd: Int
  private let indices: [ExactString: Int]

  /// Opens and checks the file at `path`; its data is mapped, not read.
  public init(path: String) throws(SafeTensorsFailure) {
    let mapping: MappedFile
    do {
      mapping = try MappedFile(path: path)
    } catch {
      throw SafeTensorsFailure(file: path, reason: .unreadable(error))
    }
    try self.init(file: path, contents: .mapping(mapping))
  }

  /// Checks a whole file held in memory; messages name it `file`.
  public init(bytes: [UInt8], file: String = "safetensors data") throws(SafeTensorsFailure) {
    try self.init(file: file, contents: .array(bytes))
  }

  /// Checks the contents of a file that messages call `file`.
  init(file: String, contents: FileContents) throws(SafeTensorsFailure) {
    do {
      self = try contents.withBytes { bytes throws(SafeTensorsFailure.Reason) in
        try SafeTensors(file: file, contents: contents, bytes: bytes)
      }
    } catch {
      throw SafeTensorsFailure(file: file, reason: error)
    }
  }

  private init(
    file: String, contents: FileContents, bytes: UnsafeRawBufferPointer
  ) throws(SafeTensorsFailure.Reason) {
    guard bytes.count >= 8 else { throw .headerTooSmall(fileSize: bytes.count) }
    let claimed = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard claimed <= UInt64(Self.maximumHeaderLength) else {
      throw .headerTooLarge(length: claimed, looksLike: ForeignFormat(startOf: bytes))
    }
    let length = Int(claimed)
    guard length <= bytes.count - 8 else {
      throw .headerPastEnd(length: length, fileSize: bytes.count)
    }

    headerEnd = 8 + length
    let header = try SafeTensorsHeader(UnsafeRawBufferPointer(rebasing: bytes[8..<headerEnd]))
    tensors = try header.layout(headerEnd: headerEnd, dataSize: bytes.count - headerEnd)
    metadata = header.metadata
    warnings = header.warnings
    indices = Dictionary(
      uniqueKeysWithValues: tensors.enumerated().map { (ExactString($1.name), $0) })
    self.file = file
    self.contents = contents
  }

  /// The tensor called `name`, compared byte by byte; `nil` where there is none.
  public subscript(name: String) -> Entry? {
    indices[ExactString(name)].map { tensors[$0] }
  }

  /// What `body` makes of the elements of `entry`, a tensor of this file; they may be unaligned.
  public func withBytes<Result, Failure: Error>(
    of entry: Entry, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try contents.withBytes(in: place(of: entry), body)
  }

  /// Where the elements of `entry` stand in the file.
  func place(of entry: Entry) -> Range<Int> {
    headerEnd + entry.byteRange.lowerBound..<headerEnd + entry.byteRange.upperBound
  }
}
