extension ClassTable {
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

  /// Pascal Context with the background as class 0, which makes 60.
  public static let pascalContext60 = ClassTable(
    names: ["background"] + pascalContext.names, palette: (0...59).map(vocColour), ignoreIndex: 255)
}
