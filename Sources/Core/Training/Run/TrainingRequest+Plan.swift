extension TrainingRequest {
  /// Opens the data sets and the starting weights, and settles what the model is made of.
  ///
  /// Names, colours and ignore index of the classes are those of the first data set.
  public func plan() throws(TrainingFailure) -> TrainingPlan {
    let conflicts = conflicts
    guard conflicts.isEmpty else { throw .conflicts(conflicts) }
    let checkpoint = try self.checkpoint()
    var (configuration, recipe) = try model(checkpoint)
    let training = try trainingData(classes: checkpoint?.configuration.classTable)
    guard let classes = training.classes else {
      throw .dataSet(.unnamedClasses(path: training.root))
    }
    if let checkpoint, checkpoint.configuration.classes != classes.names {
      throw .data(
        "\(checkpoint.path) tells other classes apart than \(training.root); "
          + "start from a checkpoint of the same classes, or from a preset")
    }
    configuration.classes = classes.names
    configuration.palette = classes.palette
    configuration.ignoreIndex = training.ignoreIndex
    let problems = configuration.contradictions
    guard problems.isEmpty else { throw .contradictions(name: configuration.name, problems) }
    let (start, name, files) = try start(of: configuration, checkpoint, seed: recipe.seed)
    var plan = TrainingPlan(
      configuration, recipe, training: training, validation: try validationData(classes),
      start: start, startName: name)
    plan.startFiles = files
    plan.isRecomputing = isRecomputing
    plan.part = isRefiningAlone ? .refinement : .whole
    return plan
  }

  /// What of the keys does not go together, whoever gave them: a sentence with the remedy for each.
  private var conflicts: [String] {
    // The default preset is as good as none: a run's record always has one.
    let hasPreset = preset != TrainingRequest().preset
    let rules = [
      (from != nil && hasPreset, "from brings its own model; leave out preset"),
      (from != nil && weights != nil, "from brings its own weights; leave out weights"),
      (isRefiningAlone && from == nil, "refine_alone builds on a trained model; give it by from"),
    ]
    return rules.filter(\.0).map(\.1)
  }

  private func checkpoint() throws(TrainingFailure) -> Checkpoint? {
    guard let from else { return nil }
    do { return try Checkpoint(path: from) } catch { throw .checkpoint(error) }
  }

  /// The model and the recipe, the ablations applied; its classes are not settled yet.
  private func model(_ checkpoint: Checkpoint?) throws(TrainingFailure)
    -> (ModelConfiguration, Recipe)
  {
    guard
      let original = checkpoint?.configuration ?? ModelConfiguration.preset(named: preset)
    else { throw .unknownPreset(name: preset) }
    var (configuration, recipe) = (original, recipe)
    if let context { configuration.context = context }
    if let upsampler {
      configuration.upsampler = upsampler
      let strides = upsampler.row?.strides ?? [configuration.backboneStride]
      if !strides.contains(original.outputStride) { configuration.outputStride = strides[0] }
    }
    // A checkpoint's weights are as they are; a preset becomes what the name of its new parts says.
    if checkpoint == nil {
      if original.width == original.usualWidth { configuration.width = configuration.usualWidth }
      configuration.fitQueries(toCropsOf: max(recipe.crop.width, recipe.crop.height))
    }
    if isRefining || isRefiningAlone { configuration.refineStride = 2 }
    guidance?.apply(to: &configuration, &recipe)
    let changes = [
      guidance.flatMap { $0 == .full && original.isGuided ? nil : $0.rawValue },
      original.context == configuration.context ? nil : "context_\(configuration.context.rawValue)",
      original.upsampler == configuration.upsampler ? nil : configuration.upsampler.rawValue,
      original.refineStride == configuration.refineStride ? nil : "refined",
    ].compactMap { $0 }
    configuration.name = ([original.name] + changes).joined(separator: "-")
    return (configuration, recipe)
  }

  /// The first weights, their name for people, and the files that they are read from.
  private func start(
    of configuration: ModelConfiguration, _ checkpoint: Checkpoint?, seed: Int
  ) throws(TrainingFailure) -> (any WeightSource, String, [String]) {
    do {
      if let checkpoint {
        return (
          try ContinuedWeights(checkpoint, for: configuration, seed: seed),
          checkpoint.path.fileName, checkpoint.file.files
        )
      }
      guard let weights else { return (InitialWeights(seed: seed), "random", []) }
      let file = try TensorFile(path: weights)
      return (
        try InitialWeights(seed: seed, backbone: file, for: configuration),
        weights.fileName, file.files
      )
    } catch let failure as CheckpointFailure {
      throw .checkpoint(failure)
    } catch {
      throw .backbone("\(error)")
    }
  }

  private func trainingData(classes: ClassTable?) throws(TrainingFailure) -> DataSet {
    precondition(!data.isEmpty, "a training needs data")
    do {
      var joined = try open(data[0], split, classes)
      for path in data.dropFirst() {
        joined = try joined.joined(with: try open(path, split, joined.classes))
      }
      return joined
    } catch {
      throw .dataSet(error)
    }
  }

  /// The pictures to validate on; `nil` where there are none and none were asked for.
  private func validationData(_ classes: ClassTable) throws(TrainingFailure) -> DataSet? {
    if validationSplit == Self.noSplit { return nil }
    do {
      return try open(data[0], validationSplit ?? "val", classes)
    } catch {
      if validationSplit == nil, case .noSplit = error { return nil }
      throw .dataSet(error)
    }
  }

  private func open(
    _ path: String, _ split: String, _ classes: ClassTable?
  ) throws(DataSetFailure) -> DataSet {
    try DataSet(
      path: path,
      DataSetRequest(
        kind: kind, split: split,
        encoding: LabelEncoding.Changes(
          ignoreIndex: ignoreIndex, reduceZeroLabel: reducesZeroLabel),
        classes: classes))
  }
}
