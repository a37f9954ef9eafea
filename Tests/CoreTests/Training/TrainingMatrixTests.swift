import TestSupport
import Testing

@testable import Core

@Suite("Tables of trainings")
struct TrainingMatrixTests {
  private let folder = TemporaryFolder()

  private func matrix(_ text: String) throws -> TrainingMatrix {
    let path = folder.path("table.yaml")
    try AtomicFile.write(Array(text.utf8), to: path)
    return try TrainingMatrix(file: path)
  }

  private func problems(_ text: String) -> [String] {
    RecipeFailure.problems { _ = try matrix(text) }
  }

  /// The last recipe that is named is what base, flags and row change, in this order.
  @Test func recipesAreChangedByAllKeys() throws {
    let matrix = try matrix(
      """
      base: {recipe: plain, steps: 500, batch: 2, warm_up: 10}
      seeds: [3]
      rows:
        - {name: a, batch: 4}
        - {name: b, recipe: advanced, warm_up: 20}
        - {name: c, recipe: {optimizer: adamw, seed: 9, power: 1}}
      """)
    let recipes = try matrix.rows.map { row in
      var common = try matrix.common(try matrix.recipe(of: row))
      common.recipe.augmentation.brightness = 1  // As a flag would.
      return try matrix.request(row, seed: matrix.seeds[0], over: common).recipe
    }
    var first = Recipe.plain
    (first.steps, first.batch, first.warmUp, first.seed) = (500, 4, 10, 3)
    first.augmentation.brightness = 1
    #expect(recipes[0] == first)
    var second = Recipe.advanced
    (second.steps, second.batch, second.warmUp, second.seed) = (500, 2, 20, 3)
    second.augmentation.brightness = 1
    #expect(recipes[1] == second)
    var third = Recipe.plain
    (third.steps, third.batch, third.warmUp, third.seed) = (500, 2, 10, 3)
    third.augmentation.brightness = 1
    third.optimizer = .adamw
    third.power = 1
    #expect(recipes[2] == third)
  }

  @Test func everyProblemNamesItsRow() {
    #expect(
      problems(
        """
        base: {seed: 1}
        rows:
          - {name: a, paper: high, against: 1}
          - {name: ".b"}
          - c
          - {name: d, seed: 2}
          - {name: e}
          - {name: E, against: f}
          - {name: g, against: [e, g, h]}
          - {name: h, against: [e, e]}
          - {name: i, against: []}
        """) == [
          "base: seed is not a key of a table; give seeds, a list for all rows",
          "row 1, a: paper is \"high\"; expected a number",
          "row 1, a: against is 1; expected the name of another row, or a list of different ones",
          "row 2: name is \".b\"; expected a name with a letter or a digit that begins with no point",
          "row 3 is \"c\"; expected an object with a name",
          "row 4, d: seed is not a key of a table; give seeds, a list for all rows",
          "row 6, E: another is called e; expected a name of its own",
          "row 8, h: against is a list; expected the name of another row, or a list of different ones",
          "row 9, i: against is a list; expected the name of another row, or a list of different ones",
          "E is against \"f\"; expected the name of another row",
          "g is against \"g\"; expected the name of another row",
        ])
  }

  /// A row is compared with none, with one, or with several.
  @Test func againstIsANameOrAList() throws {
    let matrix = try matrix("rows: [{name: a}, {name: b, against: a}, {name: c, against: [b, a]}]")
    #expect(matrix.rows.map(\.against) == [[], ["a"], ["b", "a"]])
  }

  /// What does not go together is told before anything is opened, whoever gave the keys.
  @Test func keysThatExcludeEachOther() {
    func problems(_ change: (inout TrainingRequest) -> Void) -> [String] {
      var request = TrainingRequest()
      request.data = ["nowhere"]
      change(&request)
      do {
        _ = try request.plan()
        return []
      } catch {
        guard case .conflicts(let problems) = error else { return ["\(error)"] }
        return problems
      }
    }
    let all = problems { request in
      request.from = "a.safetensors"
      request.preset = "sfpn-mobilenet_v2"
      request.weights = "b.safetensors"
    }
    #expect(
      all == [
        "from brings its own model; leave out preset",
        "from brings its own weights; leave out weights",
      ])
    let alone = problems { $0.isRefiningAlone = true }
    #expect(alone == ["refine_alone builds on a trained model; give it by from"])
    let neither = problems { $0.from = "a.safetensors" }
    #expect(neither.count == 1 && neither[0].contains("a.safetensors"))
  }
}
