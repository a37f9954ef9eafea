import Core
import TestSupport

extension Program {
  /// Makes a data set like CamVid in the folder `data`: pictures of noise with labels of three classes and void.
  ///
  /// The images are called 0, 1, …, or as `names` says.
  func makeCamVid(_ images: Int, names: [String]? = nil) throws {
    var random = SeededRandom(seed: 4)
    try Folder.create(path("data/valannot"))
    for i in 0..<images {
      let name = names?[i] ?? "\(i)"
      try makePicture("data/val/\(name).png", width: 24 + i, height: 20)
      let labels = LabelMap(
        width: 24 + i, height: 20,
        values: (0..<(20 * (24 + i))).map { _ in UInt16([1, 3, 5, 11][Int(random.next() % 4)]) })
      try ImageFile.write(labels, to: path("data/valannot/\(name).png"))
    }
  }
}
