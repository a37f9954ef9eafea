import Testing

@testable import Core

@Suite("NumPy files")
struct NPYTests {
  /// The bytes that `numpy.save` of NumPy 2.4 writes for the same array.
  @Test func handExample() {
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }"
    let bytes = NPY.encode([1.5, -2], shape: [1, 2])
    #expect(
      bytes == [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8)
        + [UInt8](repeating: 0x20, count: 117 - header.utf8.count) + [0x0A]
        + [0, 0, 0xC0, 0x3F, 0, 0, 0, 0xC0])
  }

  @Test(arguments: [[], [1], [3], [2, 0, 5], [59, 12, 10], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 7]])
  func dataBeginAtAMultipleOf64(shape: [Int]) throws {
    let count = shape.reduce(1, *)
    let bytes = NPY.encode([Float](repeating: 1, count: count), shape: shape)
    let length = Int(bytes[8]) + 256 * Int(bytes[9])
    #expect((10 + length) % 64 == 0)
    #expect(bytes.count == 10 + length + 4 * count)
    #expect(bytes[10 + length - 1] == 0x0A)
    let header = String(decoding: bytes[10..<(10 + length)], as: UTF8.self)
    let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    #expect(header.contains("'shape': (\(extents)), }"))
  }

  /// Channels innermost in memory, outermost in the file.
  @Test func channelsComeFirst() {
    let tensor = Tensor(Shape(h: 2, w: 1, c: 3), [0, 1, 2, 10, 11, 12])
    #expect(tensor.channelsFirstNPY == NPY.encode([0, 10, 1, 11, 2, 12], shape: [3, 2, 1]))
  }

  @Test func programmerErrorsStop() async {
    await #expect(processExitsWith: .failure) { _ = NPY.encode([1, 2], shape: [3]) }
  }
}
