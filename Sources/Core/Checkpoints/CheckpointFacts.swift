/// What a foreign checkpoint tells of its classes and of its input, as far as it does.
public struct CheckpointFacts: Sendable, Equatable {
  /// Names of the classes in the order of the logits.
  public var classes: [String]?
  /// A colour for each.
  public var palette: [RGB]?
  /// How the picture is normalised, values `0…255`.
  public var input: ModelConfiguration.Normalisation?
  /// Whether the network was trained on blue, green and red, in this order.
  public var isBGR = false

  /// Nothing is known.
  public init() {}

  /// What mmengine's `meta` tells: `dataset_meta` with `classes` and `palette` (`CLASSES` and `PALETTE` before 1.0), and `cfg`,
  /// the text of the configuration.
  init(meta: PickleGraph.Reference, in graph: PickleGraph) {
    let top = graph.members(meta) ?? []
    let inner = top.first { $0.key == "dataset_meta" }.flatMap { graph.members($0.value) } ?? []
    func value(_ keys: [String]) -> PickleGraph.Reference? {
      (inner + top).first { keys.contains($0.key) }?.value
    }
    func elements(_ keys: [String]) -> [PickleGraph.Reference]? {
      let found = value(keys).flatMap(graph.elements) ?? []
      return ModelConfiguration.classRange ~= found.count ? found : nil
    }
    classes = elements(["classes", "CLASSES"]).flatMap { names in
      // Names that were read line by line may end in the line's end.
      let texts = names.compactMap { graph.text($0)?.singleSpaced }
      return texts.count == names.count && texts.allSatisfy(\.isName) ? texts : nil
    }
    palette = elements(["palette", "PALETTE"]).flatMap { colours in
      let read = colours.compactMap { RGB(of: $0, in: graph) }
      return read.count == colours.count ? read : nil
    }
    if let text = value(["cfg", "config"]).flatMap({ graph.text($0, atMost: 1 << 20) }) {
      readConfiguration(text)
    }
  }

  /// The classes of a model that tells `count` apart: those that the file names; those of a data set with as many; numbers.
  public func classTable(count: Int) -> ClassTable {
    let known = DataSetKind.all.compactMap(\.classes).first { $0.names.count == count }
    guard let classes, classes.count == count else {
      return known
        ?? ClassTable(
          names: (0..<count).map { "class \($0)" }, palette: ClassTable.devkitColours(count),
          ignoreIndex: 255)
    }
    let palette = palette.flatMap { $0.count == count ? $0 : nil }
    return ClassTable(
      names: classes, palette: palette ?? known?.palette ?? ClassTable.devkitColours(count),
      ignoreIndex: 255)
  }

  /// Looks for `mean=[…]`, `std=[…]` and the order of the channels in the Python text of a configuration of mmengine.
  mutating func readConfiguration(_ text: String) {
    // "bgr_to_rgb=False" ends in it, too.
    isBGR = text.replacing(" ", with: "").contains("to_rgb=False")
    guard let mean = Self.three(after: "mean", in: text),
      let std = Self.three(after: "std", in: text),
      std.allSatisfy({ $0 > 0 })
    else { return }
    input = ModelConfiguration.Normalisation(mean: mean, std: std)
  }

  /// The first three numbers in brackets after `name =`.
  private static func three(after name: String, in text: String) -> [Float]? {
    // A list ends before the next begins, so that each character is looked at a few times only.
    let lists = text.matches(of: /\b(mean|std)\s*=\s*[\[\(]([^\[\(\]\)]*)[\]\)]/)
    for match in lists where match.1 == name {
      let numbers = match.2.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
        .filter { !$0.isEmpty }.map { Float($0) }
      let finite = numbers.compactMap { $0 }.filter(\.isFinite)
      if finite.count == 3 && numbers.count == 3 { return finite }
    }
    return nil
  }
}

extension RGB {
  /// A list of three whole numbers 0…255.
  fileprivate init?(of reference: PickleGraph.Reference, in graph: PickleGraph) {
    guard let parts = graph.elements(reference), parts.count == 3 else { return nil }
    let channels = parts.compactMap { graph.int($0).flatMap(UInt8.init(exactly:)) }
    guard channels.count == 3 else { return nil }
    self.init(channels[0], channels[1], channels[2])
  }
}
