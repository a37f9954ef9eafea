import ArgumentParser
import Core

/// Which kind of data set it is, and what its kind does not say of its labels.
struct DataSetKindOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The kind of data set (default: what the folder looks like): \(kinds).", valueName: "kind"),
    completion: .list(DataSetKind.all.map(\.name)))
  var dataset: String?

  @Option(name: .long, help: "The label that is not counted (default: as the kind has it, or 255).")
  var ignoreIndex: Int?

  @Flag(
    name: .long, inversion: .prefixedNo,
    help: "Label 0 is no class, and class k is stored as k + 1 (default: as the kind has it).")
  var reduceZeroLabel: Bool?

  private static var kinds: String { DataSetKind.all.map(\.name).joined(separator: ", ") }

  mutating func validate() throws {
    if let dataset, DataSetKind.named(dataset) == nil {
      throw ValidationError("--dataset is one of \(Self.kinds), not \(dataset.printable).")
    }
    if let ignoreIndex, !(0...65535).contains(ignoreIndex) {
      throw ValidationError("--ignore-index is from 0 to 65535, not \(ignoreIndex).")
    }
  }
}
