/// The files of one split, paired by name.
struct LayoutFiles {
  /// How the label files store classes.
  let encoding: LabelEncoding
  /// The names of the samples, in the list's order or alphabetical.
  let names: [String]

  /// The files by the path without extension and suffix: the sample's name.
  private let imageOf, labelOf, instancesOf: [String: FileSource]
  private let labelFolder: String

  /// The files of `split` of a layout.
  init(_ layout: DataSetLayout, split: String, in tree: FileTree) throws(DataSetFailure) {
    func place(_ template: String) -> FileTree {
      tree.subtree(DataSetLayout.path(template, split))
    }
    try self.init(
      images: place(layout.images), labels: layout.labels.map { ($0, $0.folders.map(place)) },
      list: layout.list.flatMap { tree.file(DataSetLayout.path($0, split)) })
  }

  /// The images below a folder, with that form of labels which labels most of them, the first of equals.
  init(
    images: FileTree, labels: [(form: DataSetLayout.Labels, folders: [FileTree])],
    list: FileSource? = nil
  ) throws(DataSetFailure) {
    let pictures = try Listing(images, where: ImageFile.isImage)
    guard !pictures.files.isEmpty else { throw .noImages(folder: images.path) }
    var listings: [String: Listing] = [:]
    for folder in labels.flatMap(\.folders) where listings[folder.path] == nil {
      listings[folder.path] = try Listing(folder) { $0.lowercased().hasSuffix(".png") }
    }
    func files(_ folders: [FileTree], suffix: String) throws(DataSetFailure) -> [String: FileSource]
    {
      var files: [String: FileSource] = [:]
      for folder in folders {
        files.merge(try listings[folder.path]?.byName(suffix: suffix) ?? [:]) { a, _ in a }
      }
      return files
    }
    var chosen = (form: DataSetLayout.Labels(folders: []), folders: [FileTree]())
    var (images, labelled) = (try pictures.byName(suffix: ""), [String: FileSource]())
    var most = -1
    for (form, folders) in labels where most < pictures.files.count {
      let labelOf = try files(folders, suffix: form.suffix)
      guard labelOf.count > most else { continue }
      let imageOf = try pictures.byName(suffix: form.imageSuffix)
      let count = imageOf.keys.count { labelOf[$0] != nil }
      guard count > most else { continue }
      (most, chosen, images, labelled) = (count, (form, folders), imageOf, labelOf)
    }
    encoding = chosen.form.encoding
    labelFolder = chosen.folders.first?.path ?? ""
    imageOf = images
    labelOf = labelled
    instancesOf =
      try chosen.form.instanceSuffix.map { suffix throws(DataSetFailure) in
        try files(chosen.folders, suffix: suffix)
      } ?? [:]
    names =
      try list.map { list throws(DataSetFailure) in
        try SplitList(list).pick(from: Set(images.keys), suffix: chosen.form.imageSuffix)
      } ?? images.keys.sorted()
  }

  /// Whether the first and the last image may belong to the layout's set.
  func fit(_ layout: DataSetLayout) -> Bool {
    [names.min(), names.max()].allSatisfy { $0.map(layout.fits) ?? false }
  }

  /// Throws where an image has no label.
  func requireLabels() throws(DataSetFailure) {
    let unlabelled = names.filter { labelOf[$0] == nil }
    guard unlabelled.isEmpty else { throw .missingLabels(folder: labelFolder, images: unlabelled) }
  }

  /// The samples.
  func samples(_ encoding: LabelEncoding, _ colours: LabelColours?) -> [Sample] {
    names.compactMap { name in
      imageOf[name].map {
        Sample(
          name: name, image: $0, label: labelOf[name], instances: instancesOf[name],
          encoding: encoding, colours: colours)
      }
    }
  }
}

/// The files of one sort below a folder; none where there is no folder.
private struct Listing {
  /// The files by their paths without extension.
  let files: [(stem: String, source: FileSource)]
  let folder: String

  init(_ tree: FileTree, where isWanted: (String) -> Bool) throws(DataSetFailure) {
    folder = tree.path
    let found = tree.hasFolder("") ? try tree.files(below: "", where: isWanted) : []
    files = found.map { ($0.path.withoutExtension, $0.source) }
  }

  /// The files whose paths end in `suffix`, the extension apart, by what stands before it.
  func byName(suffix: String) throws(DataSetFailure) -> [String: FileSource] {
    var named: [String: FileSource] = [:]
    for (stem, source) in files where stem.hasSuffix(suffix) {
      let name = String(stem.dropLast(suffix.count))
      guard named.updateValue(source, forKey: name) == nil else {
        throw .ambiguous(folder: folder, stem: stem)
      }
    }
    return named
  }
}
