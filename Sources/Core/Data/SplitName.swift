/// The names of the parts of a data set.
enum SplitName {
  /// What a name means: `val` for validation, val2017 and the like.
  static func meaning(of name: String) -> String {
    let stem = name.lowercased().replacing(/[0-9]+$/, with: "")
    return switch stem {
    case "training": "train"
    case "validation", "valid", "dev": "val"
    case "testing": "test"
    default: stem
    }
  }

  /// The names that mean a part, rather than a folder of pictures that happens to stand there.
  static let common: Set<String> = [
    "train", "training", "val", "valid", "validation", "dev", "test", "testing", "trainval",
  ]

  /// The one among `available` that is called or means `wanted`; by default the one to judge by: val, else test, else
  /// train, else the first.
  static func choose(_ wanted: String?, among available: [String]) -> String? {
    func find(_ name: String) -> String? {
      available.contains(name)
        ? name : available.first { meaning(of: $0) == meaning(of: name) }
    }
    if let wanted { return find(wanted) }
    return find("val") ?? find("test") ?? find("train") ?? available.first
  }
}
