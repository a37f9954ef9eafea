/// A table of trainings that are compared: rows of a YAML or JSON file, each trained with every seed.
///
///     base: {data: [camvid], steps: 4000}
///     seeds: [0, 1, 2]
///     rows:
///       - {name: SFPN, preset: sfpn-mobilenet_v2, paper: 47.14}
///       - {name: HFGD, guidance: full, paper: 50.76, against: SFPN}
///
/// `base` and rows have the keys of a ``TrainingRequest`` and of a ``Recipe``; a row's come last.
public struct TrainingMatrix: Sendable {
  /// A line of the table.
  public struct Row: Sendable {
    /// What people call it.
    public let name: String
    /// The value that the paper has for it, mean IoU in percent.
    public let paper: Double?
    /// The name of the row that it is compared with.
    public let against: String?
    fileprivate let changes: JSON
  }

  /// The lines.
  public let rows: [Row]
  /// The seeds that each line is trained with.
  public let seeds: [Int]
  private let path: String
  private let base: JSON

  private static let maximumBytes = 1 << 18

  /// The table in the file at `path`.
  public init(file path: String) throws(RecipeFailure) {
    var reader = ConfigurationReader(try JSON(yamlFile: path, maxBytes: Self.maximumBytes))
    base = reader.optional("base", "an object", default: .object([])) {
      $0.object == nil ? nil : $0
    }
    seeds = reader.optional("seeds", "a list of different whole numbers from 0", default: [0]) {
      let seeds = ($0.array ?? []).compactMap(\.int).filter { $0 >= 0 }
      return seeds.count == $0.array?.count && Set(seeds).count == seeds.count && !seeds.isEmpty
        ? seeds : nil
    }
    rows =
      reader.require("rows", "a list of objects, each with a name of its own") { json in
        let rows = (json.array ?? []).compactMap(Row.init)
        let folders = Set(rows.map { TrainingMatrix.folder(of: $0) })
        return rows.count == json.array?.count && folders.count == rows.count && !rows.isEmpty
          ? rows : nil
      } ?? []
    for row in rows {
      if let against = row.against,
        !rows.contains(where: { $0.name == against && $0.name != row.name })
      {
        reader.note(
          "\(row.name) is against \(quoted(against)); expected the name of another row")
      }
    }
    reader.finish()
    guard reader.problems.isEmpty else { throw .problems(path: path, reader.problems) }
    self.path = path
  }

  /// What all rows begin with, over the defaults.
  public func common() throws(RecipeFailure) -> TrainingRequest {
    try TrainingRequest().changed(by: base, path: "\(path), base")
  }

  /// What is asked for in `row` with a seed, the rest as in `common`.
  public func request(
    _ row: Row, seed: Int, over common: TrainingRequest
  ) throws(RecipeFailure) -> TrainingRequest {
    var request = try common.changed(by: row.changes, path: "\(path), \(row.name)")
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
  fileprivate init?(_ json: JSON) {
    guard let members = json.object, let name = json["name"]?.string,
      name.contains(where: { $0.isLetter || $0.isNumber }), name.first != "."
    else { return nil }
    self.name = name
    if let paper = json["paper"] {
      guard let value = paper.double else { return nil }
      self.paper = value
    } else {
      paper = nil
    }
    if let against = json["against"] {
      guard let row = against.string else { return nil }
      self.against = row
    } else {
      against = nil
    }
    changes = .object(members.filter { !["name", "paper", "against"].contains($0.key) })
  }
}

extension TrainingRequest {
  /// This request with other values for some of its own and of its recipe's keys, side by side; `recipe` names another
  /// recipe.
  func changed(by json: JSON, path: String) throws(RecipeFailure) -> TrainingRequest {
    var changed = self
    var reader = ConfigurationReader(json)
    if let name = reader.take("recipe") { changed.recipe = try Recipe(name.string ?? name.line) }
    changed.take(from: &reader)
    changed.recipe.take(from: &reader)
    reader.finish()
    guard reader.problems.isEmpty else { throw .problems(path: path, reader.problems) }
    return changed
  }
}
