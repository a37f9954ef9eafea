/// The classes of a data set: names and colours in the order of the logits, and the label that is never counted.
public struct ClassTable: Sendable, Equatable {
  /// Class names.
  public let names: [String]
  /// One colour per class, as the data set publishes them.
  public let palette: [RGB]
  /// The label value that stands for "no class".
  public let ignoreIndex: Int

  /// CamVid in SegNet's version: 11 classes, label 11 is void.
  public static let camVid = ClassTable(
    names: [
      "Sky", "Building", "Pole", "Road", "Pavement", "Tree", "SignSymbol", "Fence", "Car",
      "Pedestrian", "Bicyclist",
    ],
    palette: [
      RGB(128, 128, 128), RGB(128, 0, 0), RGB(192, 192, 128), RGB(128, 64, 128), RGB(60, 40, 222),
      RGB(128, 128, 0), RGB(192, 128, 128), RGB(64, 64, 128), RGB(64, 0, 128), RGB(64, 64, 0),
      RGB(0, 128, 192),
    ],
    ignoreIndex: 11)

  /// Pascal Context with 59 classes; colours are entries 1…59 of Pascal VOC's colour map, 0 being the background.
  public static let pascalContext = ClassTable(
    names: [
      "aeroplane", "bag", "bed", "bedclothes", "bench", "bicycle", "bird", "boat", "book", "bottle",
      "building", "bus", "cabinet", "car", "cat", "ceiling", "chair", "cloth", "computer", "cow",
      "cup", "curtain", "dog", "door", "fence", "floor", "flower", "food", "grass", "ground",
      "horse", "keyboard", "light", "motorbike", "mountain", "mouse", "person", "plate", "platform",
      "pottedplant", "road", "rock", "sheep", "shelves", "sidewalk", "sign", "sky", "snow", "sofa",
      "table", "track", "train", "tree", "truck", "tvmonitor", "wall", "water", "window", "wood",
    ],
    palette: (1...59).map(vocColour),
    ignoreIndex: 255)

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
