extension Recipe {
  /// Every key of a recipe file, in the order of the documentation.
  public static let keys: [RecipeKey] = [
    RecipeKey(
      "name", \.name, .line, "a name for people; a file's own name where it has none", .ours),
    RecipeKey(
      "steps", \.steps, .whole(1...10_000_000),
      "updates of the weights; 30 000 for ResNet-50, 40 000 for larger backbones", .paper),
    RecipeKey(
      "batch", \.batch, .whole(1...4096), "samples of a step, over all processes", .paper),
    RecipeKey(
      "crop", \.crop, .size(32...8192),
      "what is cut out of a sample, in pixels; 32k + 1 keeps all grids aligned", .paper),
    RecipeKey(
      "seed", \.seed, .whole(0...Int.max),
      "what order, augmentation and initial weights follow from", .authors),
    RecipeKey(
      "validate_every", \.validateEvery, .whole(0...10_000_000),
      "steps between validations; 0: only at the end", .ours),
    RecipeKey(
      "checkpoint_every", \.checkpointEvery, .whole(0...10_000_000),
      "steps between saved checkpoints; 0: only at the end", .ours),

    RecipeKey("optimizer", \.optimizer, .choice, "`sgd` or `adamw`", .paper),
    RecipeKey(
      "learning_rate", \.learningRate, .number(0...100), "at the start, after the warm-up", .paper),
    RecipeKey(
      "power", \.power, .number(0...10), "of the decay (1 − step / steps)^power to 0", .authors),
    RecipeKey(
      "warm_up", \.warmUp, .whole(0...10_000_000),
      "steps in which the learning rate rises from 0 in a line", .authors),
    RecipeKey(
      "head_rate", \.headRate, .number(0...1000),
      "factor on the learning rate of all but the backbone", .authors),
    RecipeKey(
      "momentum", \.momentum, .number(0...0.9999), "of `sgd`, not Nesterov's", .authors),
    RecipeKey(
      "betas", \.betas, .numbers(0...0.999999, count: 2),
      "of `adamw`: decay of the first and second moment", .authors),
    RecipeKey(
      "epsilon", \.epsilon, .number(1e-12...1), "of `adamw`: Keras' default", .authors),
    RecipeKey(
      "weight_decay", \.weightDecay, .number(0...1),
      "λ; `sgd` adds λw to the gradient, `adamw` takes lr·λw off the weight", .paper),
    RecipeKey(
      "weight_decay_scope", \.weightDecayScope, .choice,
      "`kernels`: all kernels and the tokens; `authors`: 2λ on context and tokens alone", .paper),
    RecipeKey(
      "clip_norm", \.clipNorm, .optional(.number(1e-6...1e6)),
      "largest gradient norm of each branch on its own; null: no clipping", .authors),
    RecipeKey(
      "batch_norm_momentum", \.batchNormMomentum, .optional(.number(0...1)),
      "share of a batch in the running statistics; null: 0.0003 from 30 000 steps on, else 0.01",
      .authors),

    RecipeKey(
      "scales", \.augmentation.scales, .numbers(0.05...16),
      "factors of which one is drawn for each sample", .authors),
    RecipeKey(
      "contrast", \.augmentation.contrast, .number(0...1),
      "factor drawn from 1 ± this; 0: off", .authors),
    RecipeKey(
      "saturation", \.augmentation.saturation, .number(0...1),
      "factor drawn from 1 ± this; 0: off", .authors),
    RecipeKey(
      "brightness", \.augmentation.brightness, .number(0...255),
      "shift drawn from ± this, in 0…255; 0: off", .authors),
    RecipeKey(
      "contrast_probability", \.augmentation.contrastProbability, .number(0...1),
      "how often contrast changes", .authors),
    RecipeKey(
      "saturation_probability", \.augmentation.saturationProbability, .number(0...1),
      "how often saturation changes", .authors),
    RecipeKey(
      "brightness_probability", \.augmentation.brightnessProbability, .number(0...1),
      "how often brightness changes", .authors),
    RecipeKey(
      "flip_probability", \.augmentation.flipProbability, .number(0...1),
      "how often a sample is mirrored left to right", .authors),

    RecipeKey(
      "teacher_loss", \.loss.teacher, .number(0...1000),
      "weight of the teacher's cross entropy", .ours),
    RecipeKey(
      "student_loss", \.loss.student, .number(0...1000),
      "weight of each student's cross entropy", .ours),
    RecipeKey(
      "auxiliary_loss", \.loss.auxiliary, .number(0...1000),
      "weight of the auxiliary head's cross entropy (§5.1)", .ours),
    RecipeKey(
      "guess_loss", \.loss.guess, .number(0...1000),
      "weight of the cross entropy of OCR's first guess", .ours),
    RecipeKey(
      "loss_mean", \.loss.mean, .choice,
      "over `all_pixels`, as the authors, or over the `valid_pixels`", .authors),
    RecipeKey(
      "car_intra", \.loss.carIntra, .number(0...1000),
      "weight of CAR's term within classes, on cae and sa_car", .authors),
    RecipeKey(
      "car_intra_form", \.loss.carIntraForm, .choice,
      "`squared_mean`: the mean distance, squared, as the authors; `mean_square`: the mean of squares",
      .authors),
    RecipeKey(
      "car_inter", \.loss.carInter, .number(0...1000),
      "weight of CAR's two terms between classes", .authors),
    RecipeKey(
      "car_includes_ignored", \.loss.carIncludesIgnored, .flag,
      "whether the last of them counts ignored pixels, as the authors", .authors),
    RecipeKey(
      "focal_gamma", \.loss.focalGamma, .number(0...10),
      "γ of focal loss (arXiv:1708.02002); 0: cross entropy", .ours),
    RecipeKey(
      "dice", \.loss.dice, .number(0...1000), "weight of Dice loss (arXiv:1606.04797); 0: off",
      .ours),
    RecipeKey(
      "stop_gradients", \.stopsGradients, .flag,
      "whether the paper's stop-gradients stand; false: its ablation", .paper),
    RecipeKey(
      "stop_auxiliary", \.stopsAuxiliary, .flag,
      "whether the auxiliary head's gradients stop before the backbone (§5.1)", .paper),
  ]

  /// The whole recipe, every key with its value: what a checkpoint holds.
  public var json: JSON {
    .object(Self.keys.map { JSON.Member($0.name, $0.value(self)) })
  }

  /// The keys as a table in Markdown, with the values of the known recipes.
  public static var table: String {
    func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
    let head = ["key"] + known.map(\.name) + ["meaning", "source"]
    return row(head) + row(head.map { _ in "---" })
      + keys.map { key in
        row(
          ["`\(key.name)`"] + known.map { key.value($0).string ?? key.value($0).text }
            + [key.meaning, key.source.rawValue])
      }.joined()
  }
}
