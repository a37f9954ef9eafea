extension ClassTable {
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
}
