import Core

/// What `hfgd inspect --diff` found, for people and as JSON.
struct DifferenceReport {
  private let first, second: String
  private let difference: CheckpointDifference

  init(_ first: String, _ second: String, _ difference: CheckpointDifference) {
    self.first = first
    self.second = second
    self.difference = difference
  }

  /// A bar for each layer, as long as its distance is beside the largest, and what cannot be compared.
  func text(columns: Int) -> String {
    let layers = difference.layers
    let names = layers.map { $0.name.printable }
    let width = min(names.map(\.count).max() ?? 0, columns / 2)
    let largest = layers.map(\.relative).filter(\.isFinite).max() ?? 0
    let room = max(8, columns - width - 12)
    var lines = [
      "\(first.printable) and \(second.printable): \(difference.equalTensors) tensors are equal"
    ]
    lines += zip(names, layers).map { name, layer in
      let share = largest > 0 ? min(1, layer.relative / largest) : 0
      let number = layer.relative.isFinite ? layer.relative.formatted(decimals: 6) : "∞"
      let shown = name.count > width ? "…" + name.suffix(width - 1) : name[...]
      return shown + String(repeating: " ", count: width - shown.count) + "  "
        + String(repeating: " ", count: max(0, 8 - number.count)) + number + "  "
        + Self.bar(share, cells: room)
    }
    for (list, what) in [
      (difference.incomparable, "cannot be compared"),
      (difference.onlyInFirst, "only in the first"),
      (difference.onlyInSecond, "only in the second"),
    ] where !list.isEmpty {
      lines.append(
        "\(what): " + list.prefix(8).map(\.printable).joined(separator: ", ")
          + (list.count > 8 ? ", … (\(list.count))" : ""))
    }
    return lines.joined(separator: "\n")
  }

  /// A bar of a share of some cells, to an eighth of a cell; what is not zero is at least that.
  private static func bar(_ share: Double, cells: Int) -> String {
    let eighths = share > 0 ? max(1, Int((share * Double(8 * cells)).rounded())) : 0
    let parts = Array(" ▏▎▍▌▋▊▉")
    let rest = eighths % 8
    return String(repeating: "█", count: eighths / 8) + (rest > 0 ? String(parts[rest]) : "")
  }

  /// The same as `hfgd.diff/1`; a distance from zero is null.
  var json: JSON {
    func names(_ list: [String]) -> JSON { .array(list.map { .string($0) }) }
    return .report(
      "diff",
      [
        JSON.Member("first", .string(first)), JSON.Member("second", .string(second)),
        JSON.Member("equal_tensors", .number("\(difference.equalTensors)")),
        JSON.Member(
          "layers",
          .array(
            difference.layers.map { layer in
              .object([
                JSON.Member("name", .string(layer.name)),
                JSON.Member("values", .number("\(layer.count)")),
                JSON.Member(
                  "relative_l2",
                  layer.relative.isFinite ? .number("\(layer.relative)") : .null),
              ])
            })),
        JSON.Member("incomparable", names(difference.incomparable)),
        JSON.Member("only_in_first", names(difference.onlyInFirst)),
        JSON.Member("only_in_second", names(difference.onlyInSecond)),
      ])
  }
}
