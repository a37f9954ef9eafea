import ArgumentParser
import Core

/// What to train, on what and how: the parts of a ``TrainingRequest`` as options.
struct TrainingOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The folder or tar archive of a data set; may be given repeatedly.", valueName: "data"),
    completion: .directory)
  var data: [String] = []

  @OptionGroup var kind: DataSetKindOptions

  @Option(name: .long, help: "The part to train on (default: train).")
  var split: String?

  @Option(
    name: .long,
    help:
      "The part of the first data set to validate on, or none (default: val where there is one).")
  var valSplit: String?

  @Option(
    name: .long,
    help: "The model, a name that hfgd models lists (default: \(TrainingRequest().preset)).",
    completion: .list(ModelConfiguration.presets.map(\.name)))
  var preset: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Start from this checkpoint's model and weights; a second student may be new.",
      valueName: "checkpoint"),
    completion: .file(extensions: ["safetensors"]))
  var from: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Weights of the backbone, of any library and format (default: random).",
      valueName: "file"),
    completion: .file(extensions: ["safetensors"]))
  var weights: String?

  @Option(
    name: .long,
    help:
      "The ablation: tokens is without axial attention, axial without teacher, unstopped without stop-gradients."
  )
  var guidance: Guidance?

  @Option(name: .long, help: "Another context than the model's.")
  var context: ModelConfiguration.ContextKind?

  @Option(name: .long, help: "Another upsampler than the model's.")
  var upsampler: ModelConfiguration.UpsamplerKind?

  @Flag(name: .long, help: "Train a second student at output stride 2 beside the first.")
  var refine = false

  @Flag(
    name: .long,
    help: "Train that second student alone, on the model of --from; nothing else moves.")
  var refineAlone = false

  @Flag(name: .long, help: "Less memory for a little more time.")
  var recompute = false

  @OptionGroup var recipe: RecipeOptions

  /// What is asked for, the rest as in `base`.
  func request(over base: TrainingRequest = TrainingRequest()) throws -> TrainingRequest {
    var base = base
    base.recipe = try recipe.named() ?? base.recipe
    return try changed(base)
  }

  /// `base` with all that is asked for but the name of a recipe.
  func changed(_ base: TrainingRequest) throws -> TrainingRequest {
    var request = base
    if !data.isEmpty { request.data = data }
    request.kind = kind.dataset ?? request.kind
    request.split = split ?? request.split
    request.validationSplit = valSplit ?? request.validationSplit
    request.ignoreIndex = kind.ignoreIndex ?? request.ignoreIndex
    request.reducesZeroLabel = kind.reduceZeroLabel ?? request.reducesZeroLabel
    request.preset = preset ?? request.preset
    request.from = from ?? request.from
    request.weights = weights ?? request.weights
    request.guidance = guidance ?? request.guidance
    request.context = context ?? request.context
    request.upsampler = upsampler ?? request.upsampler
    request.isRefiningAlone = refineAlone || request.isRefiningAlone
    request.isRefining = refine || request.isRefining
    request.isRecomputing = recompute || request.isRecomputing
    request.recipe = try recipe.changed(request.recipe)
    return request.canonical
  }
}

/// How to train: a recipe and changes to it.
struct RecipeOptions: ParsableArguments {
  @Option(
    name: .long,
    help: "The recipe: plain, advanced, or a YAML or JSON file (default: plain).",
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var recipe: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Another value for a key of the recipe (docs/training.md lists them); may be given repeatedly.",
      valueName: "key=value"))
  var set: [RecipeChange] = []

  @Option(name: .long, help: "Updates of the weights.")
  var steps: String?

  @Option(name: .long, help: "Samples of a step.")
  var batch: String?

  @Option(name: .long, help: ArgumentHelp("What is cut out of a sample.", valueName: "wxh"))
  var crop: String?

  @Option(name: .long, help: "The learning rate at the start.")
  var learningRate: String?

  @Option(name: .long, help: "What order, augmentation and initial weights follow from.")
  var seed: String?

  @Option(name: .long, help: "Steps between validations; 0: only at the end.")
  var validateEvery: String?

  @Option(name: .long, help: "Steps between saved checkpoints; 0: only at the end.")
  var checkpointEvery: String?

  /// Whether a seed is among the changes.
  var hasSeed: Bool { seed != nil || set.contains { $0.key == "seed" } }

  /// The recipe that is named; `nil` where none is.
  func named() throws -> Recipe? {
    guard let recipe else { return nil }
    do throws(RecipeFailure) { return try Recipe(recipe) } catch {
      throw CommandFailure(.usage, error.description)
    }
  }

  /// `base` with the changes that are asked for.
  func changed(_ base: Recipe) throws -> Recipe {
    let flags = [
      ("steps", steps), ("batch", batch), ("crop", crop), ("learning_rate", learningRate),
      ("seed", seed), ("validate_every", validateEvery), ("checkpoint_every", checkpointEvery),
    ].compactMap { key, value in value.map { (key: key, value: $0) } }
    do throws(RecipeFailure) {
      return try base.changed(by: set.map { ($0.key, $0.value) } + flags)
    } catch {
      throw CommandFailure(.usage, error.description)
    }
  }
}

/// `key=value`.
struct RecipeChange: ExpressibleByArgument {
  let key, value: String

  init?(argument: String) {
    guard let sign = argument.firstIndex(of: "="), sign > argument.startIndex else { return nil }
    key = String(argument[..<sign])
    value = String(argument[argument.index(after: sign)...])
  }
}

extension Guidance: ExpressibleByArgument {}
extension ModelConfiguration.ContextKind: ExpressibleByArgument {}
extension ModelConfiguration.UpsamplerKind: ExpressibleByArgument {}
