/// How a model came to be, as its checkpoint says: nothing in it depends on when or how often a run was interrupted.
public struct TrainingDescription: Sendable, Equatable {
  /// The recipe.
  public let recipe: Recipe
  /// The data for people, such as "camvid train", and the number of samples.
  public let data: String
  /// Samples that are trained on.
  public let samples: Int
  /// Where the first weights came from.
  public let start: String

  /// A description from its parts.
  public init(recipe: Recipe, data: String, samples: Int, start: String) {
    self.recipe = recipe
    self.data = data
    self.samples = samples
    self.start = start
  }

  /// The object `training` of a checkpoint after `step` updates.
  func json(step: Int, validated: Int, best: BestValidation?) -> JSON {
    var members = [
      JSON.Member("step", .int(step)), JSON.Member("validated", .int(validated)),
      JSON.Member("data", .string(data)),
      JSON.Member("samples", .int(samples)), JSON.Member("start", .string(start)),
    ]
    if let best {
      members.append(
        JSON.Member(
          "best",
          .object([
            JSON.Member("step", .int(best.step)), JSON.Member("mIoU", .number("\(best.meanIoU)")),
          ])))
    }
    members.append(JSON.Member("recipe", recipe.json))
    return .object(members)
  }
}
