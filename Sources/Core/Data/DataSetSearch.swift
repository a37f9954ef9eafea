/// Finds out what kind of data set a folder holds, and pairs its images with their labels.
struct DataSetSearch {
  private let request: DataSetRequest

  init(_ request: DataSetRequest) { self.request = request }

  /// The data set in the folder or tar archive at `path`.
  func open(_ path: String) throws(DataSetFailure) -> DataSet {
    let tree: FileTree
    if Folder.exists(path) {
      tree = .folder(path)
    } else if FileBytes.count(path) != nil {
      do throws(TarFailure) { tree = .archive(try TarArchive(path: path), below: "") } catch {
        throw .archive(error)
      }
    } else {
      throw .notAFolder(path: path)
    }
    if let labels = request.labels { return try paired(tree, path, with: labels) }

    let candidates = try self.candidates(in: tree)
    for candidate in candidates {
      guard let split = SplitName.choose(request.split, among: candidate.splits) else { continue }
      let files = try LayoutFiles(candidate.layout, split: split, in: candidate.place)
      guard request.kind != nil || files.fit(candidate.layout) else { continue }
      return try dataSet(candidate.kind, path, split, files, candidate.classFile)
    }
    if let split = request.split, let near = candidates.first(where: { !$0.splits.isEmpty }) {
      throw .noSplit(
        name: split, expected: "\(DataSetLayout.path(near.layout.description, split)) in \(path)",
        available: Set(candidates.flatMap(\.splits)).sorted())
    }
    guard !request.needsLabels else {
      throw .unknownLayout(path: path, looked: Self.descriptions(of: candidates))
    }
    return try pictures(tree, path)
  }

  /// A layout that a folder may have, and the splits that it has then.
  private struct Candidate {
    let kind: DataSetKind
    let layout: DataSetLayout
    let place: FileTree
    let classFile: ClassFile?
    let splits: [String]
  }

  /// Every layout of every kind in every place, in the order in which they are tried.
  private func candidates(in tree: FileTree) throws(DataSetFailure) -> [Candidate] {
    let kinds = try self.kinds()
    var candidates: [Candidate] = []
    var tops: [(FileTree, ClassFile?)] = []
    for top in Self.tops(of: tree) { tops.append((top, try classFile(in: top))) }
    // What holds nothing but a folder that names classes is a wrapping, and that folder no split.
    let first = tops.firstIndex { $0.1 != nil } ?? 0
    for (top, file) in tops[first...] {
      // A set that names its own classes is not one of the known ones, whatever its folders are called.
      for kind in kinds where request.kind != nil || file == nil || kind.classes == nil {
        let places = [top] + kind.wrappings.filter(top.hasFolder).map(top.subtree)
        candidates += places.flatMap { place in
          kind.layouts.map {
            Candidate(
              kind: kind, layout: $0, place: place, classFile: file, splits: $0.splits(in: place))
          }
        }
      }
    }
    return candidates
  }

  /// What was looked for, each layout once.
  private static func descriptions(of candidates: [Candidate]) -> [String] {
    var seen: Set<String> = []
    return candidates.filter { seen.insert($0.layout.description).inserted }
      .map { "\($0.kind.title): \($0.layout.description)" }
  }

  /// The kinds that are asked for, or all.
  private func kinds() throws(DataSetFailure) -> [DataSetKind] {
    guard let name = request.kind else { return DataSetKind.all }
    guard let kind = DataSetKind.named(name) else {
      throw .unknownKind(name: name, known: DataSetKind.all.map(\.name))
    }
    return [kind]
  }

  /// The tree, and what it is wrapped in: the only folder in it, and the only one in that.
  private static func tops(of tree: FileTree) -> [FileTree] {
    var tops = [tree]
    for _ in 0..<2 {
      let (files, folders) = tops[tops.count - 1].entries(in: "")
      guard files.isEmpty, folders.count == 1 else { break }
      tops.append(tops[tops.count - 1].subtree(folders[0]))
    }
    return tops
  }

  /// The classes that a file in the folder names.
  private func classFile(in tree: FileTree) throws(DataSetFailure) -> ClassFile? {
    for name in ClassFile.names {
      guard let file = tree.file(name) else { continue }
      let bytes: [UInt8]
      do throws(FileFailure) { bytes = try file.read(maxBytes: 1 << 20) } catch {
        throw .unreadableList(error)
      }
      return try ClassFile(String(decoding: bytes, as: UTF8.self), path: file.path)
    }
    return nil
  }

