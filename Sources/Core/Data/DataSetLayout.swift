/// How the files of a data set lie in folders; `{split}` in a path stands for the split's name.
struct DataSetLayout: Sendable {
  /// The folder of the images.
  let images: String
  /// Where the labels may be; the first entry that labels most of the images counts.
  let labels: [Labels]
  /// A list of the split's images; what it names is the split.
  var list: String?
  /// Whether the split may come without its list.
  var isListOptional = false
  /// The names that a split may have; `nil` for any.
  var splits: Set<String>?
  /// Whether an image of this name may belong to the set, where folders alone do not tell; asked for the first and last.
  var fits: @Sendable (_ stem: String) -> Bool = { _ in true }

  /// Label files beside images.
  struct Labels: Sendable {
    /// The folders of the labels; a label is looked for in each of them.
    let folders: [String]
    /// What the name of an image has at its end and that of its label has not.
    var imageSuffix = ""
    /// What the name of a label has at its end.
    var suffix = ""
    /// How the files store classes.
    var encoding = LabelEncoding()
    /// What the name of a map of instances has at its end, in the same folders.
    var instanceSuffix: String?
  }

  /// The path `template` of a split.
  static func path(_ template: String, _ split: String) -> String {
    template.replacing("{split}", with: split)
  }

  /// The layout in words: what was looked for.
  var description: String {
    let folders = labels.flatMap(\.folders).reduce(into: [String]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    let list = isListOptional ? nil : list
    let parts: [String?] = [images, folders.joined(separator: " or "), list]
    let names = splits == SplitName.common ? nil : splits?.sorted().joined(separator: ",")
    return Self.path(parts.compactMap { $0 }.joined(separator: " + "), "{\(names ?? "split")}")
  }

  /// The splits of this layout that `tree` holds, in alphabetical order.
  func splits(in tree: FileTree) -> [String] {
    let template = images.contains("{split}") ? images : list
    guard let template, template.contains("{split}") else { return isWhole(tree) ? [Self.all] : [] }
    let found = Self.names(matching: template, in: tree).filter { split in
      splits?.contains(split) != false && holds(split, tree)
    }
    return found.isEmpty && template == list && isListOptional && isWhole(tree) ? [Self.all] : found
  }

  /// The name of the only split of a data set that is not divided.
  static let all = DataSet.undivided

  private func isWhole(_ tree: FileTree) -> Bool { splits == nil && holds(Self.all, tree) }

  /// Whether the split has a folder of images and one of labels.
  private func holds(_ split: String, _ tree: FileTree) -> Bool {
    tree.hasFolder(Self.path(images, split))
      && labels.contains { $0.folders.contains { tree.hasFolder(Self.path($0, split)) } }
  }

  /// What `{split}` may stand for in `template`, a folder or, with something after it in the name, a file.
  private static func names(matching template: String, in tree: FileTree) -> [String] {
    let parts = template.split(separator: "{split}", omittingEmptySubsequences: false)
    let (before, after) = (String(parts[0]), String(parts[1]))
    let isFile = !after.isEmpty && !after.hasPrefix("/")
    let (files, folders) = tree.entries(in: String(before.dropLast()))
    guard isFile else { return folders.filter { tree.hasFolder(before + $0 + after) } }
    return files.filter { $0.hasSuffix(after) && !ClassFile.names.contains($0) }
      .map { String($0.dropLast(after.count)) }.filter { !$0.isEmpty }
  }
}
