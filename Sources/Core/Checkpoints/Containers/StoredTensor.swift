/// A tensor of a checkpoint file, whatever the container: what it is, and where its elements stand.
public struct StoredTensor: Sendable {
  /// The name, wrappers and common prefixes taken off.
  public let name: String
  /// The type of the elements.
  public let dtype: DType
  /// Sizes of the axes, outermost first; empty for a scalar; a size may be 0.
  public let shape: [Int]
  private let place: Place
  /// How many elements lie from one step along each axis to the next; `nil` where they are packed row by row.
  private let strides: [Int]?

  private enum Place: Sendable {
    case file(FileContents, Range<Int>)
    /// A range of what a member of an archive inflates to.
    case deflated(ZipArchive, ZipArchive.Member, Range<Int>)
  }

  /// The number of elements; 1 for a scalar.
  public var elementCount: Int { shape.reduce(1, *) }
  /// Whether the sizes multiply to less than 2⁵⁹ bits, those of 0 counted as 1: sizes of an empty tensor may be anything.
  var isCountable: Bool {
    var bits = dtype.bits
    for size in shape {
      let (product, isTooLarge) = bits.multipliedReportingOverflow(by: max(size, 1))
      guard !isTooLarge, product < 1 << 59 else { return false }
      bits = product
    }
    return true
  }
  /// How many bytes the elements take when they are packed.
  public var byteCount: Int { elementCount * dtype.bits / 8 }

  /// A tensor whose elements stand in a range of a file; shape and strides must have been held against its size.
  init(
    _ name: String, _ dtype: DType, _ shape: [Int], in contents: FileContents, _ range: Range<Int>,
    strides: [Int]? = nil
  ) {
    self.init(name, dtype, shape, .file(contents, range), strides)
  }

  /// A tensor whose elements stand in a range of a member of an archive.
  init(
    _ name: String, _ dtype: DType, _ shape: [Int], in member: ZipArchive.Member,
    of archive: ZipArchive, _ range: Range<Int>, strides: [Int]? = nil
  ) {
    let start = member.bytes.lowerBound
    self.init(
      name, dtype, shape,
      member.isDeflated
        ? .deflated(archive, member, range)
        : .file(archive.contents, start + range.lowerBound..<start + range.upperBound), strides)
  }

  private init(
    _ name: String, _ dtype: DType, _ shape: [Int], _ place: Place, _ strides: [Int]?
  ) {
    self.name = name
    self.dtype = dtype
    self.shape = shape
    self.place = place
    let packed = Self.packedStrides(of: shape)
    // Along an axis of one element nothing is stepped over, whatever the stride says.
    let isPacked = strides.map { strides in
      zip(shape, zip(strides, packed)).allSatisfy { $0 <= 1 || $1.0 == $1.1 }
    }
    self.strides =
      isPacked == false ? zip(shape, strides ?? []).map { $0 <= 1 ? 0 : $1 } : nil
  }

  /// The same tensor by another name.
  func renamed(_ name: String) -> StoredTensor {
    StoredTensor(name, dtype, shape, place, strides)
  }

  /// The strides of a tensor whose rows follow each other.
  static func packedStrides(of shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] &* shape[axis + 1]
    }
    return strides
  }

  /// The elements, read where they stand; what is deflated is inflated and can fail.
  public func elements() throws(ZipFailure) -> TensorElements {
    let (contents, range) =
      switch place {
      case .file(let contents, let range): (contents, range)
      case .deflated(let archive, let member, let range):
        (FileContents.array(try archive.contents(of: member, atMost: .max)), range)
      }
    return TensorElements(
      dtype: dtype, shape: shape, strides: strides, contents: contents, range: range)
  }
}