  /// Images of `tree` with the label maps of another folder.
  private func paired(_ tree: FileTree, _ path: String, with labels: String) throws(DataSetFailure)
    -> DataSet
  {
    guard Folder.exists(labels) else { throw .notAFolder(path: labels) }
    let images = request.split.map(tree.subtree) ?? tree
    guard images.hasFolder("") else { throw .notAFolder(path: images.path) }
    let kind = try request.kind == nil ? .folders : kinds()[0]
    let own = kind.layouts.flatMap(\.labels)
    let usual = own.last { $0.suffix.isEmpty } ?? own[0]
    let forms = own + DataSetKind.named([], usual.encoding)
    let files = try LayoutFiles(images: images, labels: forms.map { ($0, [.folder(labels)]) })
    return try dataSet(
      kind, path, request.split ?? DataSetLayout.all, files, try classFile(in: tree))
  }

  /// The images that `list` names, each with its label.
  func open(_ list: PairList) throws(DataSetFailure) -> DataSet {
    let kind = try request.kind == nil ? .folders : kinds()[0]
    // What the first label is called tells how the labels are encoded.
    let stem = list.pairs.lazy.compactMap(\.label).first?.path.withoutExtension ?? ""
    let form = kind.layouts.flatMap(\.labels).first { stem.hasSuffix($0.suffix) }
    if request.needsLabels {
      let unlabelled = list.pairs.filter { $0.label == nil }.map(\.name)
      guard unlabelled.isEmpty else { throw .unpairedList(images: unlabelled) }
    }
    return dataSet(
      kind, "-", request.split ?? DataSetLayout.all, form?.encoding ?? LabelEncoding(), nil
    ) { encoding, colours in
      list.pairs.map {
        Sample(
          name: $0.name, image: $0.image, label: $0.label, instances: nil, encoding: encoding,
          colours: colours)
      }
    }
  }

  /// Every picture of a folder, or of that of a split, without labels.
  ///
  /// Pictures that are called the same but for their extensions keep them.
  private func pictures(_ tree: FileTree, _ path: String) throws(DataSetFailure) -> DataSet {
    let folder = request.split.map(tree.subtree) ?? tree
    guard folder.hasFolder("") else { throw .notAFolder(path: folder.path) }
    let files = try folder.files(below: "", where: ImageFile.isImage)
    guard !files.isEmpty else { throw .noImages(folder: folder.path) }
    let stems = files.map(\.path.withoutExtension)
    var seen: Set<String> = []
    let shared = Set(stems.filter { !seen.insert($0).inserted })
    return dataSet(.folders, path, request.split ?? DataSetLayout.all, LabelEncoding(), nil) {
      encoding, colours in
      zip(files, stems).map { file, stem in
        Sample(
          name: shared.contains(stem) ? file.path : stem, image: file.source, label: nil,
          instances: nil, encoding: encoding, colours: colours)
      }
    }
  }

  private func dataSet(
    _ kind: DataSetKind, _ path: String, _ split: String, _ files: LayoutFiles, _ file: ClassFile?
  ) throws(DataSetFailure) -> DataSet {
    if request.needsLabels { try files.requireLabels() }
    return dataSet(kind, path, split, files.encoding, file, samples: files.samples)
  }

  /// The set with the classes of its kind, else of its class file, else of the request.
  private func dataSet(
    _ kind: DataSetKind, _ path: String, _ split: String, _ encoding: LabelEncoding,
    _ file: ClassFile?, samples: (LabelEncoding, LabelColours?) -> [Sample]
  ) -> DataSet {
    let classes = kind.classes ?? file?.classes ?? request.classes
    let own = kind.classes == nil ? LabelEncoding(mapping: file?.mapping) : encoding
    let encoding = own.changed(by: request.encoding, ignoreIndex: classes?.ignoreIndex ?? 255)
    // Colours stand for class numbers, not for what a kind stores in their place.
    let painted = kind.classes.flatMap {
      encoding.isPlain ? LabelColours($0.palette, ignoreIndex: encoding.ignoreIndex) : nil
    }
    return DataSet(
      kind: kind, root: path, split: split, classes: classes, encoding: encoding,
      samples: samples(encoding, painted ?? file?.colours))
  }
}
