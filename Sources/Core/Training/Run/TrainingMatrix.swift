/// A table of trainings that are compared: rows of a YAML or JSON file, each trained with every seed.
///
///     base: {data: [camvid], steps: 4000}
///     seeds: [0, 1, 2]
///     rows:
///       - {name: SFPN, preset: sfpn-mobilenet_v2, paper: 47.14}
///       - {name: HFGD, guidance: full, paper: 50.76, against: SFPN}
///
/// `base` and rows have the keys of a ``TrainingRequest`` and of a ``Recipe``; a row's come last. The last `recipe` that is
/// named is what all of them change. `against` may be a list.
public struct TrainingMatrix: Sendable {
  /// A line of the table.
  public struct Row: Sendable {
    /// What people call it.
    public let name: String
    /// The value that the paper has for it, mean IoU in percent.
    public let paper: Double?
    /// The names of the rows that it is compared with, each by itself.
    public let against: [String]
    fileprivate let changes: Changes
  }

  /// The keys of `base` or of a row, beside those that only a table has.
  fileprivate struct Changes: Sendable {
    /// The recipe that is changed, if one is named.
    let recipe: JSON?
    let keys: JSON

    init(_ json: JSON, without others: [String] = []) {
      recipe = json["recipe"]
      keys = .object((json.object ?? []).filter { !(others + ["recipe"]).contains($0.key) })
    }
  }

  /// The lines.
  public let rows: [Row]
  /// The seeds that each line is trained with.
  public let seeds: [Int]
  private let path: String
  private let base: Changes

  private static let maximumBytes = 1 << 18

  /// The table in the file at `path`.
  public init(file path: String) throws(RecipeFailure) {
    var reader = ConfigurationReader(try JSON(yamlFile: path, maxBytes: Self.maximumBytes))
    let base: JSON = reader.optional("base", "an object", default: .object([])) {
      $0.object == nil ? nil : $0
    }
    if base["seed"] != nil { reader.note("base: \(Self.seedProblem)") }
    seeds = reader.optional("seeds", "a list of different whole numbers from 0", default: [0]) {
      let seeds = ($0.array ?? []).compactMap(\.int).filter { $0 >= 0 }
      return seeds.count == $0.array?.count && Set(seeds).count == seeds.count && !seeds.isEmpty
        ? seeds : nil
    }
    let list: [JSON] =
      reader.require("rows", "a list of objects, each with a name of its own") { json in
        json.array.flatMap { $0.isEmpty ? nil : $0 }
      } ?? []
    var rows: [Row] = []
    for (number, json) in zip(1..., list) {
      guard let row = Row(json, number: number, &reader) else { continue }
      if let other = rows.first(where: { Self.folder(of: $0) == Self.folder(of: row) }) {
        reader.note(
          "row \(number), \(row.name): another is called \(other.name); expected a name of its own")
      }
      rows.append(row)
    }
    let names = Set(list.compactMap { $0["name"]?.string })
    for row in rows {
      for against in row.against where against == row.name || !names.contains(against) {
        reader.note(
          "\(row.name) is against \(quoted(against)); expected the name of another row")
      }
    }
    reader.finish()
    guard reader.problems.isEmpty else { throw .problems(path: path, reader.problems) }
    self.rows = rows
    self.base = Changes(base)
    self.path = path
  }

  /// Why a seed cannot stand beside other keys: each line has them all.
  fileprivate static let seedProblem =
    "seed is not a key of a table; give seeds, a list for all rows"

  /// The recipe that `row` names; `nil` where it names none.
  public func recipe(of row: Row) throws(RecipeFailure) -> Recipe? {
    guard let recipe = row.changes.recipe else { return nil }
    return try Recipe(in: recipe, path: "\(path), \(row.name)")
  }

  /// What all rows begin with, over the defaults; `recipe` takes the place of the one that `base` names.
  public func common(_ recipe: Recipe? = nil) throws(RecipeFailure) -> TrainingRequest {
    var request = TrainingRequest()
    let place = "\(path), base"
    if let recipe {
      request.recipe = recipe
    } else if let own = base.recipe {
      request.recipe = try Recipe(in: own, path: place)
    }
    return try request.changed(by: base.keys, path: place)
  }

  /// What is asked for in `row` with a seed, the rest, the recipe that it names among it, as in `common`.
  public func request(
    _ row: Row, seed: Int, over common: TrainingRequest
  ) throws(RecipeFailure) -> TrainingRequest {
    var request = try common.changed(by: row.changes.keys, path: "\(path), \(row.name)")
    request.recipe.seed = seed
    return request.canonical
  }

  /// The name of the folder of a row's run, below that of the matrix.
  public static func folder(of row: Row, seed: Int) -> String { "\(folder(of: row))-\(seed)" }

  private static func folder(of row: Row) -> String {
    String(row.name.lowercased().map { $0.isLetter || $0.isNumber || $0 == "." ? $0 : "-" })
  }
}

extension TrainingMatrix.Row {
  /// Reads a row; `nil` where something is wrong with it, which `problems` gets to know.
  fileprivate init?(_ json: JSON, number: Int, _ problems: inout ConfigurationReader) {
    guard json.object != nil else {
      problems.note("row \(number) is \(json.excerpt); expected an object with a name")
      return nil
    }
    var reader = ConfigurationReader(json)
    let name = reader.require("name", "a name with a letter or a digit that begins with no point") {
      $0.string.flatMap { name in
        name.contains(where: { $0.isLetter || $0.isNumber }) && name.first != "." ? name : nil
      }
    }
    paper = reader.optional("paper", "a number") { $0.double }
    against = reader.optional(
      "against", "the name of another row, or a list of different ones", default: []
    ) { json in
      let list = json.array ?? [json]
      let names = list.compactMap(\.string)
      return !names.isEmpty && Set(names).count == list.count ? names : nil
    }
    if json["seed"] != nil { reader.note(TrainingMatrix.seedProblem) }
    let subject = "row \(number)" + (name.map { ", \($0)" } ?? "")
    for problem in reader.problems { problems.note("\(subject): \(problem)") }
    guard let name, reader.problems.isEmpty else { return nil }
    self.name = name
    changes = TrainingMatrix.Changes(json, without: ["name", "paper", "against"])
  }
}

extension TrainingRequest {
  /// This request with other values for some of its own and of its recipe's keys, side by side.
  fileprivate func changed(by json: JSON, path: String) throws(RecipeFailure) -> TrainingRequest {
    var changed = self
    var reader = ConfigurationReader(json)
    changed.take(from: &reader)
    changed.recipe.take(from: &reader)
    reader.finish()
    guard reader.problems.isEmpty else { throw .problems(path: path, reader.problems) }
    return changed
  }
}

extension Recipe {
  /// The recipe that a table has at `path`: a name, a file, or the whole of it as a run's record has it.
  fileprivate init(in json: JSON, path: String) throws(RecipeFailure) {
    switch json {
    case .string(let name): try self.init(name)
    case .object: try self.init(json, path: "\(path), recipe")
    default:
      throw .problems(
        path: path, ["recipe is \(json.excerpt); expected a name, a file or an object"])
    }
  }
}
