import TestSupport
import Testing

@testable import Core

@Suite("Recipes")
struct RecipeTests {
  private let folder = TemporaryFolder()

  private func recipe(_ text: String) throws -> Recipe {
    let path = folder.path("short.yaml")
    try AtomicFile.write(Array(text.utf8), to: path)
    return try Recipe(file: path)
  }

  private func problems(_ text: String) -> [String] {
    RecipeFailure.problems { _ = try recipe(text) }
  }

  /// §7.1's table.
  @Test func knownRecipesAreThePapers() throws {
    let plain = try Recipe("plain")
    #expect(plain.optimizer == .sgd && plain.learningRate == 0.01 && plain.weightDecay == 1e-4)
    #expect(plain.momentum == 0.9 && plain.power == 0.9 && plain.warmUp == 0)
    #expect(plain.batch == 16 && plain.steps == 30_000 && plain.runningMomentum == 0.0003)
    #expect(plain.augmentation.contrast == 0 && plain.augmentation.brightness == 32)
    let advanced = try Recipe("advanced")
    #expect(advanced.optimizer == .adamw && advanced.learningRate == 4e-5)
    #expect(advanced.betas == [0.9, 0.999] && advanced.epsilon == 1e-7)
    #expect(advanced.weightDecay == 0.05 && advanced.augmentation.contrast == 0.5)
  }

  @Test func filesChangeSomeKeys() throws {
    let recipe = try recipe(
      """
      base: advanced     # AdamW
      steps: 2000
      crop: 257x129
      learning_rate: 1e-3
      scales: [0.5, 1]
      clip_norm: 5
      loss_mean: valid_pixels
      stop_gradients: false
      """)
    var expected = Recipe.advanced
    expected.name = "short"
    expected.steps = 2000
    expected.crop = Recipe.Crop(width: 257, height: 129)
    expected.learningRate = 1e-3
    expected.augmentation.scales = [0.5, 1]
    expected.clipNorm = 5
    expected.loss.mean = .validPixels
    expected.stopsGradients = false
    #expect(recipe == expected)
    #expect(recipe.runningMomentum == 0.01)
  }

