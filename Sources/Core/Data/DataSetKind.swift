/// A data set that is known by name: its classes, and the ways in which its files may lie.
public struct DataSetKind: Sendable {
  /// The name on the command line and in reports, for example `cityscapes`.
  public let name: String
  /// The name in texts.
  public let title: String
  /// Names, colours and the ignored label; `nil` where the folder or the model must tell.
  public let classes: ClassTable?
  /// Folders in which a copy of the set is often wrapped, beside its top.
  var wrappings: [String] = []
  /// The layouts, the most specific first.
  let layouts: [DataSetLayout]

  /// All kinds in the order in which a folder is compared with them.
  public static let all: [DataSetKind] = [
    .cityscapes, .ade20k, .cocoStuff164k, .cocoStuff10k, .pascalContext, .pascalContext60,
    .pascalVOC, .camVid, .folders,
  ]

  /// The kind called `name`.
  public static func named(_ name: String) -> DataSetKind? { all.first { $0.name == name } }
}
