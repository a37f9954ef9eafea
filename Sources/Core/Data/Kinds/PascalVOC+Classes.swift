extension ClassTable {
  /// The background and the 20 classes of Pascal VOC; 255 is the border of objects.
  public static let pascalVOC = ClassTable(
    names: [
      "background", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair",
      "cow", "diningtable", "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa",
      "train", "tvmonitor",
    ],
    palette: (0...20).map(vocColour), ignoreIndex: 255)

  /// Entry `index` of Pascal VOC's colour map: the index's bits, three at a time, become the top bits of red, green and
  /// blue.
  public static func vocColour(_ index: Int) -> RGB {
    var channels: [UInt8] = [0, 0, 0]
    for bit in 0..<8 {
      for channel in 0..<3 where index >> (3 * bit + channel) & 1 == 1 {
        channels[channel] |= 1 << (7 - UInt8(bit))
      }
    }
    return RGB(channels[0], channels[1], channels[2])
  }
}
