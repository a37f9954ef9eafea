/// NumPy's array file, version 1.0: a magic number, a header that is a Python literal, the values.
public enum NPY {
  /// The file of little-endian float32 values in C order of `shape`.
  public static func encode(_ values: [Float], shape: [Int]) -> [UInt8] {
    precondition(
      values.count == shape.reduce(1, *), "\(values.count) values do not fill \(shape)")
    return file(of: shape) { data in
      values.withUnsafeBytes {
        if let base = $0.baseAddress { data.copyMemory(from: base, byteCount: $0.count) }
      }
    }
  }

  /// The file whose data, 4 bytes for each value of `shape`, `fill` writes in place: logits are too large to hold twice.
  fileprivate static func file(of shape: [Int], fill: (UnsafeMutableRawPointer) -> Void) -> [UInt8]
  {
    let header = header(of: shape)
    let size = header.count + MemoryLayout<Float>.stride * shape.reduce(1, *)
    return [UInt8](unsafeUninitializedCapacity: size) { bytes, count in
      guard let base = bytes.baseAddress else { return }
      base.initialize(from: header, count: header.count)
      fill(UnsafeMutableRawPointer(base + header.count))
      count = size
    }
  }

  /// All that stands before the values.
  private static func header(of shape: [Int]) -> [UInt8] {
    let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(extents)), }"
    // Ten bytes stand before the header; data must begin at a multiple of 64, after a newline.
    let padding = (64 - (10 + header.utf8.count + 1) % 64) % 64
    header += String(repeating: " ", count: padding) + "\n"
    let length = UInt16(header.utf8.count)
    return [0x93] + "NUMPY".utf8 + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + header.utf8
  }
}

extension Tensor {
  /// The file `[channels, height, width]` of the first image, as PyTorch's users expect logits.
  public var channelsFirstNPY: [UInt8] {
    let (pixels, c) = (shape.h * shape.w, shape.c)
    return NPY.file(of: [c, shape.h, shape.w]) { data in
      values.withUnsafeBufferPointer { values in
        for pixel in 0..<pixels {
          for channel in 0..<c {
            data.storeBytes(
              of: values[pixel * c + channel],
              toByteOffset: MemoryLayout<Float>.stride * (channel * pixels + pixel), as: Float.self)
          }
        }
      }
    }
  }
}
