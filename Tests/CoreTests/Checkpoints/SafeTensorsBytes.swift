/// A safetensors file of `header` and `dataSize` zero bytes; `length` overrides the header's true length.
func safeTensorsBytes(_ header: [UInt8], dataSize: Int = 0, length: UInt64? = nil) -> [UInt8] {
  let length = (length ?? UInt64(header.count)).littleEndian
  return withUnsafeBytes(of: length) { Array($0) } + header
    + [UInt8](repeating: 0, count: dataSize)
}

/// The same with the header as text.
func safeTensorsBytes(_ header: String, dataSize: Int = 0, length: UInt64? = nil) -> [UInt8] {
  safeTensorsBytes(Array(header.utf8), dataSize: dataSize, length: length)
}

/// A header's line of one tensor: `"name":{…}`.
func declaration(
  _ name: String, _ dtype: String, _ shape: String, _ begin: Int, _ end: Int
) -> String {
  #""\#(name)":{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":[\#(begin),\#(end)]}"#
}

/// The same for an F32 tensor.
func declaration(_ name: String, _ shape: String, _ begin: Int, _ end: Int) -> String {
  declaration(name, "F32", shape, begin, end)
}