  @Test func jsonIsAFileToo() throws {
    #expect(
      try recipe("{\n\t\"name\": \"mine\",\n\t\"batch\": 8, \"scales\": [1.0]\n}").batch == 8)
    #expect(try recipe("").optimizer == .sgd)
  }

  @Test func everyProblemIsNamedAtOnce() throws {
    #expect(
      problems(
        """
        base: fancy
        optimizer: adam
        steps: 1.5
        betas: [0.9]
        car_includes_ignored: yes
        warm_up: 30000
        lerning_rate: 0.1
        """) == [
          "base is \"fancy\"; expected one of plain, advanced",
          "steps is 1.5; expected a whole number from 1 to 10000000",
          "optimizer is \"adam\"; expected one of sgd, adamw",
          "betas is a list; expected a list of 2 numbers from 0 to 0.999999",
          "car_includes_ignored is \"yes\"; expected true or false",
          "warm_up is 30000; expected fewer than steps, 30000",
          "lerning_rate is not a key of the configuration",
        ])
    #expect(throws: RecipeFailure.self) { try Recipe("no/such/recipe") }
  }

  @Test func brokenFilesAreToldByTheirLine() {
    #expect(problems("steps: 5\nsteps: 6").first?.contains("\"steps\" stands there twice") == true)
    #expect(problems("a: b: c").first?.contains("line 1: ") == true)
    #expect(problems("- steps").first == "the configuration is a list, not an object")
    // A few aliases that would become a thousand million values.
    let letters = ["a", "b", "c", "d", "e", "f", "g", "h", "i"]
    let bomb = zip(letters, letters.dropFirst()).reduce("a: &a [0,0,0,0,0,0,0,0,0,0]\n") {
      $0 + "\($1.1): &\($1.1) [" + repeatElement("*\($1.0)", count: 10).joined(separator: ",")
        + "]\n"
    }
    #expect(problems(bomb).first?.contains("too many values") == true)
  }

  @Test func commandLinesChangeRecipes() throws {
    let changed = try Recipe.plain.changed(by: [("steps", "10"), ("scales", "[1]")])
    #expect(changed.steps == 10 && changed.augmentation.scales == [1])
    #expect(throws: RecipeFailure.self) { try Recipe.plain.changed(by: [("stepz", "10")]) }
    #expect(throws: RecipeFailure.self) { try Recipe.plain.changed(by: [("steps", "[")]) }
  }

  @Test func theWholeReturnsFromJSON() throws {
    var recipe = Recipe.advanced
    recipe.name = "α \"β\""
    recipe.batchNormMomentum = 0.1
    recipe.learningRate = 1.0 / 3
    recipe.seed = Int.max
    recipe.weightDecayScope = .authors
    for recipe in [recipe, .plain] {
      #expect(try Recipe(JSON(recipe.json.text), path: "checkpoint") == recipe)
      #expect(recipe.json.object?.count == Recipe.keys.count)
    }
  }

  /// `docs/training.md` has the table of keys as it is.
  @Test func documentationListsTheKeys() throws {
    let bytes = try FileBytes.read(TestFiles.package + "/docs/training.md", maxBytes: 1 << 20)
    #expect(String(decoding: bytes, as: UTF8.self).contains(Recipe.table))
  }

  @Test func decayActsInItsScope() {
    func tensor(_ name: String, _ role: TensorRole) -> TensorRequest {
      TensorRequest(name: name, shape: [1], role: role)
    }
    var recipe = Recipe.plain
    let backbone = tensor("backbone.features.0.0.weight", .kernel)
    let tokens = tensor("tokens.weight", .kernel)
    #expect(recipe.decay(of: backbone) == 1e-4 && recipe.decay(of: tokens) == 1e-4)
    #expect(recipe.decay(of: tensor("tokens.bias", .bias)) == 0)
    #expect(recipe.decay(of: tensor("context.conv.bn.weight", .normWeight)) == 0)
    recipe.weightDecayScope = .authors
    #expect(recipe.decay(of: backbone) == 0 && recipe.decay(of: tokens) == 2e-4)
    #expect(recipe.decay(of: tensor("context.conv.conv.weight", .kernel)) == 2e-4)
    #expect(recipe.decay(of: tensor("upsampler.end.conv.weight", .kernel)) == 0)
    recipe.headRate = 10
    #expect(recipe.rateFactor(of: backbone) == 1 && recipe.rateFactor(of: tokens) == 10)
  }

  /// The authors' AdamW leaves out the patch embedding of transformers; a convolution's stem decays (spec §7.2).
  @Test func adamWSparesPatchEmbeddings() throws {
    for (preset, stem, isSpared) in [
      ("sfpn-swin_tiny", "backbone.patch_embed.proj.weight", true),
      ("segvit-vit_base", "backbone.patch_embed.proj.weight", true),
      ("sfpn-convnext_tiny", "backbone.stem.0.weight", false),
    ] {
      let configuration = try #require(ModelConfiguration.preset(named: preset))
      let tensor = try #require(configuration.tensors.first(where: { $0.name == stem }))
      #expect(Recipe.plain.decay(of: tensor) == 1e-4, "\(preset)")
      #expect(Recipe.advanced.decay(of: tensor) == (isSpared ? 0 : 0.05), "\(preset)")
    }
  }
}

extension RecipeFailure {
  /// All that is wrong with what `read` reads; nothing where it is read.
  static func problems(_ read: () throws -> Void) -> [String] {
    do {
      try read()
      return []
    } catch {
      guard case .problems(_, let problems)? = error as? RecipeFailure else { return ["\(error)"] }
      return problems
    }
  }
}
