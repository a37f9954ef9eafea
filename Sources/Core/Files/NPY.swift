/// NumPy's array file, version 1.0: a magic number, a header that is a Python literal, the values.
public enum NPY {
  /// The file of little-endian float32 values in C order of `shape`.
  public static func encode(_ values: [Float], shape: [Int]) -> [UInt8] {
    precondition(
      values.count == shape.reduce(1, *), "\(values.count) values do not fill \(shape)")
    let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(extents)), }"
    // Ten bytes stand before the header; data must begin at a multiple of 64, after a newline.
    let padding = (64 - (10 + header.utf8.count + 1) % 64) % 64
    header += String(repeating: " ", count: padding) + "\n"
    let length = UInt16(header.utf8.count)
    var bytes: [UInt8] =
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)]
    bytes += header.utf8
    values.withUnsafeBytes { bytes += $0 }
    return bytes
  }
}

extension Tensor {
  /// The file `[channels, height, width]` of the first image, as PyTorch's users expect logits.
  public var channelsFirstNPY: [UInt8] {
    let (pixels, c) = (shape.h * shape.w, shape.c)
    let planes = [Float](unsafeUninitializedCapacity: pixels * c) { planes, count in
      for pixel in 0..<pixels {
        for channel in 0..<c { planes[channel * pixels + pixel] = values[pixel * c + channel] }
      }
      count = pixels * c
    }
    return NPY.encode(planes, shape: [c, shape.h, shape.w])
  }
}
