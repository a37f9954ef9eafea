import Core

/// The pictures that `hfgd predict` was asked for, and where each one's results go.
struct PredictionInputs {
  /// A picture and the path of its results without suffix, below the output folder.
  struct Item: Equatable {
    let image: String
    let stem: String
  }

  let items: [Item]

  /// Pictures named as such, and those below named folders, whose sub-folders are mirrored.
  ///
  /// The output folder is not searched, so a second run does not take the first one's overlays for pictures.
  init(_ arguments: [String], output: String) throws {
    var items: [Item] = []
    var ownResults = 0
    let results = output.canonicalPath.appendingPath("")
    for argument in arguments {
      if Folder.exists(argument) {
        let images: [String]
        do throws(DataSetFailure) {
          images = try Folder.files(below: argument, where: ImageFile.isImage)
        } catch {
          throw CommandFailure(.someInputsFailed, error.description)
        }
        let folder = argument.canonicalPath
        items += images.compactMap { path in
          let isResult = folder.appendingPath(path).hasPrefix(results)
          ownResults += isResult ? 1 : 0
          return isResult
            ? nil : Item(image: argument.appendingPath(path), stem: path.withoutExtension)
        }
      } else {
        items.append(Item(image: argument, stem: argument.fileName.withoutExtension))
      }
    }
    guard !items.isEmpty else {
      let names = arguments.joined(separator: ", ")
      throw CommandFailure(
        .usage,
        ownResults > 0
          ? "all pictures of \(names) stand in the output folder, which is not searched; give another folder with -o"
          : "\(names) holds no PNG or JPEG picture; name pictures or a folder with some")
    }
    var imageOfStem: [String: String] = [:]
    for item in items {
      if let other = imageOfStem.updateValue(item.image, forKey: item.stem) {
        throw CommandFailure(
          .usage,
          "\(other) and \(item.image) would both be written as \(item.stem).*; rename one, or predict them one by one into different folders with -o"
        )
      }
    }
    self.items = items
  }

  /// Throws where a result would take the place of a picture: one of those that `files` gives for a stem below `output`.
  func checkPicturesStay(output: String, files: (_ stem: String) -> [String]) throws {
    let pictures = Set(items.map(\.image.canonicalPath))
    let folder = output.canonicalPath
    for item in items {
      for file in files(item.stem) where pictures.contains(folder.appendingPath(file)) {
        throw CommandFailure(
          .usage,
          "the results of \(item.image) would replace the picture \(output.appendingPath(file)); give another folder with -o"
        )
      }
    }
  }
}
